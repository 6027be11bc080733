import { formatType, type Json, parseType, type Schema } from '../../base/kernel/index.ts'
import { sql } from '../../base/sql/index.ts'
import type { State } from '../../base/state/index.ts'

const STEPS = [
  `create table ingest_loads (
     load_key text primary key, batch bigint not null, committed bigint not null, mark text, columns text not null)`,
  `create table ingest_files (
     load_key text not null, path text not null, size bigint not null, modified double precision not null,
     hash text not null, batch bigint not null, primary key (load_key, path))`,
  `create table ingest_batches (
     load_key text not null, batch bigint not null, status text not null, plan text not null,
     primary key (load_key, batch))`,
]

/** A file as it was when it was loaded. */
export interface LoadedFile {
  readonly path: string
  readonly size: number
  readonly modified: number
  readonly hash: string
}

/** What is known of a load: of one source table into one dataset. */
export interface Ledger {
  /** The last batch that was planned, whatever became of it. */
  readonly batch: number
  /** The last batch whose rows are in the table; 0 when none. */
  readonly committed: number
  /** The greatest cursor value that was loaded, as text. */
  readonly mark?: string
  /** The columns of the source; undefined before the first load. */
  readonly columns?: Schema
  readonly files: ReadonlyMap<string, LoadedFile>
  /** A batch that was planned and not acknowledged: its process died. */
  readonly pending?: Batch
}

/** All that an acknowledgement needs, written down before anything is committed. */
export interface Batch {
  readonly batch: number
  readonly files: readonly LoadedFile[]
  readonly mark?: string
  readonly columns: Schema
  /** Whether rows are committed to the table; a batch of nothing but rejects has none. */
  readonly writesRows: boolean
  /** Whether the batch replaces what was loaded before. */
  readonly replaces: boolean
}

/** Makes the tables of this room. */
export async function migrateLedger(state: State): Promise<void> {
  await state.migrate('ingest', STEPS)
}

interface LoadRow {
  readonly batch: number
  readonly committed: number
  readonly mark: string | null
  readonly columns: string
}

/** What is known of a load. */
export async function readLedger(state: State, key: string): Promise<Ledger> {
  const [load] = await state.read<LoadRow>(sql`select * from ingest_loads where load_key = ${key}`)
  const files = await state.read<LoadedFile & object>(
    sql`select path, size, modified, hash from ingest_files where load_key = ${key}`,
  )
  const batches = await state.read<{ batch: number; status: string; plan: string }>(
    sql`select batch, status, plan from ingest_batches where load_key = ${key} order by batch desc limit 1`,
  )
  const [last] = batches
  const columns = load ? decode(JSON.parse(load.columns) as [string, string][]) : undefined
  return {
    batch: Math.max(Number(load?.batch ?? 0), Number(last?.batch ?? 0)),
    committed: Number(load?.committed ?? 0),
    files: new Map(files.map((file) => [file.path, file])),
    ...(load?.mark === null || load?.mark === undefined ? {} : { mark: load.mark }),
    ...(columns ? { columns } : {}),
    ...(last?.status === 'planned' ? { pending: decodeBatch(last.plan) } : {}),
  }
}

/** Writes a batch down before anything of it is committed. */
export async function planBatch(state: State, key: string, batch: Batch): Promise<void> {
  const plan = JSON.stringify({ ...batch, columns: encode(batch.columns) })
  await state.write((tx) =>
    tx.run(sql`insert into ingest_batches (load_key, batch, status, plan)
      values (${key}, ${batch.batch}, 'planned', ${plan})`),
  )
}

/** Called when the rows of a batch are in the table; safe to repeat. */
export async function acknowledge(state: State, key: string, batch: Batch): Promise<void> {
  await state.write(async (tx) => {
    if (batch.replaces) await tx.run(sql`delete from ingest_files where load_key = ${key}`)
    for (const { path, size, modified, hash } of batch.files) {
      await tx.run(sql`
        insert into ingest_files (load_key, path, size, modified, hash, batch)
        values (${key}, ${path}, ${size}, ${modified}, ${hash}, ${batch.batch})
        on conflict (load_key, path) do update set
          size = excluded.size, modified = excluded.modified, hash = excluded.hash, batch = excluded.batch`)
    }
    const [before] = await tx.all<{ committed: number }>(
      sql`select committed from ingest_loads where load_key = ${key}`,
    )
    const committed = batch.writesRows ? batch.batch : Number(before?.committed ?? 0)
    await tx.run(sql`
      insert into ingest_loads (load_key, batch, committed, mark, columns)
      values (${key}, ${batch.batch}, ${committed}, ${batch.mark ?? null}, ${JSON.stringify(encode(batch.columns))})
      on conflict (load_key) do update set batch = excluded.batch, committed = excluded.committed,
        mark = excluded.mark, columns = excluded.columns`)
    await tx.run(sql`update ingest_batches set status = 'loaded' where load_key = ${key} and batch = ${batch.batch}`)
  })
}

/** Gives up a batch of which nothing is in the table; its number is not used again. */
export async function abandon(state: State, key: string, batch: Batch): Promise<void> {
  await state.write((tx) =>
    tx.run(sql`update ingest_batches set status = 'abandoned' where load_key = ${key} and batch = ${batch.batch}`),
  )
}

function encode({ fields }: Schema): Json {
  return fields.map(({ name, type }) => [name, formatType(type)])
}

function decode(pairs: readonly (readonly [string, string])[]): Schema {
  return { fields: pairs.map(([name, type]) => ({ name, type: parseType(type), nullable: true })) }
}

function decodeBatch(plan: string): Batch {
  const { columns, ...rest } = JSON.parse(plan) as Omit<Batch, 'columns'> & { columns: [string, string][] }
  return { ...rest, columns: decode(columns) }
}
