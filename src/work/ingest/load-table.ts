import { stat } from 'node:fs/promises'
import { failpoint, MillraceError, type Schema } from '../../base/kernel/index.ts'
import type { State } from '../../base/state/index.ts'
import { listFiles, type SourceFile, type SourceReader, type SourceTable } from '../../data/connect/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'
import { appendTo, type DeltaTable, overwrite } from '../../data/table/index.ts'
import { chooseFiles } from './choose-files.ts'
import { type FittedSource, fitSource, unknownColumns } from './fit-source.ts'
import { abandon, acknowledge, type Batch, type Ledger, planBatch, readLedger } from './ledger.ts'
import { type SelectedRows, selectRows } from './select-rows.ts'
import type { IngestTarget } from './target.ts'
import { allowRejects, newRejects, REJECT_SCHEMA, writeRejects } from './write-rejects.ts'

/** What a load did. */
export interface IngestResult {
  /** The table of the source, such as `shop.orders`. */
  readonly source: string
  readonly dataset: string
  readonly rows: number
  readonly bytes: number
  /** Source files that were read. */
  readonly files: number
  readonly rejected: number
  /** The dataset that holds the rejected rows, when there are some. */
  readonly rejects?: string
  /** The table's version after the load; absent when there is no table yet. */
  readonly version?: number
  /** Sentences: what was skipped, and why. */
  readonly skipped: readonly string[]
  /** Sentences about changes of the source. */
  readonly notes: readonly string[]
}

/** One table to load, and all that it takes. */
export interface LoadOptions {
  /** The source's name. */
  readonly source: string
  readonly table: SourceTable
  readonly dataset: string
  /** The project folder. */
  readonly dir: string
  readonly connection: EngineConnection
  readonly target: IngestTarget
  readonly state: State
  /** Forgets what was loaded and replaces the table's rows by those of the files as they are. */
  readonly fullRefresh?: boolean
  readonly signal?: AbortSignal
}

/**
 * Loads what is new of one table. Each batch is written down, committed to the table together with its number, and
 * then acknowledged: a crash anywhere leaves a batch that is either in the table, and is acknowledged by the next
 * load, or is not, and is loaded anew.
 */
export async function loadTable(options: LoadOptions): Promise<IngestResult> {
  const { source, table, dataset, dir, connection, target, state, signal } = options
  const name = `${source}.${table.name}`
  const key = `${name} -> ${dataset}`
  const appId = `millrace-ingest/${name}`
  let loaded = await target.open(dataset)
  const ledger = await settled(state, key, appId, loaded, options)
  const replaces = options.fullRefresh === true && loaded !== undefined
  const chosen = await chooseFiles(await listFiles(dir, table.files, table.at), ledger.files, table)
  const nothing = { source: name, dataset, rows: 0, bytes: 0, files: 0, rejected: 0, notes: [] }
  const versionOf = (at: DeltaTable | undefined) => (at ? { version: at.snapshot.version } : {})
  if (chosen.files.length === 0) {
    await publish(target, dataset, loaded)
    return { ...nothing, skipped: chosen.skipped, ...versionOf(loaded) }
  }

  const context = { connection, stated: table.stated, ...(signal ? { signal } : {}) }
  const reader = table.kind.open(table.options as never, context)
  const fitted = await fittedSource(reader, chosen.files, table, ledger.columns)
  await using staged = await reader.stage(chosen.files, fitted.schema)
  await unchanged(chosen.files)
  const loadedAt = new Date()
  const selected = await selectRows({
    connection,
    table,
    schema: fitted.schema,
    staged,
    files: chosen.files,
    mark: ledger.mark,
    loaded,
    loadedAt,
  })
  const rejectsDataset = `${dataset}_rejects`
  const held = staged.rejects || selected.withoutCursor ? await target.open(rejectsDataset) : undefined
  const finding = { connection, table, files: chosen.files, staged, selected, held }
  const rejects = await newRejects(finding)
  if (rejects) await allowRejects(finding, rejects)

  const number = ledger.batch + 1
  const batch: Batch = {
    batch: number,
    files: chosen.remembered,
    columns: fitted.schema,
    writesRows: selected.any || replaces,
    replaces: options.fullRefresh === true,
    ...(selected.mark === undefined ? {} : { mark: selected.mark }),
  }
  await planBatch(state, key, batch)
  failpoint('ingest.planned')
  if (rejects) {
    const into = held ?? (await target.create(rejectsDataset, { schema: REJECT_SCHEMA, partitionBy: [] }))
    await writeRejects(connection, into, rejects, { number, appId, ...(signal ? { signal } : {}) })
    failpoint('ingest.rejects-written')
  }
  loaded ??= await createTable(options, selected)
  const written = batch.writesRows
    ? await write(loaded, selected, { appId, number, replaces, fitted, options })
    : { committed: false, rows: 0, bytes: 0 }
  failpoint('ingest.committed')
  await acknowledge(state, key, { ...batch, writesRows: written.committed })
  failpoint('ingest.acknowledged')
  await publish(target, dataset, loaded)
  return {
    ...nothing,
    rows: written.rows,
    bytes: written.bytes,
    files: chosen.files.length,
    rejected: rejects?.rows ?? 0,
    skipped: [...chosen.skipped, ...selected.skipped],
    notes: [...fitted.notes, ...fitted.added.map((column) => `new column "${column}" added`)],
    ...(rejects ? { rejects: rejectsDataset } : {}),
    ...versionOf(loaded),
  }
}

/**
 * What is known of the load, after a batch that a crash left open was acknowledged or given up.
 * @throws MillraceError INGEST_STATE_LOST
 */
async function settled(
  state: State,
  key: string,
  appId: string,
  loaded: DeltaTable | undefined,
  { fullRefresh, dataset }: LoadOptions,
): Promise<Ledger> {
  let ledger = await readLedger(state, key)
  const inTable = loaded?.snapshot.txns.get(appId) ?? 0
  if (ledger.pending) {
    if (inTable >= ledger.pending.batch) await acknowledge(state, key, ledger.pending)
    else await abandon(state, key, ledger.pending)
    ledger = await readLedger(state, key)
  }
  const fresh = { batch: Math.max(ledger.batch, inTable), committed: 0, files: new Map() }
  // Without a table nothing can be doubled: everything is loaded anew.
  if (fullRefresh || !loaded) return fresh
  if (inTable !== ledger.committed) {
    throw new MillraceError(
      'INGEST_STATE_LOST',
      `loading ${dataset}: the table holds batch ${inTable} of this source, the metadata database knows of batch ${ledger.committed}`,
      {
        hint: 'Bring back the metadata database that belongs to the table, or load everything anew with a full refresh.',
      },
    )
  }
  return ledger
}

/** Shows what is committed, also what a crash kept the load before this one from showing. */
async function publish(target: IngestTarget, dataset: string, loaded: DeltaTable | undefined): Promise<void> {
  if (!target.published) return
  if (loaded) await target.published(dataset)
  const rejects = `${dataset}_rejects`
  if (await target.open(rejects)) await target.published(rejects)
}

async function fittedSource(
  reader: SourceReader,
  files: readonly SourceFile[],
  table: SourceTable,
  known: Schema | undefined,
): Promise<FittedSource> {
  const columns = await reader.columns(files)
  const untyped = unknownColumns(table, columns, known)
  const inferred = untyped.length === 0 ? { fields: [] } : await reader.infer(files)
  return fitSource(table, columns, known, inferred)
}

async function createTable(options: LoadOptions, { query }: SelectedRows): Promise<DeltaTable> {
  const { connection, target, dataset, table } = options
  return target.create(dataset, { schema: await connection.describe(query), partitionBy: table.partitionBy })
}

interface Writing {
  readonly appId: string
  readonly number: number
  readonly replaces: boolean
  readonly fitted: FittedSource
  readonly options: LoadOptions
}

function write(loaded: DeltaTable, { query }: SelectedRows, { appId, number, replaces, fitted, options }: Writing) {
  const { connection, signal } = options
  const how = { connection, txn: { appId, version: number }, ...(signal ? { signal } : {}) }
  if (replaces) return overwrite(loaded, query, { ...how, schemaMode: 'overwrite' })
  return appendTo(loaded, query, { ...how, schemaMode: fitted.added.length > 0 ? 'merge' : 'fail' })
}

/** A file that was written to while it was read may have been read by half. */
async function unchanged(files: readonly SourceFile[]): Promise<void> {
  for (const file of files) {
    const now = await stat(file.location).catch(() => undefined)
    if (now?.size === file.size && now.mtimeMs === file.modified) continue
    throw new MillraceError('SOURCE_MALFORMED', `reading ${file.path}: it was changed meanwhile`, {
      at: { file: file.path },
      retry: 'again',
      hint: 'Put files in place complete, by writing them elsewhere and moving them.',
    })
  }
}
