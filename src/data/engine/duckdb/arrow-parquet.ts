import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBDataChunk, DuckDBValue } from '@duckdb/node-api'
import type { RecordBatch } from 'apache-arrow'
import { type DataType, newId, type Schema, sqlTypeName } from '../../../base/kernel/index.ts'
import { inline, literal, sql } from '../../../base/sql/index.ts'
import { arrowReader } from './arrow-values.ts'
import { bindings } from './bindings.ts'

/** Rows that DuckDB takes at once. */
const AT_ONCE = 2048

/**
 * Writes batches of Arrow into a Parquet file, column by column, with the columns `c0`, `c1` … of the schema's types; a
 * column of nothing but nulls becomes whole numbers, of which Parquet can say that they are null.
 * @param arrow the package that made the batches
 */
export async function arrowToParquet(
  batches: AsyncIterable<RecordBatch>,
  schema: Schema,
  file: string,
  arrow: typeof import('apache-arrow'),
): Promise<void> {
  const loaded = await bindings()
  const { api } = loaded
  // A database of its own: a connection of the session may be of another process, or of another engine.
  const instance = await api.DuckDBInstance.create(':memory:', {
    memory_limit: '1GB',
    temp_directory: join(tmpdir(), `millrace-arrow-${newId()}`),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  try {
    const connection = await instance.connect()
    const columns = schema.fields.map(({ type }, i) => `c${i} ${sqlTypeName(storable(type), 'duckdb')}`)
    await connection.run(`create table given (${columns.join(', ')})`)
    const appender = await connection.createAppender('given')
    const types = schema.fields.map((_, i) => appender.columnType(i))
    for await (const batch of batches) {
      if (batch.numRows === 0) continue
      const readers = schema.fields.map(({ type }, i) => {
        const [data] = batch.getChildAt(i)?.data ?? []
        return data === undefined ? () => null : arrowReader(data, type, arrow, loaded)
      })
      for (let from = 0; from < batch.numRows; from += AT_ONCE) {
        const length = Math.min(AT_ONCE, batch.numRows - from)
        const chunk: DuckDBDataChunk = api.DuckDBDataChunk.create(types, length)
        readers.forEach((read, i) => {
          const values: DuckDBValue[] = Array.from({ length }, (_, at) => read(from + at))
          chunk.setColumnValues(i, values)
        })
        appender.appendDataChunk(chunk)
      }
    }
    appender.closeSync()
    await connection.run(inline(sql`copy given to ${literal(file)} (format parquet, compression zstd)`, 'duckdb'))
    connection.closeSync()
  } finally {
    instance.closeSync()
  }
}

/** Nulls as nulls of whole numbers. */
function storable(type: DataType): DataType {
  switch (type.kind) {
    case 'null':
      return { kind: 'integer' }
    case 'array':
      return { ...type, element: storable(type.element) }
    case 'map':
      return { ...type, key: storable(type.key), value: storable(type.value) }
    case 'struct':
      return { ...type, fields: type.fields.map((field) => ({ ...field, type: storable(field.type) })) }
    default:
      return type
  }
}
