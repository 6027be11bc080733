import { MillraceError, unknownName } from '../../../base/kernel/index.ts'
import type { Node } from '../node.ts'
import { isTree, listed } from '../read/config-tree.ts'

/** What becomes of a row that is no longer in the source: nothing, its end is written, or a record says it is gone. */
export const HARD_DELETES = ['ignore', 'invalidate', 'new_record'] as const
export type HardDeletes = (typeof HARD_DELETES)[number]

/** The columns a snapshot adds, under the names that `snapshot_meta_column_names` gives them. */
export interface MetaColumns {
  readonly dbt_valid_from: string
  readonly dbt_valid_to: string
  readonly dbt_scd_id: string
  readonly dbt_updated_at: string
  readonly dbt_is_deleted: string
}

/** A snapshot's own configuration, checked. */
export interface SnapshotSettings {
  /** `timestamp`, `check`, or the middle of a macro's name: `snapshot_<strategy>_strategy`. */
  readonly strategy: string
  /** SQL of the user's: names of columns, or expressions. */
  readonly uniqueKey: readonly string[]
  readonly updatedAt: string | undefined
  readonly checkColumns: 'all' | readonly string[]
  readonly hardDeletes: HardDeletes
  /** SQL that stands in `dbt_valid_to` of a record that is still valid, in place of null. */
  readonly validToCurrent: string | undefined
  readonly columns: MetaColumns
}

const COLUMNS: MetaColumns = {
  dbt_valid_from: 'dbt_valid_from',
  dbt_valid_to: 'dbt_valid_to',
  dbt_scd_id: 'dbt_scd_id',
  dbt_updated_at: 'dbt_updated_at',
  dbt_is_deleted: 'dbt_is_deleted',
}

/**
 * Reads and checks what a snapshot is configured to do, with dbt's rules.
 * @throws MillraceError MODEL_INVALID at the snapshot's file
 */
export function snapshotSettings(node: Node): SnapshotSettings {
  const { config } = node
  const at = { file: node.original_file_path }
  const invalid = (message: string, hint: string): MillraceError =>
    new MillraceError('MODEL_INVALID', `reading the snapshot ${node.name}: ${message}`, { at, hint })
  const strategy = config['strategy']
  const uniqueKey = listed(config['unique_key']).map(String)
  if (typeof strategy !== 'string' || strategy === '' || uniqueKey.length === 0) {
    throw invalid(
      'it needs a `strategy` and a `unique_key`',
      "Write {{ config(strategy='timestamp', unique_key='id', updated_at='updated_at') }}, or strategy='check' with check_cols.",
    )
  }
  const updatedAt = textOf(config['updated_at'])
  const check = config['check_cols']
  if (strategy === 'timestamp') {
    if (updatedAt === undefined)
      throw invalid('the strategy `timestamp` needs `updated_at`', 'Name the column that tells when a row changed.')
    if (listed(check).length > 0)
      throw invalid('the strategy `timestamp` takes no `check_cols`', 'Take them out, or set strategy to check.')
  }
  if (strategy === 'check' && (listed(check).length === 0 || (typeof check === 'string' && check !== 'all'))) {
    throw invalid('the strategy `check` needs `check_cols`', "Write check_cols='all', or a list of columns.")
  }
  if (config.materialized !== 'snapshot')
    throw invalid(`it cannot be materialized as ${config.materialized}`, 'Take `materialized` out.')
  for (const name of Object.keys(columnNames(node))) {
    if (!(name in COLUMNS)) {
      throw unknownName('MODEL_INVALID', `reading the snapshot ${node.name}: the column`, name, Object.keys(COLUMNS), {
        at,
      })
    }
  }
  return {
    strategy,
    uniqueKey,
    updatedAt,
    checkColumns: check === 'all' ? 'all' : listed(check).map(String),
    hardDeletes: hardDeletesOf(node),
    validToCurrent: textOf(config['dbt_valid_to_current']),
    columns: metaColumns(node),
  }
}

/** The columns that a snapshot adds, with the names that it gives them. */
export function metaColumns(node: Node): MetaColumns {
  const names = columnNames(node)
  return Object.fromEntries(
    Object.entries(COLUMNS).map(([key, fallback]) => [key, textOf(names[key]) ?? fallback]),
  ) as unknown as MetaColumns
}

function columnNames({ config }: Node): Readonly<Record<string, unknown>> {
  return isTree(config['snapshot_meta_column_names']) ? config['snapshot_meta_column_names'] : {}
}

function hardDeletesOf({ name, config, original_file_path: file }: Node): HardDeletes {
  const [written, old] = [config['hard_deletes'] ?? undefined, config['invalidate_hard_deletes'] ?? undefined]
  if (written !== undefined && old !== undefined) {
    throw new MillraceError(
      'MODEL_INVALID',
      `reading the snapshot ${name}: both hard_deletes and invalidate_hard_deletes are set`,
      { at: { file }, hint: 'Keep hard_deletes.' },
    )
  }
  if (old === true) return 'invalidate'
  const found = HARD_DELETES.find((one) => one === (written ?? 'ignore'))
  if (found) return found
  throw unknownName('MODEL_INVALID', `reading the snapshot ${name}: hard_deletes`, String(written), HARD_DELETES, {
    at: { file },
  })
}

function textOf(value: unknown): string | undefined {
  return value === undefined || value === null || value === '' ? undefined : String(value)
}
