import { id, join, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { MetaColumns, SnapshotSettings } from './snapshot-settings.ts'
import { hashOf, SNAPSHOTTED, type SnapshotStrategy, SOURCE } from './snapshot-strategy.ts'

/** What the statements of one snapshot are made of. */
export interface SnapshotPlan {
  readonly settings: SnapshotSettings
  readonly strategy: SnapshotStrategy
  /** The compiled query of the source's rows. */
  readonly source: Sql
  readonly target: Sql
  /** The engine's expression for the present. */
  readonly now: Sql
}

/** The query whose rows are a snapshot's first records. */
export function firstRecords({ settings, strategy, source }: SnapshotPlan): Sql {
  const names = namesOf(settings.columns)
  const gone = settings.hardDeletes === 'new_record' ? sql`, 'False' as ${names.isDeleted}` : sql``
  return sql`select *, ${strategy.scdId} as ${names.scdId}, ${strategy.updatedAt} as ${names.updatedAt}, ${strategy.updatedAt} as ${names.validFrom}, ${openEnd(settings, strategy)} as ${names.validTo}${gone} from (${source}) sbq`
}

/**
 * The query of what a run changes: rows of `insert` are new records, those of `update` and `delete` close the open
 * record with their `dbt_scd_id`. `columns` are the source's, needed for records that say that a row is gone.
 */
export function changes(plan: SnapshotPlan, columns: readonly string[]): Sql {
  const { settings, strategy, source, target, now } = plan
  const names = namesOf(settings.columns)
  const [was, is] = [trusted(SNAPSHOTTED), trusted(SOURCE)]
  const records = settings.hardDeletes === 'new_record'
  const keys = strategy.uniqueKey.map((_, index) => trusted(keyName(index)))
  const keyed = join(strategy.uniqueKey.map((key, index) => sql`${key} as ${trusted(keyName(index))}`))
  const same = join(
    keys.map((key) => sql`${was}.${key} = ${is}.${key}`),
    ' and ',
  )
  const missing = (side: Sql): Sql => sql`${side}.${keys[0] ?? sql``} is null`
  const wasGone = sql`${was}.${names.isDeleted} = 'True'`
  const changed = records ? sql`(${strategy.changed} or ${wasGone})` : sql`(${strategy.changed})`
  const gone = (value: Sql): Sql => (records ? sql`, ${value} as ${names.isDeleted}` : sql``)
  const found = sql`
    snapshot_query as (${source}),
    ${was} as (select *, ${keyed} from ${target} where ${isOpen(settings, sql``)}),
    insertions_source_data as (
      select *, ${keyed}, ${strategy.updatedAt} as ${names.updatedAt}, ${strategy.updatedAt} as ${names.validFrom},
        ${openEnd(settings, strategy)} as ${names.validTo}, ${strategy.scdId} as ${names.scdId}
      from snapshot_query
    ),
    updates_source_data as (
      select *, ${keyed}, ${strategy.updatedAt} as ${names.updatedAt}, ${strategy.updatedAt} as ${names.validFrom},
        ${strategy.updatedAt} as ${names.validTo}
      from snapshot_query
    )`
  const insertions = sql`
    select 'insert' as dbt_change_type, ${is}.*${gone(sql`'False'`)}
    from insertions_source_data as ${is} left join ${was} on ${same}
    where ${missing(was)} or ${changed}`
  const updates = sql`
    select 'update' as dbt_change_type, ${is}.*, ${was}.${names.scdId}${gone(sql`${was}.${names.isDeleted}`)}
    from updates_source_data as ${is} join ${was} on ${same}
    where ${changed}`
  if (settings.hardDeletes === 'ignore') return sql`with ${found} ${insertions} union all ${updates}`
  const left = sql`
    from ${was} left join deletes_source_data as ${is} on ${same}
    where ${missing(is)}${records ? sql` and not (${wasGone})` : sql``}`
  const deletes = sql`
    select 'delete' as dbt_change_type, ${is}.*, ${now} as ${names.updatedAt}, ${now} as ${names.validFrom},
      ${now} as ${names.validTo}, ${was}.${names.scdId}${gone(sql`${was}.${names.isDeleted}`)}${left}`
  const all = sql`with ${found}, deletes_source_data as (select *, ${keyed} from snapshot_query)
    ${insertions} union all ${updates} union all ${deletes}`
  if (!records) return all
  const values = columns.map((name) => sql`${was}.${id(name)}`)
  const keysWere = keys.map((key) => sql`${was}.${key}`)
  return sql`${all} union all
    select 'insert' as dbt_change_type, ${join([...values, ...keysWere])}, ${now} as ${names.updatedAt},
      ${now} as ${names.validFrom}, ${was}.${names.validTo}, ${hashOf([sql`${was}.${names.scdId}`, now])} as ${names.scdId},
      'True' as ${names.isDeleted}${left}`
}

/** Writes the end of the open records that staged rows close. */
export function closeRecords({ settings, target }: SnapshotPlan, staged: Sql): Sql {
  const { validTo, scdId } = namesOf(settings.columns)
  return sql`update ${target} as dbt_internal_dest set ${validTo} = dbt_internal_source.${validTo} from ${staged} as dbt_internal_source where dbt_internal_source.${scdId} = dbt_internal_dest.${scdId} and dbt_internal_source.dbt_change_type in ('update', 'delete') and ${isOpen(settings, sql`dbt_internal_dest.`)}`
}

/** Adds the staged records. */
export function addRecords({ target }: SnapshotPlan, staged: Sql, columns: readonly string[]): Sql {
  const names = join(columns.map((name) => id(name)))
  return sql`insert into ${target} (${names}) select ${names} from ${staged} where dbt_change_type = 'insert'`
}

/** Names of columns that only the staged rows have. */
export function stagingColumns(settings: SnapshotSettings): string[] {
  return ['dbt_change_type', ...settings.uniqueKey.map((_, index) => keyName(index))]
}

function keyName(index: number): string {
  return `dbt_unique_key_${index + 1}`
}

function isOpen({ columns, validToCurrent }: SnapshotSettings, side: Sql): Sql {
  const end = sql`${side}${trusted(columns.dbt_valid_to)}`
  return validToCurrent === undefined
    ? sql`${end} is null`
    : sql`(${end} = ${trusted(validToCurrent)} or ${end} is null)`
}

/** What stands in `dbt_valid_to` of an open record, of the type that `updated_at` has. */
function openEnd({ validToCurrent }: SnapshotSettings, { updatedAt }: SnapshotStrategy): Sql {
  return sql`coalesce(nullif(${updatedAt}, ${updatedAt}), ${trusted(validToCurrent ?? 'null')})`
}

function namesOf(columns: MetaColumns): Record<'scdId' | 'updatedAt' | 'validFrom' | 'validTo' | 'isDeleted', Sql> {
  return {
    scdId: trusted(columns.dbt_scd_id),
    updatedAt: trusted(columns.dbt_updated_at),
    validFrom: trusted(columns.dbt_valid_from),
    validTo: trusted(columns.dbt_valid_to),
    isDeleted: trusted(columns.dbt_is_deleted),
  }
}
