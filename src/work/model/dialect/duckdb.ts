import { id, inline, join, literal, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { Column } from '../context/column.ts'
import { Relation, type RelationType } from '../context/relation.ts'
import { contractColumns, contractNames, isEnforced } from '../contract/contract.ts'
import { DUCKDB_MACROS } from '../macros/duckdb-macros.ts'
import type { MaterializationInput } from '../materialize/materialization.ts'
import { body, perform } from '../materialize/statements.ts'
import type { Built, ModelDialect } from './model-dialect.ts'
import { keepsDocs, persistDocs } from './persist-docs.ts'
import { seedColumn } from './seed-column.ts'

/** Models on DuckDB, as dbt-duckdb has them; replaced relations are dropped and new ones renamed in one transaction. */
export const duckdbDialect: ModelDialect = {
  adapter: 'duckdb',
  prefixes: ['duckdb', 'default'],
  macros: DUCKDB_MACROS,
  fractionType: 'double',
  now: sql`now()::timestamp`,
  fold: (name) => name.toLowerCase(),
  column: (name, type) => new Column(name, type),
  async relationAt(connection, wanted) {
    const [row] = await connection.rows<{ name: string; type: string }>(sql`
      select table_name as name, case table_type when 'VIEW' then 'view' else 'table' end as type
      from information_schema.tables
      where lower(table_catalog) = lower(${wanted.database}) and lower(table_schema) = lower(${wanted.schema})
        and lower(table_name) = lower(${wanted.identifier})`)
    return row && wanted.named(row.name, row.type as RelationType)
  },
  async bytesOf(connection, table) {
    // Blocks are shared by small tables, and what is not checkpointed lies in none.
    const [row] = await connection.rows<{ bytes: number | bigint | null }>(sql`
      select count(distinct block) * any_value(block_size) as bytes from (
        select unnest([block_id] || additional_block_ids) as block from pragma_storage_info(${literal(inline(table.sql(), 'duckdb'))})
      ) as blocks, (select block_size from pragma_database_size() where database_name = ${table.database}) as size
      where block >= 0`)
    return row?.bytes ? Number(row.bytes) : undefined
  },
  async allRelations(connection) {
    const rows = await connection.rows<{
      database: string
      schema: string
      identifier: string
      type: RelationType
    }>(sql`
      select database_name as database, schema_name as schema, table_name as identifier, 'table' as type
      from duckdb_tables() where not internal
      union all select database_name, schema_name, view_name, 'view' from duckdb_views() where not internal`)
    return rows.map((row) => new Relation(row))
  },
  async columnsOf(connection, relation) {
    const rows = await connection.rows<{ column_name: string; column_type: string }>(
      sql`select column_name, column_type from (describe select * from ${id(...relation.parts())})`,
    )
    return rows.map(({ column_name, column_type }) => new Column(column_name, column_type))
  },
  async createSchema(connection, relation) {
    await connection.execute(sql`create schema if not exists ${relation.without_identifier().sql()}`)
  },
  drop: (relation) =>
    relation.is_view
      ? sql`drop view if exists ${relation.sql()} cascade`
      : sql`drop table if exists ${relation.sql()} cascade`,
  rename: (relation, identifier) =>
    sql`alter ${trusted(relation.is_view ? 'view' : 'table')} ${relation.sql()} rename to ${id(identifier)}`,
  async buildTable(input) {
    const next = besides(input)
    await perform(input, duckdbDialect.drop(next))
    if (isEnforced(input.node)) {
      await perform(input, sql`create table ${next.sql()} (${contractColumns(input.node, duckdbDialect)})`)
      const names = contractNames(input.node, duckdbDialect)
      await perform(
        input,
        sql`insert into ${next.sql()} (${names}) (select ${names} from (${body(input.sql)}) as model_subq)`,
      )
    } else {
      await perform(input, sql`create table ${next.sql()} as (${body(input.sql)})`)
    }
    return swap(input, next, 'OK')
  },
  async buildView(input) {
    if (input.existing && !input.existing.is_view) await perform(input, duckdbDialect.drop(input.existing))
    await perform(input, view(input))
    return { message: 'OK', settle: () => settle(input, 'view') }
  },
  soleView(input) {
    return (input.existing === undefined || input.existing.is_view) && !keepsDocs(input.node) ? view(input) : undefined
  },
  async loadSeed(input, { path, delimiter, shape }) {
    const next = besides(input)
    await perform(input, duckdbDialect.drop(next))
    // column_types are SQL of the user's.
    const columns = join(shape.columns.map(({ name, type }) => sql`${seedColumn(input.node, name)} ${trusted(type)}`))
    await perform(input, sql`create table ${next.sql()} (${columns})`)
    if (shape.rows > 0) {
      await perform(
        input,
        sql`copy ${next.sql()} from ${literal(path)} (format csv, header true, delimiter ${literal(delimiter)})`,
      )
    }
    return swap(input, next, `INSERT ${shape.rows}`)
  },
  async keepRows(connection, relation, rows) {
    const existing = await duckdbDialect.relationAt(connection, relation)
    if (existing) await connection.execute(duckdbDialect.drop(existing))
    await connection.execute(sql`create ${trusted(relation.is_view ? 'view' : 'table')} ${relation.sql()} as (${rows})`)
  },
  staged: (target) =>
    new Relation({ database: 'temp', schema: 'main', identifier: `${target.identifier}__dbt_tmp`, type: 'table' }),
  stage: (staged, rows) => [sql`create or replace temporary table ${staged.sql()} as (${rows})`],
  deleteMatching,
  retype: (target, column, type) => [sql`alter table ${target.sql()} alter column ${id(column)} type ${trusted(type)}`],
  expandColumns: nothing,
  settleIncrement: (input) => settle(input, 'table'),
  checkStrategy: nothing,
}

async function nothing(): Promise<void> {}

/** DuckDB has no grants, so that comments are all that is left to do. */
async function settle(input: MaterializationInput, kind: RelationType): Promise<void> {
  const { target, connection } = input
  await persistDocs(input, target.named(target.identifier, kind), (one) => duckdbDialect.columnsOf(connection, one))
}

function view({ target, sql: code }: MaterializationInput): Sql {
  return sql`create or replace view ${target.sql()} as (${body(code)})`
}

function besides({ target }: MaterializationInput): Relation {
  return target.named(`${target.identifier}__dbt_tmp`, 'table')
}

/** Puts the table `next` in the place of the target. */
async function swap(input: MaterializationInput, next: Relation, message: string): Promise<Built> {
  if (input.existing) await perform(input, duckdbDialect.drop(input.existing))
  await perform(input, duckdbDialect.rename(next, input.target.identifier))
  return { message, settle: () => settle(input, 'table') }
}

function deleteMatching(target: Relation, staged: Relation, key: unknown, predicates: readonly Sql[]): Sql {
  const source = staged.sql()
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
