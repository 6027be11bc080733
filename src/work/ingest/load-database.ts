import { createHash } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type DataType, MillraceError, type Schema } from '../../base/kernel/index.ts'
import { sql } from '../../base/sql/index.ts'
import {
  type CursorRange,
  cursorType,
  type DatabaseReader,
  type DatabaseTable,
  originName,
  type RowSlice,
} from '../../data/connect/index.ts'
import { type EngineConnection, type SpooledFile, spool, spooledRelation } from '../../data/engine/index.ts'
import type { StagedFiles } from '../../data/table/index.ts'
import { count } from './choose-files.ts'
import { DatabaseBatches, type Tally } from './database-batches.ts'
import { type FittedSource, fitSource } from './fit-source.ts'
import type { Ledger } from './ledger.ts'
import type { IngestResult, LoadOptions } from './load-table.ts'
import { openDatabase } from './open-database.ts'
import { windowStart } from './row-window.ts'
import { projected } from './select-rows.ts'
import { publish, settled } from './settle.ts'
import { withRetries } from './with-retries.ts'

/**
 * Loads rows of a database. With a cursor: first the rows of the look-back window that the table does not hold, then
 * batch after batch what is beyond the mark, each a version of the table that is acknowledged before the next one is
 * committed. Without one, or with `fullRefresh`: all rows, in one version that replaces the others. A connection that
 * is lost is made again, and the load goes on behind its last batch.
 */
export async function loadDatabase(options: LoadOptions<DatabaseTable>): Promise<IngestResult> {
  const { source, table, retry, signal, onProgress } = options
  const tally: Tally = { rows: 0, bytes: 0, batches: 0, rejected: 0, skipped: 0 }
  const text = (sentence: string) => ({ text: `${source}.${table.name}: ${sentence}`, rows: tally.rows })
  return await withRetries(
    {
      ...retry,
      ...(signal ? { signal } : {}),
      progress: () => tally.batches,
      onRetry: (sentence) => onProgress?.(text(sentence)),
    },
    () => loadOnce(options, tally, (rows) => onProgress?.({ ...text(count(rows, 'row')), rows })),
  )
}

async function loadOnce(
  options: LoadOptions<DatabaseTable>,
  tally: Tally,
  onRows: (rows: number) => void,
): Promise<IngestResult> {
  const { source, table, dataset, target, state, signal } = options
  const name = `${source}.${table.name}`
  const key = `${name} -> ${dataset}`
  const appId = `millrace-ingest/${name}`
  // A refresh that was interrupted behind its first batch goes on instead of beginning anew.
  const fullRefresh = options.fullRefresh === true && tally.batches === 0
  const replaces = table.cursor === undefined || fullRefresh
  const had = await target.open(dataset)
  const ledger = await settled(state, key, appId, had, { fullRefresh, dataset, replaces: table.cursor === undefined })
  await using reader = await openDatabase(options)
  const server = await reader.columns(table.from)
  const fitted = fittedTo(table, server, ledger)
  await using spooling = await spoolFolder(options.dir, key)
  const loadedAt = new Date()
  const nothing = sql`${spooledRelation([], fitted.schema)} as nothing`
  const empty = projected({ table, schema: fitted.schema, files: [], loadedAt }, nothing)
  const rowsSchema = await options.connection.describe(empty)
  const loaded = had ?? (await target.create(dataset, { schema: rowsSchema, partitionBy: table.partitionBy }))
  const columns = inOrder(server, fitted.schema)
  await using batches = new DatabaseBatches({
    options,
    key,
    appId,
    loaded,
    columns,
    fitted,
    rowsSchema,
    empty,
    loadedAt,
    tally,
    first: ledger.batch + 1,
    origin: originName(table.connection, table.from),
    schemaMode: fullRefresh ? 'overwrite' : fitted.added.length > 0 ? 'merge' : 'fail',
  })
  const reading: Reading = { reader, table, columns, dir: spooling.dir, connection: options.connection, signal }
  if (table.cursor !== undefined) await rejectNulls(reading, table.cursor, batches)
  if (replaces) await loadAll(reading, batches, onRows)
  else await loadNew(reading, table.cursor ?? '', ledger, batches, options, onRows)
  await publish(target, dataset, loaded)
  return {
    source: name,
    dataset,
    rows: tally.rows,
    bytes: tally.bytes,
    files: 0,
    batches: tally.batches,
    rejected: tally.rejected,
    version: loaded.snapshot.version,
    skipped: tally.skipped > 0 ? [`${count(tally.skipped, 'row')} of the window loaded before`] : [],
    notes: [...fitted.notes, ...fitted.added.map((column) => `new column "${column}" added`)],
    ...(tally.rejected > 0 ? { rejects: batches.rejectsDataset } : {}),
  }
}

/** An empty folder for the spooled rows of a load, which only one process does at a time: what a crash left is removed. */
async function spoolFolder(project: string, key: string): Promise<{ readonly dir: string } & AsyncDisposable> {
  const dir = join(project, '.millrace', 'spool', createHash('sha256').update(key).digest('hex').slice(0, 16))
  await rm(dir, { recursive: true, force: true })
  await mkdir(dir, { recursive: true, mode: 0o700 })
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) }
}

interface Reading {
  readonly reader: DatabaseReader
  readonly table: DatabaseTable
  readonly columns: Schema
  readonly dir: string
  readonly connection: EngineConnection
  readonly signal: AbortSignal | undefined
}

async function* pieces({ reader, table, columns, dir, signal }: Reading, rows?: CursorRange['rows'], maxRows?: number) {
  const slice: RowSlice = {
    from: table.from,
    columns,
    ...(rows && table.cursor !== undefined ? { cursor: { column: table.cursor, rows } } : {}),
  }
  const bytes = await reader.unload(slice)
  const limits = maxRows === undefined ? {} : { maxRows }
  yield* spool(bytes, { dir, wholeRows: true, ...limits, ...(signal ? { signal } : {}) })
}

/** All rows as one version; nothing is committed before the last of them has been written. */
async function loadAll(reading: Reading, batches: DatabaseBatches, onRows: (rows: number) => void): Promise<void> {
  const { table } = reading
  const scanned = await stageScanned(reading, batches)
  if (scanned) {
    onRows(scanned.rows)
    return await batches.replace([scanned], undefined)
  }
  const rows: CursorRange['rows'] | undefined = table.cursor === undefined ? undefined : { kind: 'after' }
  const staged: StagedFiles[] = []
  let mark: string | undefined
  let read = 0
  try {
    for await (const piece of pieces(reading, rows)) {
      await using file = piece
      const batch = await batches.stage([file])
      staged.push(batch.files)
      read += batch.files.rows
      mark = batch.mark ?? mark
      onRows(read)
    }
    await batches.replace(staged, mark)
  } catch (thrown) {
    await batches.discard(staged)
    throw thrown
  }
}

/**
 * All rows, read by the engine itself when it can; undefined when it cannot, or when it stumbled over anything: then
 * they are read the other way, which tells what is wrong.
 */
async function stageScanned(reading: Reading, batches: DatabaseBatches): Promise<StagedFiles | undefined> {
  const { reader, table, columns, connection, signal } = reading
  if (table.cursor !== undefined || !batches.takesScans) return undefined
  await using scan = await reader.through?.(connection)
  const relation = await scan?.rows(table.from, columns)
  if (!relation) return undefined
  try {
    return (await batches.stageScan(relation)).files
  } catch (thrown) {
    signal?.throwIfAborted()
    if (thrown instanceof MillraceError && /^STORE_/.test(thrown.code)) throw thrown
    return undefined
  }
}

/** Late rows of the window, then new ones. */
async function loadNew(
  reading: Reading,
  cursor: string,
  ledger: Ledger,
  batches: DatabaseBatches,
  { connection }: LoadOptions<DatabaseTable>,
  onRows: (rows: number) => void,
): Promise<void> {
  const { table, columns } = reading
  let mark = ledger.mark
  cursorType(columns, cursor)
  if (mark !== undefined) {
    const from = await windowStart(connection, table, columns, mark)
    await using window = new AsyncDisposableStack()
    const files: SpooledFile[] = []
    for await (const piece of pieces(reading, { kind: 'window', from, to: mark })) {
      window.use(piece)
      files.push(piece)
    }
    if (files.length > 0) {
      const batch = await batches.stageUnseen(files, from)
      await batches.append(batch.files, mark)
      onRows(batches.rows)
    }
  }
  const thenBy = table.primaryKey.filter((name) => name !== cursor)
  const beyond: CursorRange['rows'] = { kind: 'after', thenBy, ...(mark === undefined ? {} : { after: mark }) }
  for await (const piece of pieces(reading, beyond, table.batchRows)) {
    await using file = piece
    const batch = await batches.stage([file])
    mark = batch.mark ?? mark
    await batches.append(batch.files, mark)
    onRows(batches.rows)
  }
  await batches.finish(mark)
}

/** Rows without a cursor value are neither before nor after another: they are rejected, as those of files are. */
async function rejectNulls(reading: Reading, cursor: string, batches: DatabaseBatches): Promise<void> {
  const field = reading.columns.fields.find(({ name }) => name === cursor)
  if (field?.nullable === false) return
  for await (const piece of pieces(reading, { kind: 'nulls' })) {
    await using file = piece
    await batches.rejectAll([file], cursor, 'the cursor has no value')
  }
}

/** The server's columns that are loaded, those of the table first. */
function inOrder(server: Schema, wanted: Schema): Schema {
  const given = new Map(server.fields.map((field) => [field.name, field]))
  return { fields: wanted.fields.flatMap(({ name }) => given.get(name) ?? []) }
}

function fittedTo(table: DatabaseTable, server: Schema, ledger: Ledger): FittedSource {
  const origin = originName(table.connection, table.from)
  if (table.cursor !== undefined) cursorType(server, table.cursor)
  const kept: Schema = { fields: server.fields.map((field) => ({ ...field, type: keptType(field.type) })) }
  const columns = kept.fields.map(({ name, type }) => ({ name, type }))
  return fitSource(table, [{ name: origin, at: table.at, columns, complete: true }], ledger.columns, kept)
}

/** Times of day and intervals are kept as the server writes them: tables of a lake have no type for them. */
function keptType(type: DataType): DataType {
  return type.kind === 'time' || type.kind === 'interval' ? { kind: 'string' } : type
}
