import type { Schema } from '../../base/kernel/index.ts'
import { id, join, type Sql, sql, trusted } from '../../base/sql/index.ts'
import { FILE_COLUMN, type SourceFile, type SourceTable, type Staged } from '../../data/connect/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'
import type { DeltaTable } from '../../data/table/index.ts'
import { count } from './choose-files.ts'
import { typedMark, unseenRows } from './unseen-rows.ts'

/** The rows to load, and what became of the others. */
export interface SelectedRows {
  /** A query with the columns of the table. */
  readonly query: Sql
  /** The greatest cursor value among all loaded rows, as text. */
  readonly mark?: string
  /** Sentences. */
  readonly skipped: readonly string[]
  /** Rows without a cursor value, which can be neither before nor after another: a condition on `staged`. */
  readonly withoutCursor?: { readonly rows: number; readonly condition: Sql }
  /** False when it is known that there are none. */
  readonly any: boolean
}

/** What selecting works with. */
export interface SelectOptions {
  readonly connection: EngineConnection
  readonly table: SourceTable
  readonly schema: Schema
  readonly staged: Staged
  readonly files: readonly SourceFile[]
  /** The greatest cursor value loaded before. */
  readonly mark: string | undefined
  /** The table as it is, for the rows at the mark. */
  readonly loaded: DeltaTable | undefined
  readonly loadedAt: Date
}

/** What the columns of the table are made of. */
export type ProjectOptions = Pick<SelectOptions, 'table' | 'schema' | 'files' | 'loadedAt'>

/** What a cursor tells of the staged rows. */
interface CursorCounts {
  readonly nulls: bigint
  readonly before: bigint
  readonly at: bigint
  readonly after: bigint
  readonly mark: string | null
}

/**
 * Without a cursor all staged rows. With one, rows beyond the mark, and of those at the mark the ones that the table
 * does not hold yet, counted by primary key (or else by all columns), so that ties are neither lost nor doubled.
 */
export async function selectRows(options: SelectOptions): Promise<SelectedRows> {
  const { connection, table, schema, staged, mark } = options
  if (table.cursor === undefined) return { query: projected(options, sql`${staged.relation}`), skipped: [], any: true }
  const cursor = id(table.cursor)
  const bound = mark === undefined ? undefined : typedMark(schema, table.cursor, mark)
  const [found] = await connection.rows<CursorCounts>(sql`
    select count(*) filter (where ${cursor} is null) as nulls,
      count(*) filter (where ${bound ? sql`${cursor} < ${bound}` : sql`false`}) as before,
      count(*) filter (where ${bound ? sql`${cursor} = ${bound}` : sql`false`}) as at,
      count(*) filter (where ${bound ? sql`${cursor} > ${bound}` : sql`${cursor} is not null`}) as after,
      cast(max(${cursor}) as varchar) as mark
    from ${staged.relation}`)
  const { nulls, before, at, after } = numbers(found)
  const pieces = [
    sql`select * from ${staged.relation} where ${bound ? sql`${cursor} > ${bound}` : sql`${cursor} is not null`}`,
  ]
  let seen = at
  if (bound && at > 0) {
    const relation = sql`${staged.relation} where ${cursor} = ${bound}`
    const fresh = await unseenRows({ ...options, relation, held: sql`${cursor} = ${bound}`, further: [FILE_COLUMN] })
    const [left] = await connection.rows<{ n: bigint }>(sql`select count(*) as n from (${fresh}) as fresh`)
    seen = at - Number(left?.n ?? 0)
    if (seen < at) pieces.push(fresh)
  }
  const old = before + seen
  const greatest = after > 0 ? (found?.mark ?? undefined) : mark
  return {
    query: projected(options, sql`(${join(pieces, ' union all ')}) as chosen`),
    skipped: old > 0 && mark !== undefined ? [`${count(old, 'row')} at or before ${table.cursor} ${mark}`] : [],
    any: after + (at - seen) > 0,
    ...(greatest === undefined ? {} : { mark: greatest }),
    ...(nulls > 0 ? { withoutCursor: { rows: nulls, condition: sql`${cursor} is null` } } : {}),
  }
}

/** The columns of the table: those of the source, derived ones, metadata. */
export function projected({ table, schema, files, loadedAt }: ProjectOptions, from: Sql): Sql {
  const named = table.metadata.includes('_file')
  const columns = [
    ...schema.fields.map(({ name }) => id(name)),
    ...Object.entries(table.derive).map(([name, expression]) => sql`(${trusted(expression)}) as ${id(name)}`),
    ...(named ? [sql`millrace_path as ${id('_file')}`] : []),
    ...(table.metadata.includes('_loaded_at')
      ? [sql`cast(${loadedAt.toISOString()} as timestamptz) as ${id('_loaded_at')}`]
      : []),
  ]
  const source = named ? sql`${from} join ${pathsOf(files)} on millrace_location = ${id(FILE_COLUMN)}` : from
  return sql`select ${join(columns)} from ${source}`
}

/** A table expression of absolute locations and the paths by which a project knows them. */
export function pathsOf(files: readonly SourceFile[]): Sql {
  return sql`(values ${join(files.map(({ location, path }) => sql`(${location}, ${path})`))}) as paths (millrace_location, millrace_path)`
}

function numbers(found: CursorCounts | undefined) {
  const of = (value: bigint | undefined) => Number(value ?? 0)
  return { nulls: of(found?.nulls), before: of(found?.before), at: of(found?.at), after: of(found?.after) }
}
