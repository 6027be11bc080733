import { MillraceError, unknownName } from '../../../base/kernel/index.ts'
import { id, inline, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { Relation } from '../context/relation.ts'
import type { Built } from '../dialect/index.ts'
import { isTree, listed } from '../read/config-tree.ts'
import { type SnapshotSettings, snapshotSettings } from '../snapshot/snapshot-settings.ts'
import {
  addRecords,
  changes,
  closeRecords,
  firstRecords,
  type SnapshotPlan,
  stagingColumns,
} from '../snapshot/snapshot-statements.ts'
import {
  checkStrategy,
  SNAPSHOTTED,
  type SnapshotStrategy,
  SOURCE,
  timestampStrategy,
} from '../snapshot/snapshot-strategy.ts'
import type { Materialization, MaterializationInput } from './materialization.ts'
import { body, perform } from './statements.ts'
import { replace } from './table.ts'

/**
 * Keeps the history of rows (a slowly changing dimension of type 2): records that are no longer true are closed and
 * new ones added, in one transaction. A full refresh leaves the history alone, as in dbt.
 */
export const snapshotMaterialization: Materialization = {
  name: 'snapshot',
  async run(input) {
    const settings = snapshotSettings(input.node)
    const { existing } = input
    if (existing && !existing.is_table) {
      throw new MillraceError(
        'MODEL_FAILED',
        `taking the snapshot ${input.node.name}: ${existing.render()} is a view`,
        {
          at: { file: input.node.original_file_path },
          hint: 'Drop the view, or give the snapshot another alias.',
        },
      )
    }
    return replace(input, () => (existing ? record(input, settings, existing) : begin(input, settings)))
  },
}

async function begin(input: MaterializationInput, settings: SnapshotSettings): Promise<Built> {
  const plan = await planOf(input, settings, undefined)
  return input.dialect.buildTable({ ...input, sql: inline(firstRecords(plan), input.connection.engine.dialect) })
}

async function record(input: MaterializationInput, settings: SnapshotSettings, existing: Relation): Promise<Built> {
  const { connection, dialect, target } = input
  await refuseOtherTables(input, settings, existing)
  const plan = await planOf(input, settings, existing)
  const columns = await queryColumns(input)
  // Added before the changes are looked for, so that records of rows that are gone have the new columns too.
  const held = new Set((await dialect.columnsOf(connection, existing)).map(({ name }) => dialect.fold(name)))
  const fresh = columns.filter((name) => !held.has(dialect.fold(name)))
  if (fresh.length > 0) await addColumns(input, new Set(fresh))
  const staged = dialect.staged(target)
  for (const statement of dialect.stage(staged, changes(plan, columns))) await perform(input, statement)
  await dialect.expandColumns(input, staged)
  const own = new Set(stagingColumns(settings))
  const all = (await dialect.columnsOf(connection, staged)).map(({ name }) => name).filter((name) => !own.has(name))
  await perform(input, closeRecords(plan, staged.sql()))
  const rows = await perform(input, addRecords(plan, staged.sql(), all))
  await perform(input, sql`drop table if exists ${staged.sql()}`)
  return { message: 'OK', rows, settle: () => dialect.settleIncrement(input) }
}

/** The columns of the source's query that are new, with the types they have there. */
async function addColumns(input: MaterializationInput, fresh: ReadonlySet<string>): Promise<void> {
  const { connection, dialect, target } = input
  const shape = dialect.staged(target)
  for (const statement of dialect.stage(shape, sql`select * from (${body(input.sql)}) sbq limit 0`))
    await perform(input, statement)
  for (const { name, data_type } of await dialect.columnsOf(connection, shape)) {
    if (!fresh.has(name)) continue
    await perform(input, sql`alter table ${target.sql()} add column ${id(name)} ${trusted(data_type)}`)
  }
  await perform(input, sql`drop table if exists ${shape.sql()}`)
}

async function queryColumns(input: MaterializationInput, query: Sql = body(input.sql)): Promise<string[]> {
  const { fields } = await input.connection.describe(sql`select * from (${query}) sbq`)
  return fields.map(({ name }) => name)
}

async function planOf(
  input: MaterializationInput,
  settings: SnapshotSettings,
  existing: Relation | undefined,
): Promise<SnapshotPlan> {
  const now = input.macros.overrides('snapshot_get_time')
    ? trusted(String(await input.macros.call('snapshot_get_time', [])).trim())
    : input.dialect.now
  const strategy = await strategyOf(input, settings, existing, now)
  return { settings, strategy, source: body(input.sql), target: input.target.sql(), now }
}

async function strategyOf(
  input: MaterializationInput,
  settings: SnapshotSettings,
  existing: Relation | undefined,
  now: Sql,
): Promise<SnapshotStrategy> {
  const { macros, node } = input
  const dot = settings.strategy.lastIndexOf('.')
  const macro = `${settings.strategy.slice(0, dot + 1)}snapshot_${settings.strategy.slice(dot + 1)}_strategy`
  if (macros.overrides(macro)) return writtenStrategy(input, settings, macro, existing !== undefined)
  if (settings.strategy === 'timestamp') return timestampStrategy(settings)
  if (settings.strategy === 'check') {
    const found = existing ? await comparedColumns(input, settings, existing) : { compared: [], gained: false }
    return checkStrategy(settings, found, now)
  }
  throw unknownName(
    'MODEL_INVALID',
    `taking the snapshot ${node.name}: the strategy`,
    settings.strategy,
    ['timestamp', 'check'],
    { at: { file: node.original_file_path }, hint: `A strategy of your own is a macro named ${macro}.` },
  )
}

/** A strategy that a macro of the project answers: a dict of expressions. */
async function writtenStrategy(
  input: MaterializationInput,
  settings: SnapshotSettings,
  macro: string,
  exists: boolean,
): Promise<SnapshotStrategy> {
  const { node } = input
  const answer = await input.macros.call(macro, [node, SNAPSHOTTED, SOURCE, node.config, exists])
  const text = (key: string): string => {
    const value = isTree(answer) ? answer[key] : undefined
    if (typeof value === 'string' && value.trim() !== '') return value
    throw new MillraceError('MODEL_INVALID', `taking the snapshot ${node.name}: ${macro} answered no "${key}"`, {
      at: { file: node.original_file_path },
      hint: 'It must return a dict with unique_key, updated_at, row_changed and scd_id, each an SQL expression.',
    })
  }
  const keys = isTree(answer) ? listed(answer['unique_key']).map(String) : []
  return {
    uniqueKey: (keys.length > 0 ? keys : settings.uniqueKey).map((key) => trusted(key)),
    updatedAt: trusted(text('updated_at')),
    changed: trusted(text('row_changed')),
    scdId: trusted(text('scd_id')),
  }
}

async function comparedColumns(
  input: MaterializationInput,
  { checkColumns }: SnapshotSettings,
  existing: Relation,
): Promise<{ compared: string[]; gained: boolean }> {
  const { connection, dialect } = input
  const query =
    checkColumns === 'all'
      ? body(input.sql)
      : // The names are the user's SQL, so the engine tells what columns they are.
        sql`select ${trusted(checkColumns.join(', '))} from (${body(input.sql)}) sbq`
  const wanted = await queryColumns(input, query)
  const held = new Map((await dialect.columnsOf(connection, existing)).map(({ name }) => [dialect.fold(name), name]))
  const compared = wanted.filter((name) => held.has(dialect.fold(name)))
  return { compared, gained: compared.length < wanted.length }
}

/** @throws MillraceError MODEL_FAILED for a table that no snapshot with these columns made */
async function refuseOtherTables(
  { connection, dialect, node }: MaterializationInput,
  { columns, hardDeletes }: SnapshotSettings,
  existing: Relation,
): Promise<void> {
  const held = new Set((await dialect.columnsOf(connection, existing)).map(({ name }) => name.toLowerCase()))
  const { dbt_is_deleted: gone, dbt_updated_at: _, ...needed } = columns
  const missing = [...Object.values(needed), ...(hardDeletes === 'new_record' ? [gone] : [])].filter(
    (name) => !held.has(name.toLowerCase()),
  )
  if (missing.length === 0) return
  throw new MillraceError(
    'MODEL_FAILED',
    `taking the snapshot ${node.name}: Snapshot target is missing configured columns (${missing.join(', ')}) in ${existing.render()}`,
    {
      at: { file: node.original_file_path },
      hint: 'It was made otherwise. Add the columns, set snapshot_meta_column_names to those it has, or give the snapshot another alias.',
    },
  )
}
