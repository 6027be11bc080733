import { MillraceError } from '../../../base/kernel/index.ts'
import { id, sql, trusted } from '../../../base/sql/index.ts'
import type { Column } from '../context/column.ts'
import { pythonRepr } from '../python-text.ts'
import type { MaterializationInput } from './materialization.ts'
import { perform } from './statements.ts'

/** What to do when an incremental model's columns are no longer those of its table. */
export const ON_SCHEMA_CHANGE = ['ignore', 'fail', 'append_new_columns', 'sync_all_columns'] as const
export type OnSchemaChange = (typeof ON_SCHEMA_CHANGE)[number]

/** How the columns of a model differ from those of its table. */
export interface SchemaChange {
  /** Columns that only the model has. */
  readonly added: readonly Column[]
  /** Columns that only the table has. */
  readonly removed: readonly Column[]
  readonly retyped: readonly { readonly column_name: string; readonly new_type: string }[]
}

/** Compares columns by names as the engine does, which `fold` tells, and by types. */
export function compareColumns(
  source: readonly Column[],
  target: readonly Column[],
  fold: (name: string) => string,
): SchemaChange {
  const byName = (columns: readonly Column[]) => new Map(columns.map((column) => [fold(column.name), column]))
  const bySource = byName(source)
  const byTarget = byName(target)
  return {
    added: source.filter(({ name }) => !byTarget.has(fold(name))),
    removed: target.filter(({ name }) => !bySource.has(fold(name))),
    retyped: source.flatMap((column) => {
      const old = byTarget.get(fold(column.name))
      const differs = old && old.declared_type !== column.declared_type && !column.can_expand_to(old)
      return differs ? [{ column_name: old.name, new_type: column.declared_type }] : []
    }),
  }
}

/** dbt's words for a change under `on_schema_change: fail`. */
export function schemaChanged(model: string, change: SchemaChange): MillraceError {
  const list = (columns: readonly Column[]): string =>
    `[${columns.map(({ name, declared_type }) => `${name} ${declared_type}`).join(', ')}]`
  const message = [
    'The source and target schemas on this incremental model are out of sync!',
    `Source columns not in target: ${list(change.added)}`,
    `Target columns not in source: ${list(change.removed)}`,
    `New column types: ${pythonRepr(change.retyped)}`,
  ]
  return new MillraceError('MODEL_SCHEMA_CHANGED', `building ${model}: ${message.join('\n  ')}`, {
    hint: 'Set on_schema_change to append_new_columns or sync_all_columns, run with --full-refresh, or alter the table by hand.',
    data: {
      added: change.added.map(({ name, declared_type }) => ({ name, type: declared_type })),
      removed: change.removed.map(({ name, declared_type }) => ({ name, type: declared_type })),
      retyped: change.retyped,
    },
  })
}

/** Alters the target as far as the setting allows. Runs inside the model's transaction. */
export async function applySchemaChange(
  input: MaterializationInput,
  change: SchemaChange,
  setting: OnSchemaChange,
): Promise<void> {
  const target = input.target.sql()
  if (setting !== 'append_new_columns' && setting !== 'sync_all_columns') return
  for (const { name, declared_type } of change.added) {
    await perform(input, sql`alter table ${target} add column ${id(name)} ${trusted(declared_type)}`)
  }
  if (setting !== 'sync_all_columns') return
  for (const { name } of change.removed) await perform(input, sql`alter table ${target} drop column ${id(name)}`)
  for (const { column_name, new_type } of change.retyped) {
    for (const statement of input.dialect.retype(input.target, column_name, new_type)) await perform(input, statement)
  }
}
