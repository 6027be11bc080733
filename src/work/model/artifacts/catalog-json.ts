import { type Sql, sql } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import type { Invocation } from '../context/node-context.ts'
import type { Manifest } from '../node.ts'
import { artifactMetadata } from './metadata.ts'

/** A relation of the database with its columns, as dbt's catalog v1 has it. */
export interface CatalogTable {
  readonly metadata: {
    readonly type: string
    readonly schema: string
    readonly name: string
    readonly database: string
    readonly comment: string | null
    readonly owner: string | null
  }
  readonly columns: Readonly<Record<string, CatalogColumn>>
  readonly stats: Readonly<Record<string, object>>
  readonly unique_id: string
}

/** A column of a relation. */
export interface CatalogColumn {
  readonly type: string
  readonly index: number
  readonly name: string
  readonly comment: string | null
}

/** dbt's catalog v1 (https://schemas.getdbt.com/dbt/catalog/v1.json). */
export interface Catalog {
  readonly metadata: object
  readonly nodes: Readonly<Record<string, CatalogTable>>
  readonly sources: Readonly<Record<string, CatalogTable>>
  readonly errors: null
}

interface ColumnRow {
  readonly database: string
  readonly schema: string
  readonly name: string
  readonly kind: string
  readonly column: string
  readonly position: number
  readonly type: string
  readonly table_comment: string | null
  readonly comment: string | null
  /** Only PostgreSQL has owners. */
  readonly owner?: string
}

/** All columns there are, with the comments on them and on their relations. */
const COLUMNS: Readonly<Record<'duckdb' | 'postgres', Sql>> = {
  duckdb: sql`
    with tables as (
      select database_name, schema_name, table_name, 'BASE TABLE' as kind, comment, temporary from duckdb_tables()
      union all select database_name, schema_name, view_name, 'VIEW', comment, temporary from duckdb_views()
    )
    select t.database_name as database, t.schema_name as schema, t.table_name as name, t.kind,
      c.column_name as "column", c.column_index as position, c.data_type as type,
      t.comment as table_comment, c.comment
    from duckdb_columns() c
    join tables t using (database_name, schema_name, table_name)
    where not t.temporary
    order by 1, 2, 3, 6`,
  postgres: sql`
    select current_database() as database, n.nspname as schema, k.relname as name,
      case k.relkind when 'v' then 'VIEW' when 'm' then 'MATERIALIZED VIEW' else 'BASE TABLE' end as kind,
      a.attname as "column", a.attnum as position, pg_catalog.format_type(a.atttypid, a.atttypmod) as type,
      pg_catalog.obj_description(k.oid, 'pg_class') as table_comment,
      pg_catalog.col_description(k.oid, a.attnum) as comment, pg_catalog.pg_get_userbyid(k.relowner) as owner
    from pg_catalog.pg_class k
    join pg_catalog.pg_namespace n on n.oid = k.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid = k.oid
    where k.relkind in ('r', 'v', 'm', 'f', 'p') and k.relpersistence in ('p', 'u') and a.attnum > 0
      and not a.attisdropped and n.nspname not in ('pg_catalog', 'information_schema')
    order by 1, 2, 3, 6`,
}

/** A catalog without relations. */
export function emptyCatalog(invocation: Invocation): Catalog {
  return { metadata: artifactMetadata(invocation, 'catalog/v1'), nodes: {}, sources: {}, errors: null }
}

/** What the database knows of the relations of a project's nodes and sources. */
export async function readCatalog(
  invocation: Invocation,
  manifest: Manifest,
  connection: EngineConnection,
): Promise<Catalog> {
  const rows = await connection.rows<ColumnRow>(COLUMNS[invocation.dialect.adapter])
  const tables = new Map<string, ColumnRow[]>()
  for (const row of rows) {
    const key = keyOf(row.database, row.schema, row.name)
    const columns = tables.get(key)
    if (columns) columns.push(row)
    else tables.set(key, [row])
  }
  const table = (id: string, database: string, schema: string, name: string): Record<string, CatalogTable> => {
    const found = tables.get(keyOf(database, schema, name))
    return found ? { [id]: catalogTable(id, found) } : {}
  }
  const nodes = [...manifest.nodes.values()].filter((node) => node.relation_name !== null)
  return {
    metadata: artifactMetadata(invocation, 'catalog/v1'),
    nodes: Object.assign(
      {},
      ...nodes.map((node) => table(node.unique_id, node.database, node.schema, node.alias)),
    ) as Record<string, CatalogTable>,
    sources: Object.assign(
      {},
      ...[...manifest.sources.values()].map((one) => table(one.unique_id, one.database, one.schema, one.identifier)),
    ) as Record<string, CatalogTable>,
    errors: null,
  }
}

function keyOf(...path: readonly string[]): string {
  return path.map((part) => part.toLowerCase()).join('\0')
}

function catalogTable(id: string, columns: readonly ColumnRow[]): CatalogTable {
  const [first] = columns
  return {
    metadata: {
      type: first?.kind ?? '',
      schema: first?.schema ?? '',
      name: first?.name ?? '',
      database: first?.database ?? '',
      comment: first?.table_comment ?? null,
      owner: first?.owner ?? null,
    },
    columns: Object.fromEntries(
      columns.map(({ column, type, position, comment }) => [
        column,
        { type, index: Number(position), name: column, comment },
      ]),
    ),
    stats: {
      has_stats: {
        id: 'has_stats',
        label: 'Has Stats?',
        value: false,
        include: false,
        description: 'Indicates whether there are statistics for this table',
      },
    },
    unique_id: id,
  }
}
