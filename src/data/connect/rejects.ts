import { join, type Sql, sql, trusted } from '../../base/sql/index.ts'

/** A select of REJECT_COLUMNS out of `source`. */
export function rejectRows(
  columns: { readonly file: Sql; readonly line: Sql; readonly column: Sql; readonly reason: Sql; readonly raw: Sql },
  source: Sql,
): Sql {
  return sql`select ${columns.file} as "file", cast(${columns.line} as bigint) as "line",
    cast(${columns.column} as varchar) as "column", cast(${columns.reason} as varchar) as "reason",
    cast(${columns.raw} as varchar) as "raw" from ${source}`
}

/** Several selects of rejects as one table expression; undefined when there are none. */
export function allRejects(selects: readonly Sql[]): Sql | undefined {
  return selects.length === 0 ? undefined : sql`(${join(selects, ' union all ')}) as rejects`
}

/** The names of the columns whose condition is true, as text: for rows that several columns condemn. */
export function namesWhere(conditions: readonly { readonly name: Sql; readonly bad: Sql }[]): Sql {
  if (conditions.length === 0) return trusted('null')
  const cases = conditions.map(({ name, bad }) => sql`case when ${bad} then ${name} end`)
  return sql`concat_ws(', ', ${join(cases)})`
}
