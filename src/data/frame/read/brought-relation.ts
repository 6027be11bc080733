import { type Field, MillraceError, newId, type Schema, sqlTypeName, storedType } from '../../../base/kernel/index.ts'
import { id, join, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { type Engine, type EngineConnection, moveRows } from '../../engine/index.ts'
import type { Relation } from '../compile/compile.ts'
import type { Leaf } from '../plan.ts'
import type { FrameSession } from '../session.ts'

type Read = Extract<Leaf, { op: 'read' }>

/** The engine that reads and writes files. @throws MillraceError ENGINE_UNSUPPORTED */
export function lakeOf({ engine, lake }: FrameSession): Engine {
  const found = engine.files ? engine : lake
  if (found?.files) return found
  throw new MillraceError('ENGINE_UNSUPPORTED', `reading or writing files beside the engine ${engine.name}`, {
    hint: 'Give the session a DuckDB for it: await frameSession({ engine, lake: await openDuckDb() }).',
  })
}

/**
 * What files hold, as a temporary table of an engine that reads none; it goes with the connection. Numbers that the
 * engine holds in a wider type come back as that type.
 * @throws MillraceError TYPE_UNSUPPORTED naming the column, ENGINE_UNSUPPORTED, and those of reading
 */
export async function broughtRelation(
  leaf: Read,
  session: FrameSession,
  connection: EngineConnection,
  relationOf: (leaf: Read, session: FrameSession, connection: EngineConnection) => Promise<Relation>,
): Promise<Relation> {
  await using reading = await lakeOf(session).connect()
  const found = await relationOf(leaf, session, reading)
  const table = id(`millrace_read_${newId().toLowerCase()}`)
  const fields = found.schema.fields.map(storedField)
  await connection.execute(sql`create temporary table ${table} (${columnsOf({ fields }, 'postgres')})`)
  await moveRows(sql`select * from ${found.sql} as found`, reading, connection, table)
  // Without it the planner knows nothing of the rows.
  await connection.execute(sql`analyze ${table}`)
  return { sql: table, schema: { fields }, ...(found.version === undefined ? {} : { version: found.version }) }
}

/** Names and types, as `create table` wants them. */
export function columnsOf({ fields }: Schema, dialect: 'duckdb' | 'postgres'): Sql {
  return join(fields.map(({ name, type }) => sql`${id(name)} ${trusted(sqlTypeName(type, dialect))}`))
}

function storedField(field: Field): Field {
  try {
    return { ...field, type: storedType(field.type, 'postgres') }
  } catch (thrown) {
    if (!(thrown instanceof MillraceError)) throw thrown
    throw new MillraceError(thrown.code, `bringing the column "${field.name}": ${thrown.message}`, {
      cause: thrown,
      hint: 'Read it in DuckDB, or state a schema that leaves the column out.',
    })
  }
}
