import { type Field, MillraceError, type Schema, sqlTypeName } from '../../../../base/kernel/index.ts'
import { id, join, type Sql, sql, trusted, value } from '../../../../base/sql/index.ts'
import { Expressions } from '../expression/table-expression.ts'
import { computedColumn, type Identity } from './column-rules.ts'

/** Rows with all columns of a table. */
export interface CompleteRows {
  readonly query: Sql
  /** Columns whose numbers the table gives, with what they go on from. */
  readonly identities: readonly { readonly column: string; readonly identity: Identity }[]
}

const ROWS = 'millrace_rows'

/**
 * The rows of a query with the columns of a table in its order, spelling and types. Of columns that they lack the
 * generated ones are computed, identities numbered, defaults filled in; others are null.
 * @throws MillraceError DELTA_SCHEMA_MISMATCH for numbers that only the table gives, DELTA_EXPRESSION_UNSUPPORTED
 */
export function completeRows(query: Sql, rows: Schema, schema: Schema): CompleteRows {
  const given = new Map(rows.fields.map(({ name }) => [name.toLowerCase(), name]))
  const identities: { column: string; identity: Identity }[] = []
  const generated: { field: Field; expression: string }[] = []
  const columns = schema.fields.map((field) => {
    const { name, type } = field
    const column = given.get(name.toLowerCase())
    const computed = computedColumn(field)
    const named = (of: Sql) => sql`${of} as ${id(name)}`
    if (column !== undefined) {
      if (computed?.kind === 'identity' && !computed.identity.allowsExplicit) throw numbered(name)
      return named(id(ROWS, column))
    }
    switch (computed?.kind) {
      case 'generated':
        generated.push({ field, expression: computed.expression })
        return named(value(null, type))
      case 'identity':
        identities.push({ column: name, identity: computed.identity })
        return named(numbers(computed.identity))
      case 'default':
        return named(new Expressions([]).sql(computed.expression))
      default:
        return named(value(null, type))
    }
  })
  const complete = sql`select ${join(columns)} from (${query}) as ${id(ROWS)}`
  return { query: generated.length === 0 ? complete : withGenerated(complete, schema, generated), identities }
}

function numbers({ start, step, highWaterMark }: Identity): Sql {
  const before = highWaterMark ?? start - step
  return sql`cast(${before} + ${step} * row_number() over () as bigint)`
}

/** Computed of the values as the table keeps them. */
function withGenerated(query: Sql, schema: Schema, generated: readonly { field: Field; expression: string }[]): Sql {
  const typed = schema.fields.map(
    ({ name, type }) => sql`cast(${id(ROWS, name)} as ${trusted(sqlTypeName(type, 'duckdb'))}) as ${id(name)}`,
  )
  const over = new Expressions([{ alias: ROWS, schema }])
  const columns = schema.fields.map((field) => {
    const found = generated.find((one) => one.field === field)
    return found ? sql`${over.sql(found.expression)} as ${id(field.name)}` : id(ROWS, field.name)
  })
  const inner = sql`select ${join(typed)} from (${query}) as ${id(ROWS)}`
  return sql`select ${join(columns)} from (${inner}) as ${id(ROWS)}`
}

function numbered(name: string): MillraceError {
  return new MillraceError('DELTA_SCHEMA_MISMATCH', `writing column "${name}", whose numbers the table gives`, {
    hint: 'Leave the column out of the rows.',
    data: { column: name },
  })
}
