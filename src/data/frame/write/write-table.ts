import type { Schema } from '../../../base/kernel/index.ts'
import { id, type Sql, sql } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../engine/index.ts'
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
  const { connection, mode, name, query, target } = write
  const table = id(...name)
  return connection.transaction(async () => {
    const there = await exists(connection, name)
    const refused = there ? refusal(mode, name.join('.')) : undefined
    if (refused) return outcome(0, refused.skipped)
    const [schema] = name.slice(-2)
    if (name.length > 1 && schema !== undefined)
      await connection.execute(sql`create schema if not exists ${id(...name.slice(0, -1))}`)
    const key = mode === 'append' ? target.run?.key : undefined
    if (key !== undefined && !(await isFirst(connection, name.join('.'), key)))
      return outcome(0, `the append of ${key} was done before`)
    if (!there) await connection.execute(sql`create table ${table} as select * from (${query}) as written limit 0`)
    else if (mode === 'overwrite') {
      const day = await dayColumn(write)
      if (day === undefined) {
        const { rowsChanged } = await replaceTable(connection, table, query)
        return outcome(rowsChanged)
      }
      await connection.execute(sql`delete from ${table} where cast(${id(day)} as varchar) = ${target.run?.ds ?? ''}`)
    }
    if (there || mode !== 'overwrite') return outcome(await insert(connection, table, query))
    await dayColumn(write)
    return outcome(await insert(connection, table, query))
  })
}

function outcome(rows: number, skipped?: string): WriteOutcome {
  return { rows, bytes: 0, files: 0, ...(skipped === undefined ? {} : { skipped }) }
}

async function insert(connection: EngineConnection, table: Sql, query: Sql): Promise<number> {
  return (await connection.execute(sql`insert into ${table} by name ${query}`)).rowsChanged
}

async function replaceTable(connection: EngineConnection, table: Sql, query: Sql) {
  await connection.execute(sql`create or replace temporary table millrace_replacing as ${query}`)
  await connection.execute(sql`drop table ${table}`)
  const done = await connection.execute(sql`create table ${table} as select * from millrace_replacing`)
  const [counted] = await connection.rows<{ n: bigint }>(sql`select count(*) as n from millrace_replacing`)
  await connection.execute(sql`drop table millrace_replacing`)
  return { rowsChanged: Number(counted?.n ?? done.rowsChanged) }
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

async function isFirst(connection: EngineConnection, table: string, key: string): Promise<boolean> {
  const writes = id('main', 'millrace_frame_writes')
  await connection.execute(
    sql`create table if not exists ${writes} ("table" varchar, "key" varchar, primary key ("table", "key"))`,
  )
  const done = await connection.execute(sql`insert or ignore into ${writes} values (${table}, ${key})`)
  return done.rowsChanged > 0
}
