import type { Schema } from '../../../base/kernel/index.ts'
import { id, type Sql, sql } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../engine/index.ts'
import { TABLE_SQL } from './table-sql.ts'
import { DAY, outside, refusal, type WriteMode, type WriteOutcome, type WriteTarget } from './write-target.ts'

/** What is written to a table of the engine. */
export interface TableWrite {
  /** The parts of its name: database, schema, table. */
  readonly name: readonly string[]
  readonly query: Sql
  readonly schema: Schema
  readonly connection: EngineConnection
  readonly mode: WriteMode
  readonly partitionBy: readonly string[]
  readonly target: WriteTarget
}

/**
 * Writes rows to a table of the engine in one transaction. A table has no partitions, so `partitionBy` only says
 * which rows an overwrite in a run replaces: those of the run's day. Appends of a run are remembered by their key
 * in `millrace_frame_writes`, in the same transaction, so that each happens once.
 * @throws MillraceError WRITE_EXISTS, WRITE_PARTITION_OUTSIDE, ENGINE_SQL
 */
export async function writeTable(write: TableWrite): Promise<WriteOutcome> {
  const { connection, mode, name, query, schema: columns, target } = write
  const table = id(...name)
  const words = TABLE_SQL[connection.engine.dialect === 'postgres' ? 'postgres' : 'duckdb']
  const insert = async () => (await connection.execute(words.insert(table, columns, query))).rowsChanged
  return connection.transaction(async () => {
    const there = await exists(connection, name)
    const refused = there ? refusal(mode, name.join('.')) : undefined
    if (refused) return outcome(0, refused.skipped)
    if (name.length > 1) await connection.execute(words.createSchema(name.slice(0, -1)))
    const key = mode === 'append' ? target.run?.key : undefined
    if (key !== undefined && !(await isFirst(connection, name, words.writes(name), key)))
      return outcome(0, `the append of ${key} was done before`)
    if (!there) await connection.execute(sql`create table ${table} as select * from (${query}) as written limit 0`)
    else if (mode === 'overwrite') {
      const day = await dayColumn(write)
      if (day === undefined) {
        return outcome(await words.replace(connection, table, columns, query))
      }
      await connection.execute(sql`delete from ${table} where cast(${id(day)} as varchar) = ${target.run?.ds ?? ''}`)
    }
    if (there || mode !== 'overwrite') return outcome(await insert())
    await dayColumn(write)
    return outcome(await insert())
  })
}

function outcome(rows: number, skipped?: string): WriteOutcome {
  return { rows, bytes: 0, files: 0, ...(skipped === undefined ? {} : { skipped }) }
}

/** The column whose day an overwrite in a run replaces, if it is one; refuses rows of other days. */
async function dayColumn({
  connection,
  partitionBy,
  target,
  query,
  schema,
  name,
}: TableWrite): Promise<string | undefined> {
  const [first] = partitionBy
  const { run } = target
  if (first === undefined || !run) return undefined
  const kind = schema.fields.find((field) => field.name === first)?.type.kind
  const found = await connection.rows<{ value: string | null }>(
    sql`select distinct cast(${id(first)} as varchar) as value from (${query}) as written`,
  )
  const values = found.map((row) => row.value)
  if (kind !== 'date' && !(kind === 'string' && values.every((value) => DAY.test(value ?? '')))) return undefined
  const stray = values.filter((value) => value !== run.ds)
  if (stray.length > 0) throw outside(name.join('.'), first, stray, run.ds)
  return first
}

async function exists(connection: EngineConnection, name: readonly string[]): Promise<boolean> {
  const [table = '', schema = 'main', database] = [...name].reverse()
  const found = await connection.rows(
    sql`select 1 as found from information_schema.tables where table_name = ${table} and table_schema = ${schema} and table_catalog = ${
      database ?? connection.engine.database
    }`,
  )
  return found.length > 0
}

async function isFirst(
  connection: EngineConnection,
  name: readonly string[],
  writes: Sql,
  key: string,
): Promise<boolean> {
  // Two first appends at once would both make the table.
  if (connection.engine.dialect === 'postgres') {
    await connection.rows(sql`select pg_advisory_xact_lock(hashtext('millrace_frame_writes')) is null as taken`)
  }
  await connection.execute(
    sql`create table if not exists ${writes} ("table" varchar, "key" varchar, primary key ("table", "key"))`,
  )
  const done = await connection.execute(
    sql`insert into ${writes} values (${name.join('.')}, ${key}) on conflict do nothing`,
  )
  return done.rowsChanged > 0
}
