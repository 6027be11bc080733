import type { DataType, Schema } from '../../base/kernel/index.ts'
import { id, join, type Sql, sql } from '../../base/sql/index.ts'
import type { EngineConnection } from '../engine/index.ts'

/** In order of preference; a number with leading zeros is text, because it is a code. */
const CANDIDATES: readonly { readonly type: DataType; readonly fits: (column: Sql) => Sql }[] = [
  {
    type: { kind: 'long' },
    fits: (c) => sql`regexp_full_match(${c}, '[+-]?(0|[1-9][0-9]*)') and try_cast(${c} as bigint) is not null`,
  },
  {
    type: { kind: 'double' },
    fits: (c) =>
      sql`regexp_full_match(${c}, '[+-]?(0|[1-9][0-9]*)?([.][0-9]*)?([eE][+-]?[0-9]+)?') and try_cast(${c} as double) is not null`,
  },
  { type: { kind: 'boolean' }, fits: (c) => sql`lower(${c}) in ('true', 'false')` },
  {
    type: { kind: 'date' },
    fits: (c) => sql`regexp_full_match(${c}, '[0-9]{4}-[0-9]{2}-[0-9]{2}') and try_cast(${c} as date) is not null`,
  },
  {
    type: { kind: 'timestamp_ntz' },
    fits: (c) =>
      sql`regexp_full_match(${c}, '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+') and try_cast(${c} as timestamp) is not null`,
  },
  {
    type: { kind: 'timestamp' },
    fits: (c) =>
      sql`regexp_full_match(${c}, '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+(Z|[+-][0-9:]+)') and try_cast(${c} as timestamptz) is not null`,
  },
]

/** The narrowest type that every value of each text column has; a column without values stays text. */
export async function inferTextTypes(
  connection: EngineConnection,
  relation: Sql,
  names: readonly string[],
): Promise<Schema> {
  if (names.length === 0) return { fields: [] }
  const measures = names.flatMap((name, column) =>
    CANDIDATES.map(
      ({ fits }, index) =>
        sql`bool_and(${fits(id(name))}) filter (where ${id(name)} is not null) as ${id(`c${column}_${index}`)}`,
    ),
  )
  const [row = {}] = await connection.rows<Record<string, boolean | null>>(
    sql`select ${join(measures)} from ${relation}`,
  )
  const typeOf = (column: number): DataType =>
    CANDIDATES.find((_, index) => row[`c${column}_${index}`] === true)?.type ?? { kind: 'string' }
  return { fields: names.map((name, column) => ({ name, type: typeOf(column), nullable: true })) }
}
