import { MillraceError } from '../../../base/kernel/index.ts'
import { id, inline, join, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { Relation, type RelationType } from '../context/relation.ts'
import { contractColumns, contractNames, isEnforced } from '../contract/contract.ts'
import { POSTGRES_MACROS } from '../macros/postgres-macros.ts'
import type { MaterializationInput } from '../materialize/materialization.ts'
import { body, perform } from '../materialize/statements.ts'
import type { Built, ModelDialect } from './model-dialect.ts'
import { columnsOf, createSchema, MAX_NAME_BYTES, relationAt, suffixed, TEMPORARY } from './postgres-catalog.ts'
import { PostgresColumn } from './postgres-column.ts'
import { createSeedTable, fillSeedTable } from './postgres-seed.ts'
import { createIndexes, settle } from './postgres-settle.ts'

/** The key of the lock that is held while old relations are dropped, of a database: two integers of Millrace's own. */
const DROPPING = '1835625586, 1'
/** The first PostgreSQL that has MERGE. */
const MERGE_SINCE = 150_000

/**
 * Models on PostgreSQL, as dbt-postgres has them: a new relation is built beside the old one, the two change names,
 * and the old one is dropped with all that depends on it. Here all of it is one transaction, so that no backup
 * stays behind after a crash.
 */
export const postgresDialect: ModelDialect = {
  adapter: 'postgres',
  prefixes: ['postgres', 'default'],
  macros: POSTGRES_MACROS,
  maxNameBytes: MAX_NAME_BYTES,
  fractionType: 'float8',
  now: sql`now()::timestamp without time zone`,
  fold: (name) => name,
  column: (name, type) => new PostgresColumn(name, type.toLowerCase() === 'string' ? 'text' : type),
  relationAt,
  columnsOf,
  async bytesOf(connection, table) {
    const [row] = await connection.rows<{ bytes: number | bigint }>(
      sql`select pg_total_relation_size(${inline(table.sql(), 'postgres')}::regclass) as bytes`,
    )
    return row && Number(row.bytes)
  },
  createSchema,
  drop: (relation) => sql`drop ${kindOf(relation)} if exists ${relation.sql()} cascade`,
  rename: (relation, identifier) => sql`alter ${kindOf(relation)} ${relation.sql()} rename to ${id(identifier)}`,
  async buildTable(input) {
    const next = besides(input, '__dbt_tmp', 'table')
    await makeRoom(input, next)
    const unlogged = trusted(input.node.config['unlogged'] === true ? 'unlogged ' : '')
    await header(input)
    let rows: number
    if (isEnforced(input.node)) {
      await perform(input, sql`create ${unlogged}table ${next.sql()} (${contractColumns(input.node, postgresDialect)})`)
      const names = contractNames(input.node, postgresDialect)
      rows = await perform(
        input,
        sql`insert into ${next.sql()} (${names}) (select ${names} from (${body(input.sql)}) as model_subq)`,
      )
    } else {
      rows = await perform(input, sql`create ${unlogged}table ${next.sql()} as (${body(input.sql)})`)
    }
    await createIndexes(input, next)
    return { ...(await swap(input, next)), message: `SELECT ${rows}`, rows }
  },
  async buildView(input) {
    const next = besides(input, '__dbt_tmp', 'view')
    await makeRoom(input, next)
    await header(input)
    await perform(input, sql`create view ${next.sql()} as (${body(input.sql)})`)
    return { ...(await swap(input, next)), message: 'CREATE VIEW' }
  },
  async loadSeed(input, seed) {
    const { existing } = input
    const next = besides(input, '__dbt_tmp', 'table')
    await makeRoom(input, next)
    await createSeedTable(input, next, seed)
    const message = `${input.fullRefresh ? 'CREATE' : 'INSERT'} ${seed.shape.rows}`
    if (existing?.is_table && !input.fullRefresh && (await sameColumns(input, next, existing))) {
      // The table stays, and with it the views on it, its indexes and grants.
      await perform(input, postgresDialect.drop(next))
      await perform(input, sql`truncate table ${existing.sql()}`)
      await fillSeedTable(input, existing, seed)
      return { message, settle: () => settle(input, existing, true) }
    }
    await fillSeedTable(input, next, seed)
    await createIndexes(input, next)
    return { ...(await swap(input, next)), message }
  },
  async keepRows(connection, relation, rows) {
    const existing = await relationAt(connection, relation)
    if (existing) await connection.execute(postgresDialect.drop(existing))
    await connection.execute(sql`create ${kindOf(relation)} ${relation.sql()} as (${rows})`)
  },
  staged: (target) =>
    new Relation({
      database: '',
      schema: TEMPORARY,
      identifier: suffixed(target.identifier, '__dbt_tmp'),
      type: 'table',
    }),
  stage: (staged, rows) => [
    sql`drop table if exists ${staged.sql()}`,
    sql`create temporary table ${id(staged.identifier)} as (${rows})`,
  ],
  deleteMatching(target, staged, key, predicates) {
    // A key is SQL of the user's, not always a column: dbt allows an expression.
    const keys = trusted((Array.isArray(key) ? key : [key]).map(String).join(', '))
    const extra = join(
      predicates.map((predicate) => sql` and ${predicate}`),
      '',
    )
    return sql`delete from ${target.sql()} as dbt_internal_dest where (${keys}) in (select distinct ${keys} from ${staged.sql()} as dbt_internal_source)${extra}`
  },
  // As in dbt the column is written anew, because what depends on it would forbid changing it in place.
  retype(target, column, type) {
    const altered = id(suffixed(column, '__dbt_alter'))
    return [
      sql`alter table ${target.sql()} add column ${altered} ${trusted(type)}`,
      sql`update ${target.sql()} set ${altered} = ${id(column)}`,
      sql`alter table ${target.sql()} drop column ${id(column)} cascade`,
      sql`alter table ${target.sql()} rename column ${altered} to ${id(column)}`,
    ]
  },
  async expandColumns(input, staged) {
    const { connection, target } = input
    const before = new Map((await columnsOf(connection, target)).map((column) => [column.name, column]))
    for (const column of await columnsOf(connection, staged)) {
      if (!before.get(column.name)?.can_expand_to(column)) continue
      const type = `character varying(${column.string_size()})`
      for (const statement of postgresDialect.retype(target, column.name, type)) await perform(input, statement)
    }
  },
  settleIncrement: (input) => settle(input, input.target.named(input.target.identifier, 'table'), true),
  async checkStrategy(connection, strategy) {
    if (strategy !== 'merge') return
    const [row] = await connection.rows<{ version: number | string }>(
      sql`select current_setting('server_version_num')::integer as version`,
    )
    if (Number(row?.version ?? 0) >= MERGE_SINCE) return
    throw new MillraceError('ENGINE_UNSUPPORTED', `merging on PostgreSQL ${row?.version}, which has no MERGE`, {
      hint: 'Use incremental_strategy: delete+insert, or PostgreSQL 15 or newer.',
    })
  },
}

function kindOf(relation: Relation): Sql {
  return trusted(relation.is_view ? 'view' : relation.type === 'materialized_view' ? 'materialized view' : 'table')
}

function besides({ target }: MaterializationInput, suffix: string, type: RelationType | null = null): Relation {
  return target.named(suffixed(target.identifier, suffix), type)
}

/** Drops what another tool, killed in between, left under the names that are needed now. */
async function makeRoom(input: MaterializationInput, next: Relation): Promise<void> {
  for (const name of [next, besides(input, '__dbt_backup')]) {
    const left = await relationAt(input.connection, name)
    if (left) await perform(input, postgresDialect.drop(left))
  }
}

/** The statements of `sql_header`, which may be several. */
async function header(input: MaterializationInput): Promise<void> {
  const text = input.node.config['sql_header']
  if (typeof text !== 'string' || text.trim() === '') return
  input.record(text)
  await input.connection.script(text, input.signal ? { signal: input.signal } : {})
}

/** Gives `next` the target's name. The old relation keeps living under another until the node's hooks have run. */
async function swap(input: MaterializationInput, next: Relation): Promise<Pick<Built, 'settle'>> {
  const { existing, target } = input
  const backup = existing && besides(input, '__dbt_backup', existing.type)
  if (existing && backup) await perform(input, postgresDialect.rename(existing, backup.identifier))
  await perform(input, postgresDialect.rename(next, target.identifier))
  return {
    settle: async () => {
      await settle(input, target.named(target.identifier, next.type), false)
      if (!backup) return
      // Two nodes that drop views on both of them would wait for each other. The lock ends with the transaction.
      await input.connection.execute(sql`select pg_catalog.pg_advisory_xact_lock(${trusted(DROPPING)})`)
      await perform(input, postgresDialect.drop(backup))
    },
  }
}

async function sameColumns(input: MaterializationInput, next: Relation, existing: Relation): Promise<boolean> {
  const [wanted, found] = [await columnsOf(input.connection, next), await columnsOf(input.connection, existing)]
  return (
    wanted.length === found.length &&
    wanted.every(({ name, data_type }, index) => found[index]?.name === name && found[index]?.data_type === data_type)
  )
}
