import { DuckDBInstance } from '@duckdb/node-api'

let instance: Promise<DuckDBInstance> | undefined

/** Runs SQL in a DuckDB of the harness's own and returns the rows as arrays of text. */
export async function duck(sql: string): Promise<string[][]> {
  instance ??= DuckDBInstance.create(':memory:')
  const connection = await (await instance).connect()
  try {
    const reader = await connection.runAndReadAll(sql)
    return reader.getRows().map((row) => row.map(String))
  } finally {
    connection.closeSync()
  }
}

/**
 * A text that is equal for equal multisets of rows: their number and the sum of their hashes. `columns` are
 * expressions that bring both sides to one type.
 */
export async function fingerprint(relation: string, columns: readonly string[]): Promise<string> {
  const hash = `hash(${columns.map((column) => `(${column})`).join(', ')})`
  const [row] = await duck(`select count(*), sum(${hash}::hugeint) from ${relation}`)
  return (row ?? []).join(' rows, hash ')
}
