import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { administer } from '../../../services/postgres.ts'

/** One command of a golden project: what is done before it, and which one. */
export interface Step {
  readonly name: string
  /** Run as the superuser before the command. */
  readonly sql?: string
  /** Files written over the project's before the command. */
  readonly files?: Readonly<Record<string, string>>
  readonly command: 'build' | 'run' | 'seed' | 'test'
  readonly select?: string
  readonly fullRefresh?: boolean
}

/** A relation as it stands in the database. */
export interface StoredRelation {
  readonly kind: string
  /** `name type`, with the comment when there is one. */
  readonly columns: readonly string[]
  /** `unique (day)`, without the index's own name. */
  readonly indexes: readonly string[]
  readonly comment: string | null
  readonly grants: readonly string[]
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
export const PROJECTS = ['shop', 'changes'] as const

/** The folder of a golden project. */
export function projectFolder(name: string): string {
  return join(import.meta.dirname, name)
}

/** The steps of a golden project. */
export async function stepsOf(name: string): Promise<Step[]> {
  return JSON.parse(await readFile(join(projectFolder(name), 'steps.json'), 'utf8')) as Step[]
}

/** All relations of a database outside of PostgreSQL's own schemas. */
export async function relationsOf(url: string): Promise<Record<string, StoredRelation>> {
  const found = await administer(
    `select c.oid::text as oid, n.nspname as schema, c.relname as name, c.relkind::text || c.relpersistence::text as kind,
        obj_description(c.oid, 'pg_class') as comment
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'v', 'm') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'
      order by 2, 3`,
    url,
  )
  const relations: Record<string, StoredRelation> = {}
  for (const { oid, schema, name, kind, comment } of found) {
    const texts = async (query: string): Promise<string[]> =>
      (await administer(query, url)).map((row) => String(row['text']))
    relations[`${schema}.${name}`] = {
      kind: String(kind),
      columns: await texts(
        `select attname || ' ' || format_type(atttypid, atttypmod) || coalesce(' -- ' || col_description(attrelid, attnum), '') as text
          from pg_attribute where attrelid = ${oid} and attnum > 0 and not attisdropped order by attnum`,
      ),
      indexes: await texts(
        `select regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON') as text from pg_indexes
          where schemaname = '${schema}' and tablename = '${name}' order by 1`,
      ),
      comment: comment === null ? null : String(comment),
      grants: await texts(
        `select privilege_type || ' to ' || grantee as text from information_schema.role_table_grants
          where table_schema = '${schema}' and table_name = '${name}' and grantee <> grantor order by 1`,
      ),
      rows: await texts(`select t::text as text from "${schema}"."${name}" t order by 1`),
    }
  }
  return relations
}
