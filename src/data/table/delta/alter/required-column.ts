import { type Field, MillraceError, type Schema } from '../../../../base/kernel/index.ts'
import type { DeltaTable } from '../delta-table.ts'
import type { Change } from '../operation.ts'
import type { ChangeOptions } from '../rows/changing-connection.ts'
import { notNullRule } from '../rules/row-rules.ts'
import type { Snapshot } from '../snapshot.ts'
import type { ColumnChange } from './alter-schema.ts'
import { type ColumnPath, pathOf } from './change-field.ts'
import { checkRows } from './constraints.ts'
import { changeColumnChange } from './table-changes.ts'

/**
 * Plans a column that becomes another; one that must not be null from then on, only if no row that is there lacks it.
 * @throws MillraceError see `withChanged`; DELTA_SCHEMA_MISMATCH by a row with null, OPTION_MISSING without a connection
 */
export async function changedColumn(
  table: DeltaTable,
  base: Snapshot,
  column: ColumnPath,
  becomes: ColumnChange,
  options: Partial<ChangeOptions>,
): Promise<Change> {
  const change = changeColumnChange(base, column, becomes)
  const found = becomes.nullable === false ? fieldsOf(base.schema, column) : []
  if (!found.at(-1)?.nullable) return change
  const { connection, signal } = options
  if (!connection) {
    throw new MillraceError('OPTION_MISSING', `forbidding null in column "${column}" without a connection`, {
      hint: 'The rows that are there must be looked at: changeColumn(column, { nullable: false }, { connection }).',
    })
  }
  const rule = notNullRule(found.map(({ name }) => name))
  await checkRows(table, base, [rule], { connection, ...(signal ? { signal } : {}) })
  return { ...change, read: { kind: 'table' } }
}

/** The fields that a path leads through, down to the last. */
function fieldsOf(schema: Schema, column: ColumnPath): Field[] {
  const found: Field[] = []
  let fields: readonly Field[] = schema.fields
  for (const name of pathOf(column)) {
    const field = fields.find((one) => one.name.toLowerCase() === name.toLowerCase())
    if (!field) {
      throw new MillraceError('OPTION_INVALID', `forbidding null in "${column}", which lies in a list or a map`)
    }
    found.push(field)
    fields = field.type.kind === 'struct' ? field.type.fields : []
  }
  return found
}
