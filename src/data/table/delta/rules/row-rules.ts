import { type DataType, type Field, MillraceError, type Schema, sqlTypeName } from '../../../../base/kernel/index.ts'
import { id, literal, type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { Expressions } from '../expression/table-expression.ts'
import { CONSTRAINT, computedColumn, INVARIANTS } from './column-rules.ts'

/** What every row of a table must meet. */
export interface RowRule {
  readonly kind: 'constraint' | 'invariant' | 'generated' | 'not null' | 'replaced'
  /** Of the constraint, or the column. */
  readonly name: string
  /** As the table has it. */
  readonly text: string
  /** True of the rows that keep to the rule. */
  readonly holds: Sql
  /** The columns that it names. */
  readonly columns: readonly string[]
}

/** What rows are called in rules. */
export const RULED = 'millrace_ruled'

/**
 * The rules of a table about its rows: CHECK constraints, invariants of columns, what generated columns must hold, and
 * members of structs that must not be null. Plain columns that must not be null are found by the files' statistics.
 * @param given the columns that the rows brought, of which generated ones are checked; the others were computed
 * @throws MillraceError DELTA_EXPRESSION_UNSUPPORTED naming the rule that cannot be checked
 */
export function rowRules(
  schema: Schema,
  properties: Readonly<Record<string, string>>,
  given: ReadonlySet<string> = new Set(),
): RowRule[] {
  const over = new Expressions([{ alias: RULED, schema }])
  const check = (kind: RowRule['kind'], name: string, text: string, of: (condition: Sql) => Sql): RowRule => ({
    kind,
    name,
    text,
    holds: of(over.sql(text)),
    columns: over.columns(text),
  })
  // A condition that is null is broken, too, as in Spark.
  const isTrue = (condition: Sql) => sql`(${condition} is not distinct from true)`
  return [
    ...Object.entries(properties).flatMap(([key, text]) =>
      key.startsWith(CONSTRAINT) ? [check('constraint', key.slice(CONSTRAINT.length), text, isTrue)] : [],
    ),
    ...schema.fields.flatMap((field): RowRule[] => {
      const { name, type } = field
      const invariant = invariantOf(field)
      const computed = computedColumn(field)
      const column = id(RULED, name)
      const same = (value: Sql) =>
        sql`(${column} is not distinct from cast(${value} as ${trusted(sqlTypeName(type, 'duckdb'))}))`
      return [
        ...(invariant === undefined ? [] : [check('invariant', name, invariant, isTrue)]),
        ...(computed?.kind === 'generated' && given.has(name)
          ? [check('generated', name, computed.expression, same)]
          : []),
        ...required(column, name, field),
      ]
    }),
  ]
}

/** The SQL in a column's invariants (Delta protocol, "Column Invariants"). */
function invariantOf({ name, metadata }: Field): string | undefined {
  const text = metadata?.[INVARIANTS]
  if (typeof text !== 'string') return undefined
  try {
    const { expression } = JSON.parse(text) as { expression?: { expression?: unknown } }
    if (typeof expression?.expression === 'string') return expression.expression
  } catch {
    // Told below.
  }
  throw new MillraceError(
    'DELTA_FEATURE_UNSUPPORTED',
    `writing to a Delta table that needs invariants (column ${name})`,
    {
      data: { features: [`invariants (column ${name})`] },
    },
  )
}

/** Structs, lists and maps have no statistics that would tell of their nulls. */
function required(column: Sql, path: string, { type, nullable }: Field): RowRule[] {
  const nested = type.kind === 'struct' || type.kind === 'array' || type.kind === 'map'
  if (!nested) return []
  const own = nullable ? [] : [notNull(path, sql`(${column} is not null)`)]
  return [...own, ...requiredWithin(column, path, type)]
}

function requiredWithin(column: Sql, path: string, type: DataType): RowRule[] {
  if (type.kind !== 'struct') return []
  return type.fields.flatMap((field) => {
    const member = sql`struct_extract(${column}, ${literal(field.name)})`
    const name = `${path}.${field.name}`
    const own = field.nullable ? [] : [notNull(name, sql`(${column} is null or ${member} is not null)`)]
    return [...own, ...requiredWithin(member, name, field.type)]
  })
}

/**
 * That a column or member, by the names that lead to it, is not null where what holds it is there.
 * @param path names as the schema writes them
 */
export function notNullRule(path: readonly string[]): RowRule {
  const [first = '', ...members] = path
  let column = id(RULED, first)
  let holds = sql`(${column} is not null)`
  for (const name of members) {
    const member = sql`struct_extract(${column}, ${literal(name)})`
    holds = sql`(${column} is null or ${member} is not null)`
    column = member
  }
  return notNull(path.join('.'), holds)
}

function notNull(path: string, holds: Sql): RowRule {
  return { kind: 'not null', name: path, text: `${path} IS NOT NULL`, holds, columns: [] }
}
