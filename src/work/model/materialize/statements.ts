import { id, inline, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { Column } from '../column.ts'
import { Relation, type RelationType } from '../relation.ts'
import type { MaterializationInput } from './materialization.ts'

/** Runs one statement and keeps its text for `target/run/…`. */
export async function perform(input: MaterializationInput, statement: Sql): Promise<number> {
  input.record(inline(statement, input.connection.engine.dialect))
  const { rowsChanged } = await input.connection.execute(statement, input.signal ? { signal: input.signal } : {})
  return rowsChanged
}

/** The user's compiled SQL as a statement part; a closing semicolon would end the statement around it. */
export function body(compiled: string): Sql {
  // The line break keeps a closing line comment from swallowing what follows.
  return trusted(`\n${compiled.replace(/;\s*$/, '')}\n`)
}

/** Drops a relation of the kind it is known to be. */
export function dropOf(relation: Relation): Sql {
  return relation.is_view
    ? sql`drop view if exists ${relation.sql()} cascade`
    : sql`drop table if exists ${relation.sql()} cascade`
}

/** The relations of a schema by lower-case name; empty when there is no such schema. */
export async function relationsIn(
  connection: MaterializationInput['connection'],
  database: string,
  schema: string,
): Promise<Map<string, Relation>> {
  const rows = await connection.rows<{ name: string; type: string }>(sql`
    select table_name as name, case table_type when 'VIEW' then 'view' else 'table' end as type
    from information_schema.tables
    where lower(table_catalog) = lower(${database}) and lower(table_schema) = lower(${schema})`)
  return new Map(
    rows.map(({ name, type }) => [
      name.toLowerCase(),
      new Relation({ database, schema, identifier: name, type: type as RelationType }),
    ]),
  )
}

/** One relation, or undefined when it does not exist. */
export async function relationAt(
  connection: MaterializationInput['connection'],
  wanted: Relation,
): Promise<Relation | undefined> {
  const [row] = await connection.rows<{ name: string; type: string }>(sql`
    select table_name as name, case table_type when 'VIEW' then 'view' else 'table' end as type
    from information_schema.tables
    where lower(table_catalog) = lower(${wanted.database}) and lower(table_schema) = lower(${wanted.schema})
      and lower(table_name) = lower(${wanted.identifier})`)
  return row && wanted.named(row.name, row.type as RelationType)
}

/** The columns of a relation with the engine's own type names. */
export async function columnsOf(connection: MaterializationInput['connection'], relation: Relation): Promise<Column[]> {
  const rows = await connection.rows<{ column_name: string; column_type: string }>(
    sql`select column_name, column_type from (describe select * from ${id(...relation.parts())})`,
  )
  return rows.map(({ column_name, column_type }) => new Column(column_name, column_type))
}
