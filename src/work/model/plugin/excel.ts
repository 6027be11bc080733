import { isAbsolute, join as joinPath } from 'node:path'
import { asMillraceError, MillraceError } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import type { FilePlugin } from './file-plugin.ts'

/**
 * Sheets of Excel, by DuckDB's extension: `external_location`, and `sheet_name` (the first sheet unless told). A column
 * of whole numbers without gaps is BIGINT, as it is in pandas, with which dbt-duckdb reads sheets.
 */
export const excel: FilePlugin = {
  materialization: 'table',
  load: async ({ name, file, settings, location }, { connection, dir }) => {
    if (location === undefined) {
      throw new MillraceError('MODEL_INVALID', `the source ${name} of the plugin excel has no external_location`, {
        at: { file },
        hint: 'Name the file: meta: { plugin: excel, external_location: "raw/orders.xlsx" }.',
      })
    }
    await loadExtension(connection)
    const plain = location.replace(/^'(.*)'$/s, '$1')
    const path = /^[\w+.-]+:\/\//.test(plain) || isAbsolute(plain) ? plain : joinPath(dir, plain)
    const rows = sql`read_xlsx(${literal(path)}, header => true${sheetOf(name, file, settings['sheet_name'])})`
    return wholeNumbers(connection, rows)
  },
}

function sheetOf(name: string, file: string, sheet: unknown): Sql {
  if (sheet === undefined || sheet === null || sheet === 0) return sql``
  if (typeof sheet === 'string') return sql`, sheet => ${literal(sheet)}`
  throw new MillraceError('MODEL_INVALID', `the source ${name}: sheet_name is ${JSON.stringify(sheet)}`, {
    at: { file },
    hint: 'Give the name of one sheet as text; without one the first is read.',
  })
}

async function loadExtension(connection: EngineConnection): Promise<void> {
  try {
    await connection.execute(sql`load excel`)
  } catch (thrown) {
    throw new MillraceError('EXTENSION_MISSING', `reading Excel: ${asMillraceError(thrown).message}`, {
      cause: thrown,
      hint: "Put DuckDB's extension excel into the profile's `settings: { extension_directory: … }`, under v1.5.5/<platform>/; PyPI has it as duckdb-extension-excel.",
      data: { extension: 'excel' },
    })
  }
}

/** Every number of a sheet is a DOUBLE. */
async function wholeNumbers(connection: EngineConnection, rows: Sql): Promise<Sql> {
  const { fields } = await connection.describe(sql`select * from ${rows}`)
  const doubles = fields.filter(({ type }) => type.kind === 'double').map((field) => field.name)
  if (doubles.length === 0) return rows
  const whole = doubles.map((name, at) => {
    const column = id(name)
    return sql`coalesce(count(*) = count(${column}) and bool_and(${column} = trunc(${column}) and abs(${column}) < 9e15), false) as ${id(`c${at}`)}`
  })
  const [found = {}] = await connection.rows<Record<string, boolean>>(sql`select ${join(whole)} from ${rows}`)
  const cast = doubles.filter((_, at) => found[`c${at}`] === true)
  if (cast.length === 0) return rows
  const replaced = cast.map((name) => sql`cast(${id(name)} as bigint) as ${id(name)}`)
  return sql`(select * replace (${join(replaced)}) from ${rows})`
}
