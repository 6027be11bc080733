import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql, trusted } from '../../../../src/base/sql/index.ts'
import type { EngineConnection } from '../../../../src/data/engine/index.ts'

/** One command of a golden project: what is done before it, and which one. */
export interface Step {
  readonly name: string
  /** Run in the database before the command. */
  readonly sql?: string
  /** Files written over the project's before the command; null deletes one. */
  readonly files?: Readonly<Record<string, string | null>>
  /** Installs packages first. */
  readonly deps?: boolean
  readonly command: 'build' | 'run' | 'seed' | 'test' | 'snapshot' | 'compile'
  readonly select?: string
  readonly fullRefresh?: boolean
  /** `--store-failures`. */
  readonly storeFailures?: boolean
  readonly vars?: Readonly<Record<string, unknown>>
  /** `--event-time-start` and `--event-time-end`. */
  readonly eventTime?: readonly [string, string]
  /** `--sample`. */
  readonly sample?: string
  readonly empty?: boolean
}

/** What a golden project is made to do. */
export interface Golden {
  /** Columns whose values depend on the time of the run, by relation: each value is one word there. */
  readonly masked?: Readonly<Record<string, readonly string[]>>
  /** Whether what manifest.json says of each step is compared. */
  readonly manifest?: boolean
  readonly steps: readonly Step[]
}

/** A relation as it stands in the database. */
export interface StoredRelation {
  readonly kind: string
  /** `name type`. */
  readonly columns: readonly string[]
  readonly comment: string | null
  /** Of the columns that have one. */
  readonly comments?: Readonly<Record<string, string>>
  readonly rows: readonly string[]
}

/** What a tool answered to a step. */
export interface Answer {
  readonly step: string
  /** By unique id: the status, and a test's failures. */
  readonly statuses: Readonly<Record<string, string>>
  readonly relations: Readonly<Record<string, StoredRelation>>
  /** By unique id. */
  readonly compiled: Readonly<Record<string, string>>
  /** Of projects whose manifest is compared. */
  readonly manifest?: unknown
}

/** The golden projects. */
export const PROJECTS = [
  'context',
  'snapshots',
  'packages',
  'builds',
  'promises',
  'units',
  'batches',
  'checks',
  'documented',
  'overrides',
  'kinds',
  'outside',
  'windows',
] as const

/** The folder of a golden project. */
export function projectFolder(name: string): string {
  return join(import.meta.dirname, name)
}

/** What a golden project is made to do. */
export async function goldenOf(name: string): Promise<Golden> {
  return JSON.parse(await readFile(join(projectFolder(name), 'golden.json'), 'utf8')) as Golden
}

/** All relations of the main database. */
export async function relationsOf(
  connection: EngineConnection,
  masked: Golden['masked'] = {},
): Promise<Record<string, StoredRelation>> {
  const found = await connection.rows<{ schema: string; name: string; kind: string; comment: string | null }>(sql`
    select schema_name as schema, table_name as name, 'table' as kind, comment from duckdb_tables()
      where not internal and database_name = current_database()
    union all
    select schema_name, view_name, 'view', comment from duckdb_views()
      where not internal and database_name = current_database()
    order by 1, 2`)
  const commented = await connection.rows<{ relation: string; name: string; comment: string }>(sql`
    select schema_name || '.' || table_name as relation, column_name as name, comment from duckdb_columns()
    where comment is not null and not internal and database_name = current_database()`)
  const relations: Record<string, StoredRelation> = {}
  for (const { schema, name, kind, comment } of found) {
    const columns = await connection.rows<{ column_name: string; column_type: string }>(
      trusted(`describe select * from "${schema}"."${name}"`),
    )
    const hidden = new Set(masked[name] ?? [])
    const values = columns.map(({ column_name: column }) =>
      hidden.has(column) ? `case when "${column}" is null then null else 'x' end` : `"${column}"::varchar`,
    )
    const rows = await connection.rows<{ row: string }>(
      trusted(
        `select [${values.map((value) => `coalesce(${value}, '∅')`).join(', ')}]::varchar as row from "${schema}"."${name}" order by 1`,
      ),
    )
    relations[`${schema}.${name}`] = {
      kind,
      columns: columns.map(({ column_name, column_type }) => `${column_name} ${column_type}`),
      comment,
      ...commentsOf(commented.filter(({ relation }) => relation === `${schema}.${name}`)),
      rows: rows.map(({ row }) => row),
    }
  }
  return relations
}

function commentsOf(columns: readonly { name: string; comment: string }[]): Pick<StoredRelation, 'comments'> {
  return columns.length === 0
    ? {}
    : { comments: Object.fromEntries(columns.map(({ name, comment }) => [name, comment])) }
}

/** Of each node in manifest.json what documents it, and of analyses also what they are. */
export async function documentedIn(file: string): Promise<unknown> {
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Record<string, Record<string, Described>>
  const told = Object.entries({ ...manifest['nodes'], ...manifest['sources'], ...manifest['exposures'] }).map(
    ([id, node]) => {
      const columns = Object.entries(node.columns ?? {}).map(([name, { description, doc_blocks, meta, quote }]) => [
        name,
        { description, doc_blocks, meta, quote },
      ])
      const { description, doc_blocks, source_description, docs, meta, tags, fqn, path, depends_on: above } = node
      const { raw_code, patch_path, relation_name, alias, schema } = node
      const analysis = id.startsWith('analysis.') ? { raw_code, patch_path, relation_name, alias, schema, path } : {}
      const depends_on = id.startsWith('source.') ? undefined : above?.nodes
      const { unrendered_config, checksum, freshness, loaded_at_field } = node
      const of = {
        ...{ description, doc_blocks, source_description, docs, meta, tags, fqn, depends_on },
        ...{ unrendered_config, checksum, freshness, loaded_at_field },
      }
      return [id, { ...of, ...analysis, columns: Object.fromEntries(columns) }]
    },
  )
  const blocks = Object.entries(manifest['docs'] ?? {}).filter(([id]) => !id.startsWith('doc.dbt.'))
  const macros = Object.values(manifest['macros'] ?? {}).filter(
    ({ package_name: owner }) => !String(owner).startsWith('dbt'),
  )
  const ends = ['metrics', 'semantic_models', 'saved_queries', 'unit_tests'].map((section) => [
    section,
    Object.values(manifest[section] ?? {}).map(({ created_at: _, compiled_path: _path, ...one }) => one),
  ])
  const disabled = Object.keys(manifest['disabled'] ?? {}).sort()
  return JSON.parse(
    JSON.stringify({
      nodes: Object.fromEntries(told),
      docs: Object.fromEntries(blocks),
      macros: Object.fromEntries(macros.map(({ unique_id: id, macro_sql: text }) => [id, text])),
      ...Object.fromEntries(ends),
      disabled,
    }),
  )
}

interface Described {
  readonly [key: string]: unknown
  readonly columns?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly depends_on?: { readonly nodes: readonly string[] }
}
