import { randomUUID } from 'node:crypto'
import { id, type Sql, sql } from '../../../../base/sql/index.ts'
import type { ChangingConnection } from './changing-connection.ts'

/** A temporary table, dropped at the end. */
export interface Temporary extends AsyncDisposable {
  readonly table: Sql
}

/** Keeps a query's rows in a temporary table. */
export async function temporary(
  connection: ChangingConnection,
  query: Sql,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Temporary> {
  const table = id(`millrace_${randomUUID().replaceAll('-', '')}`)
  await connection.execute(sql`create temporary table ${table} as ${query}`, options)
  return {
    table,
    async [Symbol.asyncDispose]() {
      await connection.execute(sql`drop table if exists ${table}`)
    },
  }
}
