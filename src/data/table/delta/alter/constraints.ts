import { MillraceError } from '../../../../base/kernel/index.ts'
import { id, sql } from '../../../../base/sql/index.ts'
import type { DeltaTable } from '../delta-table.ts'
import type { Change } from '../operation.ts'
import type { ChangeOptions } from '../rows/changing-connection.ts'
import { CONSTRAINT } from '../rules/column-rules.ts'
import { guarded, violation } from '../rules/guard-rows.ts'
import { type RowRule, rowRules } from '../rules/row-rules.ts'
import { changedMetadata } from '../schema/changed-metadata.ts'
import type { Snapshot } from '../snapshot.ts'

/** The name under which a table keeps a constraint; undefined when it has none of the name. */
function keyOf({ properties }: Snapshot, name: string): string | undefined {
  return Object.keys(properties).find((key) => key.toLowerCase() === `${CONSTRAINT}${name}`.toLowerCase())
}

/**
 * A table with one more constraint, which all its rows keep.
 * @throws MillraceError OPTION_INVALID when there is one of the name, DELTA_CONSTRAINT_VIOLATED by a row that is there,
 *   DELTA_EXPRESSION_UNSUPPORTED, COLUMN_UNKNOWN
 */
export async function withConstraint(
  table: DeltaTable,
  base: Snapshot,
  name: string,
  expression: string,
  { connection, signal }: ChangeOptions,
): Promise<Change> {
  if (!/^\w+$/.test(name)) throw new MillraceError('OPTION_INVALID', `"${name}" is no name of a constraint`)
  if (keyOf(base, name) !== undefined) {
    throw new MillraceError('OPTION_INVALID', `there is a constraint "${name}" already`, {
      hint: 'Drop it first, or choose another name.',
    })
  }
  const key = `${CONSTRAINT}${name}`
  const rules = rowRules(
    { fields: base.schema.fields.map(({ metadata: _, ...field }) => field) },
    { [key]: expression },
  )
  await checkRows(table, base, rules, { connection, ...(signal ? { signal } : {}) })
  return {
    kind: 'change',
    name: 'ADD CONSTRAINT',
    parameters: { name, expr: expression },
    ...changedMetadata(base, base.schema, { ...base.properties, [key]: expression }),
    read: { kind: 'table' },
  }
}

/**
 * Looks at every row of a version.
 * @throws MillraceError DELTA_CONSTRAINT_VIOLATED, DELTA_SCHEMA_MISMATCH (null) by one that does not keep to the rules
 */
export async function checkRows(
  table: DeltaTable,
  base: Snapshot,
  rules: readonly RowRule[],
  { connection, signal }: ChangeOptions,
): Promise<void> {
  const [first] = base.schema.fields
  if (!first) return
  const stopping = signal ? { signal } : {}
  const rows = sql`select * from ${await table.relation(base, stopping)} as present`
  const checked = sql`select count(${id(first.name)}) as present from (${guarded(rows, base.schema, rules)}) as checked`
  try {
    await connection.rows(checked, stopping)
  } catch (thrown) {
    throw violation(thrown) ?? thrown
  }
}

/** A table without a constraint. @throws MillraceError OPTION_INVALID when it has none of the name, unless `ifExists` */
export function withoutConstraint(base: Snapshot, name: string, { ifExists = false } = {}): Change | undefined {
  const key = keyOf(base, name)
  if (key === undefined) {
    if (ifExists) return undefined
    const known = Object.keys(base.properties).flatMap((one) =>
      one.startsWith(CONSTRAINT) ? [one.slice(CONSTRAINT.length)] : [],
    )
    throw new MillraceError('OPTION_INVALID', `there is no constraint "${name}"`, {
      hint: known.length > 0 ? `There are ${known.join(', ')}.` : 'The table has none.',
    })
  }
  const { [key]: expression, ...properties } = base.properties
  return {
    kind: 'change',
    name: 'DROP CONSTRAINT',
    parameters: { name, expr: expression, existed: 'true' },
    ...changedMetadata(base, base.schema, properties),
    read: { kind: 'nothing' },
  }
}
