import { stat } from 'node:fs/promises'
import { failpoint, MillraceError, type Schema } from '../../base/kernel/index.ts'
import { type FileTable, listFiles, type SourceFile, type SourceReader } from '../../data/connect/index.ts'
import { appendTo, type DeltaTable, overwrite } from '../../data/table/index.ts'
import { chooseFiles } from './choose-files.ts'
import { fileRejects, goodFiles } from './file-rejects.ts'
import { type FittedSource, fileOrigins, fitSource, unknownColumns } from './fit-source.ts'
import { acknowledge, type Batch, planBatch } from './ledger.ts'
import type { IngestResult, LoadOptions } from './load-table.ts'
import { type SelectedRows, selectRows } from './select-rows.ts'
import { publish, settled } from './settle.ts'
import { allowRejects, newRejects, REJECT_SCHEMA, writeRejects } from './write-rejects.ts'

/** Loads new files, and beyond a cursor the new rows of changed ones, as one batch. */
export async function loadFiles(options: LoadOptions<FileTable>): Promise<IngestResult> {
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
  const found = fileRejects(table, chosen.files, staged, selected)
  const rejects = found && (await newRejects({ connection, held, found }))
  if (rejects) await allowRejects({ connection, table, good: goodFiles(chosen.files, staged) }, rejects)

  const number = ledger.batch + 1
  const batch: Batch = {
    batch: number,
    files: chosen.remembered,
    columns: fitted.schema,
    writesRows: selected.any || replaces,
    replaces: options.fullRefresh === true,
    ...(selected.mark === undefined ? {} : { mark: selected.mark }),
  }
  failpoint('ingest.staged')
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

async function fittedSource(
  reader: SourceReader,
  files: readonly SourceFile[],
  table: FileTable,
  known: Schema | undefined,
): Promise<FittedSource> {
  const columns = fileOrigins(await reader.columns(files))
  const untyped = unknownColumns(table, columns, known)
  const inferred = untyped.length === 0 ? { fields: [] } : await reader.infer(files)
  return fitSource(table, columns, known, inferred)
}

async function createTable(options: LoadOptions<FileTable>, { query }: SelectedRows): Promise<DeltaTable> {
  const { connection, target, dataset, table } = options
  return target.create(dataset, { schema: await connection.describe(query), partitionBy: table.partitionBy })
}

interface Writing {
  readonly appId: string
  readonly number: number
  readonly replaces: boolean
  readonly fitted: FittedSource
  readonly options: LoadOptions<FileTable>
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
