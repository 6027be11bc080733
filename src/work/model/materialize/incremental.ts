import { MillraceError, unknownName } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { Column } from '../context/column.ts'
import type { Relation } from '../context/relation.ts'
import type { Built } from '../dialect/index.ts'
import { listed } from '../read/config-tree.ts'
import type { Materialization, MaterializationInput } from './materialization.ts'
import { momentText } from './plan-batches.ts'
import { applySchemaChange, compareColumns, ON_SCHEMA_CHANGE, schemaChanged } from './schema-change.ts'
import { body, perform } from './statements.ts'
import { replace } from './table.ts'

const STRATEGIES = ['delete+insert', 'append', 'merge', 'microbatch', 'default'] as const
type Strategy = (typeof STRATEGIES)[number] | { readonly macro: string }

/**
 * Adds the rows of a query to a table: `delete+insert` (the default with DuckDB), `append` or `merge`, all in one
 * transaction. The first run, a full refresh and a view in its place rebuild it like a table.
 */
export const incrementalMaterialization: Materialization = {
  name: 'incremental',
  async run(input) {
    const strategy = strategyOf(input)
    await input.dialect.checkStrategy(input.connection, String(input.node.config['incremental_strategy'] ?? ''))
    const anew = !input.existing || input.existing.is_view || input.fullRefresh
    return replace(input, () => (anew ? input.dialect.buildTable(input) : increment(input, strategy)))
  },
}

/** A strategy of the project's own is a macro that answers statements; so is merge, which has many settings. */
function strategyOf({ node, macros }: MaterializationInput): Strategy {
  const written = node.config['incremental_strategy'] ?? 'default'
  const macro = `get_incremental_${String(written).replaceAll('+', '_')}_sql`
  if (macros.overrides(macro) || written === 'merge') return { macro }
  const strategy = STRATEGIES.find((known) => known === written)
  if (strategy) return strategy
  throw unknownName('MODEL_INVALID', `building ${node.name}: the incremental_strategy`, String(written), STRATEGIES, {
    at: { file: node.original_file_path },
  })
}

async function increment(input: MaterializationInput, strategy: Strategy): Promise<Built> {
  const { dialect, target } = input
  const { config } = input.node
  const staged = dialect.staged(target)
  for (const statement of dialect.stage(staged, body(input.sql))) await perform(input, statement)
  await dialect.expandColumns(input, staged)
  const columns = await reconcile(input, staged)
  const predicates = listed(config['incremental_predicates'] ?? config['predicates']).map((text) =>
    trusted(String(text)),
  )
  const keys = listed(config['unique_key'])
    .map(String)
    .filter((key) => key !== '')
  let rows = 0
  if (typeof strategy === 'object') {
    rows = await writtenStrategy(input, strategy.macro, staged, columns)
  } else if (strategy === 'microbatch') {
    rows = await replaceWindow(input, staged, columns, predicates)
  } else {
    if (strategy !== 'append' && keys.length > 0)
      await perform(input, dialect.deleteMatching(target, staged, config['unique_key'], predicates))
    const names = join(columns.map(({ name }) => id(name)))
    rows = await perform(input, sql`insert into ${target.sql()} (${names}) (select ${names} from ${staged.sql()})`)
  }
  await perform(input, sql`drop table if exists ${staged.sql()}`)
  return { message: 'OK', rows, settle: () => dialect.settleIncrement(input) }
}

/** Puts the staged rows of a batch's window in the place of the target's. */
async function replaceWindow(
  input: MaterializationInput,
  staged: Relation,
  columns: readonly Column[],
  predicates: readonly Sql[],
): Promise<number> {
  const { batch, node, target } = input
  if (!batch) throw new MillraceError('INTERNAL', `the microbatch model ${node.name} was given no batch`)
  if (node.config['unique_key'] && input.dialect.adapter === 'duckdb') {
    throw new MillraceError(
      'MODEL_INVALID',
      `building ${node.name}: the microbatch incremental strategy does not support 'unique_key'`,
      {
        at: { file: node.original_file_path },
        hint: 'Each batch replaces the rows of its time. Use incremental_strategy merge for keys.',
      },
    )
  }
  // The column is the user's SQL.
  const time = trusted(String(node.config['event_time']))
  const within = sql`${time} >= ${literal(momentText(batch.start))} and ${time} < ${literal(momentText(batch.end))}`
  const extra = join(
    predicates.map((predicate) => sql` and (${predicate})`),
    '',
  )
  await perform(input, sql`delete from ${target.sql()} where ${within}${extra}`)
  const names = join(columns.map(({ name }) => id(name)))
  return perform(
    input,
    sql`insert into ${target.sql()} (${names}) (select ${names} from ${staged.sql()} where ${within})`,
  )
}

/** Runs the statements that a macro of the project answers. */
async function writtenStrategy(
  input: MaterializationInput,
  macro: string,
  staged: Relation,
  columns: readonly Column[],
): Promise<number> {
  const { config } = input.node
  const answer = await input.macros.call(macro, [
    {
      strategy: config['incremental_strategy'] ?? 'default',
      target_relation: input.target.named(input.target.identifier, 'table'),
      temp_relation: staged,
      unique_key: config['unique_key'] ?? null,
      dest_columns: [...columns],
      incremental_predicates: config['incremental_predicates'] ?? config['predicates'] ?? null,
    },
  ])
  const text = String(answer ?? '').trim()
  if (text === '') return 0
  input.record(text)
  const { rowsChanged } = await input.connection.script(text, input.signal ? { signal: input.signal } : {})
  return rowsChanged
}

/** The columns to write, after the target was altered as `on_schema_change` says. */
async function reconcile(input: MaterializationInput, staged: Relation): Promise<readonly Column[]> {
  const { node, target, connection, dialect } = input
  const written = node.config['on_schema_change'] ?? 'ignore'
  const setting = ON_SCHEMA_CHANGE.find((known) => known === written)
  if (!setting) {
    throw unknownName('MODEL_INVALID', `building ${node.name}: on_schema_change`, String(written), ON_SCHEMA_CHANGE, {
      at: { file: node.original_file_path },
    })
  }
  const before = await dialect.columnsOf(connection, target)
  if (setting === 'ignore') return before
  const source = await dialect.columnsOf(connection, staged)
  const change = compareColumns(source, before, dialect.fold)
  const changed = change.added.length + change.removed.length + change.retyped.length > 0
  if (!changed) return source
  if (setting === 'fail') throw schemaChanged(node.name, change)
  await applySchemaChange(input, change, setting)
  return source
}
