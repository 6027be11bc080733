import { formatType, type Schema } from '../../../base/kernel/index.ts'
import { id, join, type Sql, sql } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../engine/index.ts'

/** What the engines say differently when a table is written. */
export interface TableSql {
  createSchema(path: readonly string[]): Sql
  /** Adds rows by the names of columns. */
  insert(table: Sql, schema: Schema, query: Sql): Sql
  /** Replaces all rows, and the columns where they are others, in the open transaction. Resolves with the rows. */
  replace(connection: EngineConnection, table: Sql, schema: Schema, query: Sql): Promise<number>
  /** The table that remembers the appends of runs to a table. */
  writes(name: readonly string[]): Sql
}

const REPLACING = id('millrace_replacing')

const duckdb: TableSql = {
  createSchema: (path) => sql`create schema if not exists ${id(...path)}`,
  insert: (table, _schema, query) => sql`insert into ${table} by name ${query}`,
  async replace(connection, table, _schema, query) {
    await connection.execute(sql`create or replace temporary table ${REPLACING} as ${query}`)
    await connection.execute(sql`drop table ${table}`)
    const done = await connection.execute(sql`create table ${table} as select * from ${REPLACING}`)
    const [counted] = await connection.rows<{ n: bigint }>(sql`select count(*) as n from ${REPLACING}`)
    await connection.execute(sql`drop table ${REPLACING}`)
    return Number(counted?.n ?? done.rowsChanged)
  },
  writes: () => id('main', 'millrace_frame_writes'),
}

const postgres: TableSql = {
  createSchema: (path) => sql`create schema if not exists ${id(path.at(-1) ?? '')}`,
  insert: (table, schema, query) => {
    const names = join(schema.fields.map((field) => id(field.name)))
    return sql`insert into ${table} (${names}) select ${names} from (${query}) as written`
  },
  async replace(connection, table, schema, query) {
    // The query may read the table that it replaces.
    await connection.execute(sql`create temporary table ${REPLACING} on commit drop as ${query}`)
    const kept = await connection.describe(sql`select * from ${table}`)
    const rows = sql`select * from ${REPLACING}`
    // With the same columns the table stays what it is: views go on to read it, and other readers see old rows or new.
    if (columnsText(kept) === columnsText(schema)) await connection.execute(sql`delete from ${table}`)
    else {
      await connection.execute(sql`drop table ${table}`)
      await connection.execute(sql`create table ${table} as ${rows} limit 0`)
    }
    const { rowsChanged } = await connection.execute(postgres.insert(table, schema, rows))
    await connection.execute(sql`drop table ${REPLACING}`)
    return rowsChanged
  },
  writes: (name) => id(...name.slice(0, -1), 'millrace_frame_writes'),
}

/** By dialect. */
export const TABLE_SQL = { duckdb, postgres } as const

function columnsText({ fields }: Schema): string {
  return JSON.stringify(fields.map(({ name, type }) => [name, formatType(type)]))
}
