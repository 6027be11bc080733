import { MillraceError } from '../../base/kernel/index.ts'
import { type DatabaseReader, type DatabaseTable, SOURCE_KINDS } from '../../data/connect/index.ts'
import type { LoadOptions } from './load-table.ts'

/**
 * Connects to the database of a table.
 * @throws MillraceError CONNECTION_UNKNOWN, SECRET_MISSING, OPTION_INVALID when it is no database (or not of the stated
 *   format), CONNECTION_FAILED, CONNECTION_DENIED
 */
export async function openDatabase(options: LoadOptions<DatabaseTable>): Promise<DatabaseReader> {
  const { table, dir, connections, environment = {}, signal } = options
  if (!connections) {
    throw new MillraceError('CONNECTION_UNKNOWN', `loading ${table.name}: there are no connections`, { at: table.at })
  }
  const { kind: found, options: stated } = connections(table.connection)
  const databases = SOURCE_KINDS.filter((kind) => kind.reads === 'rows')
  const kind = databases.find(({ name }) => name === found)
  if (!kind || (table.kind && table.kind !== kind)) {
    const wanted = table.kind ? [table.kind.name] : databases.map(({ name }) => name)
    throw new MillraceError(
      'OPTION_INVALID',
      `loading ${table.name}: the connection "${table.connection}" is of kind ${found}, not ${wanted.join(' or ')}`,
      { at: table.at, hint: 'Name another connection, or mend `kind` of this one in millrace.yml.' },
    )
  }
  const context = { connection: table.connection, dir, environment, ...(signal ? { signal } : {}) }
  return await kind.open(stated as never, context)
}
