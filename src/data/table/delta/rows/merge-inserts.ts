import { type Field, MillraceError, type Schema, sqlTypeName, unknownName } from '../../../../base/kernel/index.ts'
import { id, join, type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { Expressions, type Given } from '../expression/table-expression.ts'
import { computedColumn } from '../rules/column-rules.ts'
import { type CompleteRows, completeRows } from '../rules/complete-rows.ts'
import { lacking, type Merge, type MergeClause } from './merge-clauses.ts'
import { SOURCE_ROW } from './row-work.ts'

/** What the inserts of a merge are over. */
export interface InsertContext {
  /** The table's, after the merge. */
  readonly schema: Schema
  readonly sourceSchema: Schema
  /** The temporary tables. */
  readonly source: Sql
  readonly hits: Sql
}

/** Rows that a merge adds. */
export interface Inserted {
  /** With the columns of the schema; undefined without clauses that insert. */
  readonly query?: Sql
  readonly identities?: CompleteRows['identities']
}

const FRESH = 'millrace_fresh'

/** The rows of the source that matched none, by the first clause whose condition holds. */
export function insertedBy({ clauses, sourceAlias }: Merge, context: InsertContext): Inserted {
  const { schema, sourceSchema, source, hits } = context
  const inserts = clauses.filter((clause) => clause.kind === 'not-matched-insert')
  if (inserts.length === 0) return {}
  const over = new Expressions([{ alias: sourceAlias, schema: sourceSchema }])
  const whens = inserts.map(
    ({ condition }, at) => sql`when ${condition === undefined ? sql`true` : over.sql(condition)} then ${at}`,
  )
  const fresh = sql`select *, case ${join(whens, ' ')} end as ${id(FRESH)} from ${source} as ${id(sourceAlias)}
    where ${id(sourceAlias, SOURCE_ROW)} not in (select source from ${hits} where source is not null)`
  const parts = inserts.map((clause, at) => {
    const values = valuesOf(clause, context, sourceAlias)
    const columns = values.map(
      ({ field, given }) =>
        sql`cast(${over.sql(given)} as ${trusted(sqlTypeName(field.type, 'duckdb'))}) as ${id(field.name)}`,
    )
    const rows = sql`select ${join(columns)} from (${fresh}) as ${id(sourceAlias)} where ${id(sourceAlias, FRESH)} = ${at}`
    return completeRows(rows, { fields: values.map(({ field }) => field) }, schema)
  })
  const identities = parts.flatMap((part) => part.identities)
  if (parts.length > 1 && identities.length > 0) {
    throw new MillraceError('OPTION_INVALID', 'inserting by several clauses into a table that numbers its rows', {
      hint: 'Insert by one clause, with CASE in its values.',
    })
  }
  const typed = parts.map(({ query }) => {
    const columns = schema.fields.map(
      ({ name, type }) => sql`cast(${id(name)} as ${trusted(sqlTypeName(type, 'duckdb'))}) as ${id(name)}`,
    )
    return sql`select ${join(columns)} from (${query}) as inserted`
  })
  return { query: join(typed, ' union all '), ...(identities.length > 0 ? { identities } : {}) }
}

function valuesOf(
  { values }: MergeClause & { kind: 'not-matched-insert' },
  { schema, sourceSchema }: InsertContext,
  alias: string,
): { field: Field; given: Given }[] {
  const find = (of: Schema, wanted: string) => of.fields.find(({ name }) => name.toLowerCase() === wanted.toLowerCase())
  if (values === '*') {
    const missing: string[] = []
    const found = schema.fields.flatMap((field) => {
      const own = find(sourceSchema, field.name)
      if (own) return [{ field, given: sql`${id(alias, own.name)}` as Given }]
      if (!computedColumn(field)) missing.push(field.name)
      return []
    })
    if (found.length === 0) throw lacking(missing)
    const required = missing.filter((name) => find(schema, name)?.nullable === false)
    if (required.length > 0) throw lacking(required)
    return found
  }
  const names = schema.fields.map(({ name }) => name)
  const found = Object.entries(values).map(([column, given]) => {
    const field = find(schema, column) ?? find(schema, column.split('.').at(-1) ?? '')
    if (!field) throw unknownName('COLUMN_UNKNOWN', 'column', column, names)
    return { field, given }
  })
  if (found.length === 0) throw new MillraceError('OPTION_INVALID', 'inserting rows without values')
  return found
}
