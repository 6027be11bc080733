import { failpoint, MillraceError, unknownName } from '../../../base/kernel/index.ts'
import { id, join, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { Column } from '../column.ts'
import { listed } from '../config-tree.ts'
import type { NodeConfig } from '../node.ts'
import { Relation } from '../relation.ts'
import type { Materialization, MaterializationInput } from './materialization.ts'
import { applySchemaChange, compareColumns, ON_SCHEMA_CHANGE, schemaChanged } from './schema-change.ts'
import { body, columnsOf, perform } from './statements.ts'
import { rebuild } from './table.ts'

const STRATEGIES = ['delete+insert', 'append', 'merge', 'default'] as const
type Strategy = (typeof STRATEGIES)[number]

/**
 * Adds the rows of a query to a table: `delete+insert` (the default with DuckDB), `append` or `merge`, all in one
 * transaction. The first run, a full refresh and a view in its place rebuild it like a table.
 */
export const incrementalMaterialization: Materialization = {
  name: 'incremental',
  async run(input) {
    const strategy = strategyOf(input)
    await input.hooks('pre', 'around')
    let rows: number | undefined
    await input.connection.transaction(async () => {
      await input.hooks('pre', 'inside')
      if (!input.existing || input.existing.is_view || input.fullRefresh) await rebuild(input)
      else rows = await increment(input, strategy)
      await input.hooks('post', 'inside')
      failpoint('model.before-commit')
    })
    failpoint('model.after-commit')
    await input.hooks('post', 'around')
    return { message: 'OK', ...(rows === undefined ? {} : { rows }) }
  },
}

function strategyOf({ node }: MaterializationInput): Strategy {
  const written = node.config['incremental_strategy'] ?? 'default'
  const strategy = STRATEGIES.find((known) => known === written)
  if (strategy) return strategy
  throw unknownName('MODEL_INVALID', `building ${node.name}: the incremental_strategy`, String(written), STRATEGIES, {
    at: { file: node.original_file_path },
  })
}

async function increment(input: MaterializationInput, strategy: Strategy): Promise<number> {
  const { config } = input.node
  const staged = `${input.target.identifier}__dbt_tmp`
  const source = id('temp', 'main', staged)
  await perform(input, sql`create or replace temporary table ${source} as (${body(input.sql)})`)
  const columns = await reconcile(input, staged)
  const predicates = listed(config['incremental_predicates'] ?? config['predicates']).map((text) =>
    trusted(String(text)),
  )
  const keys = listed(config['unique_key']).map(String)
  let rows = 0
  if (strategy === 'merge') {
    rows = await perform(input, mergeOf(input.target, source, keys, columns, predicates, config))
  } else {
    if (strategy !== 'append' && keys.length > 0)
      await perform(input, deleteOf(input.target, source, config['unique_key'], predicates))
    const names = join(columns.map(({ name }) => id(name)))
    rows = await perform(input, sql`insert into ${input.target.sql()} (${names}) (select ${names} from ${source})`)
  }
  await perform(input, sql`drop table if exists ${source}`)
  return rows
}

/** The columns to write, after the target was altered as `on_schema_change` says. */
async function reconcile(input: MaterializationInput, staged: string): Promise<readonly Column[]> {
  const { node, target, connection } = input
  const written = node.config['on_schema_change'] ?? 'ignore'
  const setting = ON_SCHEMA_CHANGE.find((known) => known === written)
  if (!setting) {
    throw unknownName('MODEL_INVALID', `building ${node.name}: on_schema_change`, String(written), ON_SCHEMA_CHANGE, {
      at: { file: node.original_file_path },
    })
  }
  const before = await columnsOf(connection, target)
  if (setting === 'ignore') return before
  const source = await columnsOf(connection, new Relation({ database: 'temp', schema: 'main', identifier: staged }))
  const change = compareColumns(source, before)
  const changed = change.added.length + change.removed.length + change.retyped.length > 0
  if (!changed) return source
  if (setting === 'fail') throw schemaChanged(node.name, change)
  await applySchemaChange(input, change, setting)
  return source
}

function deleteOf(target: Relation, source: Sql, key: unknown, predicates: readonly Sql[]): Sql {
  const extra = predicates.map((predicate) => sql` and ${predicate}`)
  // A key is SQL of the user's, not always a column: dbt allows an expression.
  if (Array.isArray(key)) {
    const same = key.map(
      (part) => sql`dbt_source.${trusted(String(part))} = dbt_incremental_target.${trusted(String(part))}`,
    )
    return sql`delete from ${target.sql()} as dbt_incremental_target using ${source} as dbt_source where (${join(same, ' and ')}${join(extra, '')})`
  }
  const text = trusted(String(key))
  return sql`delete from ${target.sql()} where (${text}) in (select (${text}) from ${source})${join(extra, '')}`
}

function mergeOf(
  target: Relation,
  source: Sql,
  keys: readonly string[],
  columns: readonly Column[],
  predicates: readonly Sql[],
  config: NodeConfig,
): Sql {
  const on = keys.map((key) => sql`dbt_internal_source.${trusted(key)} = dbt_internal_dest.${trusted(key)}`)
  const conditions = [...(on.length ? on : [sql`false`]), ...predicates.map((predicate) => sql`(${predicate})`)]
  const included = lower(config['merge_update_columns'])
  const excluded = lower(config['merge_exclude_columns'])
  if (included.size > 0 && excluded.size > 0) {
    throw new MillraceError(
      'MODEL_INVALID',
      `merging into ${target.identifier}: merge_update_columns and merge_exclude_columns exclude each other`,
    )
  }
  const updated = columns.filter(
    ({ name }) => (included.size === 0 || included.has(name.toLowerCase())) && !excluded.has(name.toLowerCase()),
  )
  const sets = updated.map(({ name }) => sql`${id(name)} = dbt_internal_source.${id(name)}`)
  const matched = keys.length > 0 && sets.length > 0 ? sql`when matched then update set ${join(sets)} ` : sql``
  const names = join(columns.map(({ name }) => id(name)))
  const values = join(columns.map(({ name }) => sql`dbt_internal_source.${id(name)}`))
  return sql`merge into ${target.sql()} as dbt_internal_dest using ${source} as dbt_internal_source on ${join(conditions, ' and ')} ${matched}when not matched then insert (${names}) values (${values})`
}

function lower(setting: unknown): Set<string> {
  return new Set(listed(setting).map((name) => String(name).toLowerCase()))
}
