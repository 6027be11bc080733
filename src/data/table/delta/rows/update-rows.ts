import { MillraceError, type Schema, sqlTypeName, unknownName } from '../../../../base/kernel/index.ts'
import { id, type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import type { DeltaTable } from '../delta-table.ts'
import { Expressions, type Given, type NamedRows } from '../expression/table-expression.ts'
import { computedColumn } from '../rules/column-rules.ts'
import type { ChangeOptions, ChangeResult } from './changing-connection.ts'
import { asText, commitRows, fileMetrics } from './commit-rows.ts'
import { findRows, TARGET } from './find-rows.ts'
import { predicates } from './predicates.ts'
import { temporary } from './temporary.ts'

/** What is updated. */
export interface UpdateOptions extends ChangeOptions {
  /** The rows that are; all by default. */
  readonly condition?: Given
  /** New values by column, as expressions over the row as it was. */
  readonly set: Readonly<Record<string, Given>>
}

/**
 * Gives the rows that meet a condition new values. Generated columns are computed anew.
 * @throws MillraceError COLUMN_UNKNOWN, DELTA_EXPRESSION_UNSUPPORTED, DELTA_CONSTRAINT_VIOLATED, DELTA_SCHEMA_MISMATCH,
 *   DELTA_APPEND_ONLY, DELTA_COMMIT_CONFLICT, DELTA_FEATURE_UNSUPPORTED, and the engine's
 */
export async function updateRows(
  table: DeltaTable,
  { condition, set, ...options }: UpdateOptions,
): Promise<ChangeResult> {
  const { target, where, hits } = await findRows(table, condition, options)
  const { schema } = target.base
  const values = newValues(set, schema, { alias: TARGET, schema }, new Expressions([{ alias: TARGET, schema }]))
  await using found = await temporary(options.connection, hits, options)
  return await commitRows(
    { target, alias: TARGET, schema, clauses: [{ kind: 'update', set: values }], hits: found.table },
    {
      read: { kind: 'rows', where },
      provenance: (counts) => ({
        name: 'UPDATE',
        parameters: { predicate: predicates(condition) },
        metrics: asText({ ...fileMetrics(counts), numUpdatedRows: counts.byClause[0] ?? 0 }),
      }),
    },
    options,
  )
}

/**
 * The values of an update by column, with those of generated columns that depend on them.
 * @throws MillraceError COLUMN_UNKNOWN, OPTION_INVALID
 */
export function newValues(
  set: Readonly<Record<string, Given>>,
  schema: Schema,
  target: NamedRows,
  over: Expressions,
): ReadonlyMap<string, Sql> {
  const names = schema.fields.map(({ name }) => name)
  const values = new Map<string, Sql>()
  for (const [column, given] of Object.entries(set)) {
    const field = schema.fields.find(({ name }) => name.toLowerCase() === unqualified(column, target).toLowerCase())
    if (!field) throw unknownName('COLUMN_UNKNOWN', 'column', column, names)
    if (computedColumn(field)?.kind === 'identity') {
      throw new MillraceError('OPTION_INVALID', `updating column "${field.name}", whose numbers the table gives`)
    }
    if (values.has(field.name)) {
      throw new MillraceError('OPTION_INVALID', `updating column "${field.name}" twice at once`)
    }
    values.set(field.name, sql`cast(${over.sql(given)} as ${trusted(sqlTypeName(field.type, 'duckdb'))})`)
  }
  if (values.size === 0)
    throw new MillraceError('OPTION_INVALID', 'updating no column', { hint: 'Name columns in set.' })
  return new Map([...values, ...generated(schema, target, values)])
}

/** `target.price` as `price`. */
function unqualified(column: string, { alias, schema }: NamedRows): string {
  const isColumn = schema.fields.some(({ name }) => name.toLowerCase() === column.toLowerCase())
  const start = `${alias}.`.toLowerCase()
  return !isColumn && column.toLowerCase().startsWith(start) ? column.slice(start.length) : column
}

function generated(schema: Schema, { alias }: NamedRows, values: ReadonlyMap<string, Sql>): [string, Sql][] {
  const after = new Expressions([{ alias, schema }], (_, column) => values.get(column) ?? id(alias, column))
  return schema.fields.flatMap((field): [string, Sql][] => {
    const computed = computedColumn(field)
    if (computed?.kind !== 'generated' || values.has(field.name)) return []
    const depends = after.columns(computed.expression).some((column) => values.has(column))
    return depends ? [[field.name, after.sql(computed.expression)]] : []
  })
}
