import type { DataType, Value } from '../../../base/kernel/index.ts'
import { join, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { ColumnData, ScalarFunction } from '../../engine/index.ts'

/** A function that DuckDB lacks: computed in this process, and called in SQL by its name. */
export interface Native {
  readonly scalar: ScalarFunction
  /** A call of it in DuckDB's SQL. */
  call(...args: readonly Sql[]): Sql
}

const PREFIX = 'millrace_'

/** A native function of a row: null for null in any argument. It throws `[ERROR_CLASS] text` for a wrong value. */
export function nativeOf(name: string, returns: DataType, fn: (...args: never[]) => unknown): Native {
  const run: ScalarFunction['run'] = (columns, rows) => {
    const given = new Array<Value>(columns.length)
    return Array.from({ length: rows }, (_, row) => {
      for (let i = 0; i < columns.length; i += 1) {
        const value = columns[i]?.[row] ?? null
        if (value === null) return null
        given[i] = value
      }
      return fn(...(given as never[]))
    })
  }
  return made({ name: PREFIX + name, returns, run })
}

/** A native function of whole columns, nulls included. */
export function nativeColumns(
  name: string,
  returns: DataType,
  runData: (columns: readonly ColumnData[], rows: number) => ArrayLike<unknown>,
): Native {
  return made({ name: PREFIX + name, returns, run: () => [], runData })
}

function made(scalar: ScalarFunction): Native {
  return { scalar, call: (...args) => sql`${trusted(scalar.name)}(${join([...args])})` }
}

/** The names of native functions that a statement calls. */
export function nativesIn(statement: Sql): ReadonlySet<string> {
  const found = new Set<string>()
  for (const part of statement.parts) {
    if (!('text' in part && part.text.includes(PREFIX))) continue
    for (const [name] of part.text.matchAll(/\bmillrace_\w+/g)) found.add(name)
  }
  return found
}
