import type { DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api'
import { type DataType, MillraceError, type Value } from '../../../base/kernel/index.ts'
import { valueReader } from '../chunk-rows.ts'
import type { ColumnData, ScalarFunction } from '../contract.ts'
import type { Bindings } from './bindings.ts'
import { decodeColumn } from './decode.ts'

/**
 * Makes a function of the program callable in SQL, on every connection of the database. DuckDB's threads wait while
 * it runs, because JavaScript has one thread; rows come in chunks of up to 2,048.
 */
export function registerScalar(native: DuckDBConnection, bindings: Bindings, given: ScalarFunction): void {
  const { api, c } = bindings
  native.registerScalarFunction(
    api.DuckDBScalarFunction.create({
      name: given.name,
      varArgsType: api.ANY,
      returnType: returned(given.returns, bindings),
      // Nulls are arguments like any other; the function says what it makes of them.
      specialHandling: true,
      volatile: given.volatile === true,
      mainFunction: (info, input, output) => {
        try {
          const { rowCount: length } = input
          const columns = Array.from({ length: input.columnCount }, (_, i) => {
            const vector = c.data_chunk_get_vector(input.chunk, i)
            return decodeColumn({ vector, length, type: input.getColumnVector(i).type }, bindings)
          })
          const values = given.runData?.(columns, length) ?? given.run(columns.map(valuesOf), length)
          for (let row = 0; row < length; row += 1) {
            // The union of all vectors takes no one value; the type was declared above.
            ;(output as { setItem(row: number, value: DuckDBValue): void }).setItem(row, values[row] as DuckDBValue)
          }
          output.flush()
        } catch (thrown) {
          info.setError(thrown instanceof Error ? thrown.message : String(thrown))
        }
      },
    }),
  )
}

function valuesOf(column: ColumnData): readonly Value[] {
  const read = valueReader(column)
  return Array.from({ length: column.length }, (_, row) => read(row))
}

function returned(type: DataType, { api }: Bindings): DuckDBType {
  switch (type.kind) {
    case 'boolean':
      return api.BOOLEAN
    case 'integer':
      return api.INTEGER
    case 'long':
      return api.BIGINT
    case 'double':
      return api.DOUBLE
    case 'string':
      return api.VARCHAR
    default:
      throw new MillraceError('INTERNAL', `a function returns ${type.kind} to DuckDB, which takes it as text`)
  }
}
