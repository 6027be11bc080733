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
  readonly command: 'build' | 'run' | 'seed' | 'test' | 'snapshot'
  readonly select?: string
  readonly fullRefresh?: boolean
  /** `--store-failures`. */
  readonly storeFailures?: boolean
  readonly vars?: Readonly<Record<string, unknown>>
  /** `--event-time-start` and `--event-time-end`. */
  readonly eventTime?: readonly [string, string]
}

/** What a golden project is made to do. */
export interface Golden {
  /** Columns whose values depend on the time of the run, by relation: each value is one word there. */
  readonly masked?: Readonly<Record<string, readonly string[]>>
  readonly steps: readonly Step[]
}

/** A relation as it stands in the database. */
export interface StoredRelation {
  readonly kind: string
  /** `name type`. */
  readonly columns: readonly string[]
  readonly comment: string | null
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
      rows: rows.map(({ row }) => row),
    }
  }
  return relations
}
