import { type Schema, sqlTypeName } from '../../base/kernel/index.ts'
import { id, join, type Sql, sql, trusted } from '../../base/sql/index.ts'
import type { SourceTable } from '../../data/connect/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'
import type { DeltaTable } from '../../data/table/index.ts'

/** What telling new rows from loaded ones works with. */
export interface UnseenOptions {
  readonly connection: EngineConnection
  readonly table: SourceTable
  /** The columns of the source. */
  readonly schema: Schema
  /** Rows that may be in the table: a table expression, which may end in a `where`. */
  readonly relation: Sql
  /** A condition on the table that is true of every row that can be among them. */
  readonly held: Sql
  /** The columns that the source still has, by which rows are told apart; all of the schema when left out. */
  readonly given?: Schema
  /** Columns of the relation beside those of the schema. */
  readonly further: readonly string[]
  /** The table as it is. */
  readonly loaded: DeltaTable | undefined
}

/**
 * The rows beyond as many as the table holds of the same, by primary key and cursor (or else by all columns), so
 * that ties are neither lost nor doubled.
 */
export async function unseenRows(options: UnseenOptions): Promise<Sql> {
  const { connection, table, schema, relation, held, further, loaded, given = schema } = options
  const port = connection.engine.files
  const snapshot = loaded?.snapshot
  const all = [...schema.fields.map(({ name }) => name), ...further]
  if (!port || !loaded || !snapshot) return sql`select ${join(all.map((name) => id(name)))} from ${relation}`
  const had = new Set(snapshot.schema.fields.map((field) => field.name))
  const wanted = table.primaryKey.length > 0 && table.cursor !== undefined ? [...table.primaryKey, table.cursor] : []
  const keys =
    wanted.length > 0
      ? [...new Set(wanted)]
      : [...given.fields.map(({ name }) => name), ...further].filter((name) => had.has(name))
  const columns = join(keys.map((name) => id(name)))
  const same = join(
    keys.map((name) => sql`copies.${id(name)} is not distinct from held.${id(name)}`),
    ' and ',
  )
  return sql`
    select ${join(all.map((name) => sql`copies.${id(name)}`))} from (
      select *, row_number() over (partition by ${columns}) as millrace_copy from ${relation}
    ) as copies left join (
      select ${columns}, count(*) as millrace_held
      from ${await loaded.relation()} as loaded
      where ${held} group by ${columns}
    ) as held on ${same}
    where millrace_copy > coalesce(millrace_held, 0)`
}

/** A cursor value that was kept as text, in the type of its column. */
export function typedMark(schema: Schema, cursor: string, mark: string): Sql {
  const type = schema.fields.find(({ name }) => name === cursor)?.type
  if (type === undefined || type.kind === 'string') return sql`${mark}`
  return sql`cast(${mark} as ${trusted(sqlTypeName(type, 'duckdb'))})`
}
