import { MillraceError, type Row, type Schema } from '../../base/kernel/index.ts'
import { id, join, type Sql, sql } from '../../base/sql/index.ts'
import type { SourceTable } from '../../data/connect/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'
import { appendTo, type DeltaTable } from '../../data/table/index.ts'
import { count } from './choose-files.ts'
import { schemaChanged } from './fit-source.ts'

/** The columns of a reject table. */
export const REJECT_SCHEMA: Schema = {
  fields: [
    { name: 'file', type: { kind: 'string' }, nullable: true },
    { name: 'line', type: { kind: 'long' }, nullable: true },
    { name: 'column', type: { kind: 'string' }, nullable: true },
    { name: 'reason', type: { kind: 'string' }, nullable: true },
    { name: 'raw', type: { kind: 'string' }, nullable: true },
  ],
}

/** Rejected rows that the reject table does not hold yet: a file that is read again brings the old ones too. */
export interface NewRejects {
  /** A table expression of file, line, column, reason, raw. */
  readonly relation: Sql
  readonly rows: number
}

/** What finding rejects works with. */
export interface RejectOptions {
  readonly connection: EngineConnection
  /** A query of REJECT_SCHEMA. */
  readonly found: Sql
  /** The reject table, when there is one. */
  readonly held: DeltaTable | undefined
}

/** The rows of this load that are to be rejected; undefined when there are none. */
export async function newRejects({ connection, found: named, held }: RejectOptions): Promise<NewRejects | undefined> {
  const relation = sql`(${held ? await withoutHeld(named, held, connection) : named}) as rejects`
  const [found] = await connection.rows<{ n: bigint }>(sql`select count(*) as n from ${relation}`)
  const rows = Number(found?.n ?? 0)
  return rows === 0 ? undefined : { relation, rows }
}

async function withoutHeld(named: Sql, held: DeltaTable, connection: EngineConnection): Promise<Sql> {
  if (!connection.engine.files) return named
  const keys = ['file', 'line', 'column', 'raw'].map((name) => sql`h.${id(name)} is not distinct from r.${id(name)}`)
  const columns = join(['file', 'line', 'column', 'reason', 'raw'].map((name) => sql`r.${id(name)}`))
  // Equal rows without a line number are told apart by how many of them are held.
  return sql`
    select ${columns} from (
      select *, row_number() over (partition by "file", "line", "column", "raw") as millrace_copy from (${named}) as n
    ) as r left join (
      select "file", "line", "column", "raw", count(*) as millrace_held
      from ${await held.relation()} as loaded group by all
    ) as h on ${join(keys, ' and ')}
    where millrace_copy > coalesce(millrace_held, 0)`
}

/** What deciding on rejects works with. */
export interface AllowOptions {
  readonly connection: EngineConnection
  readonly table: SourceTable
  /** A query of the names (`file`) of which some row is good. */
  readonly good: Sql
  /** Rejected rows of this load that were allowed before. */
  readonly before?: number
}

/**
 * Refuses a load with more rejected rows than its source allows.
 * @throws MillraceError INGEST_TOO_MANY_REJECTS with the first of them; INGEST_SCHEMA_CHANGED when a column of a file
 *   does not fit in any row
 */
export async function allowRejects(options: AllowOptions, rejects: NewRejects): Promise<void> {
  const { connection, table, before = 0 } = options
  const total = before + rejects.rows
  if (total <= table.maxRejects) return
  await wholeColumn(options, rejects)
  const examples = await connection.rows<Row>(
    sql`select * from ${rejects.relation} order by "file", "line" nulls last limit 5`,
  )
  const told = examples.map((row) => `${placeOf(row)}: ${String(row.reason)}`)
  const [first] = examples
  throw new MillraceError(
    'INGEST_TOO_MANY_REJECTS',
    `loading ${table.name}: ${count(total, 'row')} rejected, ${table.maxRejects.toLocaleString('en-US')} allowed; nothing ${before > 0 ? 'more ' : ''}was loaded`,
    {
      ...(first
        ? { at: { file: String(first.file), ...(first.line === null ? {} : { line: Number(first.line) }) } }
        : {}),
      hint: `Mend the rows, or allow more by \`on_reject: { max: ${total} }\`. ${told.join('; ')}`,
      data: { rejected: total, allowed: table.maxRejects, examples: told },
    },
  )
}

/** A column that fits in no row of a file is a changed type rather than many bad rows. */
async function wholeColumn({ connection, table, good }: AllowOptions, rejects: NewRejects): Promise<void> {
  const [found] = await connection.rows<{ file: string; column: string }>(sql`
    select "file", min("column") as "column" from ${rejects.relation}
    where "column" is not null and "file" not in (${good})
    group by "file" having count(*) > 1 and count(distinct "column") = 1 order by "file" limit 1`)
  if (!found) return
  const type = table.stated.fields.find(({ name }) => name === found.column)?.type.kind
  throw schemaChanged(table, { name: found.file, at: { file: found.file } }, found.column, 'fits in no row', {
    ...(type ? { old: type } : {}),
    new: 'string',
  })
}

/** Appends rejected rows to the reject table, once for each batch. */
export async function writeRejects(
  connection: EngineConnection,
  held: DeltaTable,
  rejects: NewRejects,
  batch: { readonly number: number; readonly appId: string; readonly signal?: AbortSignal },
): Promise<void> {
  const query = sql`select "file", "line", "column", "reason", "raw" from ${rejects.relation} order by "file", "line"`
  await appendTo(held, query, {
    connection,
    txn: { appId: batch.appId, version: batch.number },
    ...(batch.signal ? { signal: batch.signal } : {}),
  })
}

function placeOf(row: Row): string {
  const column = row.column === null || row.column === undefined ? '' : ` column ${String(row.column)}`
  return `${String(row.file)}${row.line === null ? '' : `:${String(row.line)}`}${column}`
}
