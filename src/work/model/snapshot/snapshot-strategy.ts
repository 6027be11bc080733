import { id, join, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { SnapshotSettings } from './snapshot-settings.ts'

/** The names under which a strategy's expressions find the open records and the source's rows. */
export const SNAPSHOTTED = 'snapshotted_data'
export const SOURCE = 'source_data'

/** How a strategy tells that a row changed. All but `changed` are expressions over the source's columns. */
export interface SnapshotStrategy {
  readonly uniqueKey: readonly Sql[]
  /** When the row got the values it has. */
  readonly updatedAt: Sql
  /** Whether a row of `source_data` differs from its open record in `snapshotted_data`. */
  readonly changed: Sql
  /** The record's own key. */
  readonly scdId: Sql
}

/** Trusts the source's own time of change. */
export function timestampStrategy(settings: SnapshotSettings): SnapshotStrategy {
  const updatedAt = trusted(settings.updatedAt ?? '')
  const uniqueKey = settings.uniqueKey.map((key) => trusted(key))
  return {
    uniqueKey,
    updatedAt,
    // Not the user's column of the record: it may have been snapshotted with another strategy.
    changed: sql`(${trusted(SNAPSHOTTED)}.${trusted(settings.columns.dbt_valid_from)} < ${trusted(SOURCE)}.${updatedAt})`,
    scdId: hashOf([...uniqueKey, updatedAt]),
  }
}

/**
 * Compares columns. `compared` are those that both sides have; when the source has gained one, every row counts as
 * changed. `now` is the engine's expression for the present.
 */
export function checkStrategy(
  settings: SnapshotSettings,
  found: { readonly compared: readonly string[]; readonly gained: boolean },
  now: Sql,
): SnapshotStrategy {
  const updatedAt = settings.updatedAt === undefined ? now : trusted(settings.updatedAt)
  const uniqueKey = settings.uniqueKey.map((key) => trusted(key))
  const differs = found.compared.map((name) => {
    const [was, is] = [sql`${trusted(SNAPSHOTTED)}.${id(name)}`, sql`${trusted(SOURCE)}.${id(name)}`]
    return sql`${was} is distinct from ${is}`
  })
  return {
    uniqueKey,
    updatedAt,
    changed: found.gained ? sql`true` : differs.length === 0 ? sql`false` : sql`(${join(differs, ' or ')})`,
    scdId: hashOf([...uniqueKey, updatedAt]),
  }
}

/** dbt's hash of values: md5 over their texts with `|` between. */
export function hashOf(parts: readonly Sql[]): Sql {
  return sql`md5(${join(
    parts.map((part) => sql`coalesce(cast(${part} as varchar), '')`),
    " || '|' || ",
  )})`
}
