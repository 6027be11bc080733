import { MillraceError } from '../../../base/kernel/index.ts'
import { id, inline, literal, type Sql, sql } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import type { Relation, RelationType } from '../context/relation.ts'
import { type PostgresColumn, postgresColumn } from './postgres-column.ts'

/** PostgreSQL's name of the schema that holds the session's temporary tables. */
export const TEMPORARY = 'pg_temp'

/** The relation of that exact path, with its kind, or undefined. Read from pg_catalog, which shows what the role may not read too. */
export async function relationAt(connection: EngineConnection, wanted: Relation): Promise<Relation | undefined> {
  const [row] = await connection.rows<{ type: string }>(sql`
    select case c.relkind when 'v' then 'view' when 'm' then 'materialized_view' else 'table' end as type
    from pg_catalog.pg_class c
    where ${inSchema(wanted)} and c.relname = ${wanted.identifier} and c.relkind in ('r', 'p', 'f', 'v', 'm')`)
  return row && wanted.named(wanted.identifier, row.type as RelationType)
}

/** The columns of a relation, in their order. */
export async function columnsOf(connection: EngineConnection, relation: Relation): Promise<PostgresColumn[]> {
  const rows = await connection.rows<{ name: string; type: string }>(sql`
    select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type
    from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid
    where ${inSchema(relation)} and c.relname = ${relation.identifier} and c.relkind in ('r', 'p', 'f', 'v', 'm')
      and a.attnum > 0 and not a.attisdropped
    order by a.attnum`)
  return rows.map(({ name, type }) => postgresColumn(name, type))
}

/**
 * Creates a schema unless it exists; only then, because a role that may not create schemas may still build in one.
 * @throws MillraceError MODEL_INVALID for another database: PostgreSQL has no statement that reaches one
 */
export async function createSchema(connection: EngineConnection, relation: Relation): Promise<void> {
  const { database } = connection.engine
  if (relation.database !== '' && relation.database.toLowerCase() !== database.toLowerCase()) {
    throw new MillraceError(
      'MODEL_INVALID',
      `building in ${relation.without_identifier().render()}: the connection is to the database "${database}", and PostgreSQL cannot reach another`,
      { hint: 'Leave out `database`, or add a target for that database.' },
    )
  }
  const [found] = await connection.rows(
    sql`select 1 as there from pg_catalog.pg_namespace where nspname = ${relation.schema}`,
  )
  if (found) return
  // Two sessions that create one schema at the same time do not see each other's, and the second fails.
  const create = inline(sql`create schema if not exists ${id(relation.schema)}`, 'postgres')
  await connection.execute(
    sql`do ${literal(`begin ${create}; exception when duplicate_schema or unique_violation then null; end`)}`,
  )
}

function inSchema({ schema }: Relation): Sql {
  // A temporary relation of a template has no schema.
  if (schema === TEMPORARY || schema === '') return sql`c.relnamespace = pg_catalog.pg_my_temp_schema()`
  return sql`c.relnamespace = (select n.oid from pg_catalog.pg_namespace n where n.nspname = ${schema})`
}

/** `name` with `suffix`, cut so that PostgreSQL keeps the suffix: it holds 63 bytes of a name. */
export function suffixed(name: string, suffix: string): string {
  const room = MAX_NAME_BYTES - Buffer.byteLength(suffix)
  let kept = name
  while (Buffer.byteLength(kept) > room) kept = [...kept].slice(0, -1).join('')
  return kept + suffix
}

/** How much of a name PostgreSQL keeps (NAMEDATALEN, section 4.1.1). */
export const MAX_NAME_BYTES = 63
