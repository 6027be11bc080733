import { createHash } from 'node:crypto'
import { failpoint, MillraceError, newId, type Schema } from '../../../base/kernel/index.ts'
import type { Sql } from '../../../base/sql/index.ts'
import type { Store } from '../../../base/store/index.ts'
import { readIntent, type StorePlace, whileActive } from '../../catalog/index.ts'
import type { EngineConnection } from '../../engine/index.ts'
import type { ReadOptions } from '../plan.ts'
import { escapeFolder, partitionPath } from '../read/partition-values.ts'
import { OptionReader } from '../read/read-options.ts'
import type { PlainFormat } from '../read/source-files.ts'
import { commitFolder, dataFilesOf, dropStaging, openStaging, type StagedFile, settle } from './folder-commit.ts'
import { SPLIT_COLUMN } from './split-files.ts'
import { type Staged, stageCsv, stageJson, stageParquet, stageText } from './stage-files.ts'
import { DAY, outside, refusal, type WriteMode, type WriteOutcome, type WriteTarget } from './write-target.ts'

/** What is written to a folder of files. */
export interface FolderWrite {
  readonly format: PlainFormat
  readonly place: StorePlace
  readonly query: Sql
  readonly schema: Schema
  readonly connection: EngineConnection
  readonly mode: WriteMode
  readonly partitionBy: readonly string[]
  readonly target: WriteTarget
}

const DATA = /\.(parquet|parq|csv|tsv|txt|json|jsonl|ndjson)(\.gz|\.zst)?$/i
const STAGE = { parquet: stageParquet, csv: stageCsv, json: stageJson, text: stageText }

/**
 * Writes rows as files of a folder: first beside it, then moved into place.
 * @throws MillraceError WRITE_EXISTS, WRITE_PARTITION_OUTSIDE, OPTION_UNKNOWN, and the engine's
 */
export async function writeFolder(write: FolderWrite): Promise<WriteOutcome> {
  const { store, path } = write.place
  await settle(store, path)
  const existing = await dataFilesOf(store, path)
  await refuseForeign(store, path, existing)
  const where = store.locate(path)
  const refused = existing.length > 0 ? refusal(write.mode, where) : undefined
  if (refused) return { rows: 0, bytes: 0, files: 0, ...refused }
  const token = newId()
  return whileActive(token, async () => {
    const folder = await openStaging(store, path, token)
    try {
      return await stageAndCommit(write, token, folder, existing)
    } catch (thrown) {
      // After the commit the intent stands and the next write finishes it; before it, nothing of this must stay.
      if ((await readIntent(store, path))?.token !== token) await dropStaging(store, path, token)
      throw thrown
    }
  })
}

async function stageAndCommit(
  write: FolderWrite,
  token: string,
  folder: string,
  existing: readonly string[],
): Promise<WriteOutcome> {
  const { connection, partitionBy, schema, target, place } = write
  const { store, path } = place
  await using stage = await store.stage(folder)
  const staged = await STAGE[write.format](write.query, {
    connection,
    dir: stage.dir,
    partitionBy,
    schema,
    options: target.options ?? {},
    ...(target.signal ? { signal: target.signal } : {}),
  })
  await stage.publish(staged.files)
  failpoint('frame.staged')
  let bytes = 0
  for (const file of staged.files) bytes += (await store.head(`${folder}/${file}`))?.size ?? 0
  await commitFolder(store, path, {
    token,
    schema,
    files: namedFiles(staged, folder, token, write),
    replaces: replacedBy(write, staged, existing),
  })
  return { rows: staged.rows, bytes, files: staged.files.length }
}

function namedFiles({ files }: Staged, folder: string, token: string, { target, mode }: FolderWrite): StagedFile[] {
  const prefix = mode === 'append' && target.run?.key !== undefined ? keyPrefix(target.run.key) : 'part-'
  return files.map((file, i) => {
    const ending = file.slice(file.indexOf('.', file.lastIndexOf('/') + 1))
    return {
      at: `${folder}/${file}`,
      folder: partitionFolder(file),
      name: `${prefix}${String(i).padStart(5, '0')}-${token}${ending}`,
    }
  })
}

/** The folder that a staged file goes to, as Spark names it, whatever the engine called it. */
function partitionFolder(staged: string): string {
  return partitionPath(staged)
    .filter(([name]) => name !== SPLIT_COLUMN)
    .map(([name, value]) => `${escapeFolder(name)}=${escapeFolder(value)}`)
    .join('/')
}

/** What a file's folders say, whoever named them. */
function partitionKey(relative: string): string {
  return JSON.stringify(partitionPath(relative).filter(([name]) => name !== SPLIT_COLUMN))
}

function keyPrefix(key: string): string {
  return `part-${createHash('sha256').update(key).digest('hex').slice(0, 12)}-`
}

/**
 * Pure: which files of the folder a write replaces. In a run an overwrite with partitions by day replaces the run's
 * day, also when there are no rows; with other partitions those that rows were written for.
 * @throws MillraceError WRITE_PARTITION_OUTSIDE
 */
export function replacedBy(
  write: Pick<FolderWrite, 'mode' | 'partitionBy' | 'schema' | 'target' | 'place'>,
  staged: Staged,
  existing: readonly string[],
): (relative: string) => boolean {
  const { mode, partitionBy, schema, target } = write
  const { run } = target
  if (mode === 'append') {
    const prefix = run?.key === undefined ? undefined : keyPrefix(run.key)
    return (relative) => prefix !== undefined && relative.slice(relative.lastIndexOf('/') + 1).startsWith(prefix)
  }
  const [first] = partitionBy
  const written = new Set(staged.files.map(partitionKey))
  const dynamic = overwriteMode(target.options ?? {}) === 'dynamic'
  if (mode !== 'overwrite' || first === undefined || (!run && !dynamic)) return () => true
  if (run && isByDay(first, schema, staged.files.length > 0 ? staged.files : existing)) {
    const stray = new Set(staged.files.map((file) => partitionValue(file, first)).filter((value) => value !== run.ds))
    if (stray.size > 0) throw outside(write.place.store.locate(write.place.path), first, [...stray], run.ds)
    return (relative) => partitionValue(relative, first) === run.ds
  }
  return (relative) => written.has(partitionKey(relative))
}

function isByDay(column: string, schema: Schema, files: readonly string[]): boolean {
  const kind = schema.fields.find((field) => field.name === column)?.type.kind
  if (kind === 'date') return true
  if (kind !== 'string') return false
  return files.length > 0 && files.every((file) => DAY.test(partitionValue(file, column) ?? ''))
}

/** The value of a partition column in a path, null for null and for a path without it. */
export function partitionValue(relative: string, column: string): string | null {
  return partitionPath(relative).find(([name]) => name === column)?.[1] ?? null
}

/** Whether an overwrite replaces everything or the partitions that rows were written for. @throws MillraceError OPTION_INVALID */
function overwriteMode(options: ReadOptions): 'static' | 'dynamic' {
  const given = Object.entries(options).filter(([name]) => name.toLowerCase() === 'partitionoverwritemode')
  const reader = new OptionReader('files', Object.fromEntries(given), ['partitionOverwriteMode'])
  return reader.word('partitionOverwriteMode', ['static', 'dynamic'], 'static')
}

async function refuseForeign(store: Store, path: string, existing: readonly string[]): Promise<void> {
  const where = store.locate(path)
  if (await store.head(path)) {
    throw new MillraceError('WRITE_EXISTS', `writing to ${where}: it is a file`, { hint: 'Name a folder.' })
  }
  for await (const _entry of store.list(`${path}/_delta_log/`)) {
    throw new MillraceError('WRITE_EXISTS', `writing files to ${where}: it is a Delta table`, {
      hint: 'Write it with .delta("…"), which commits to its log.',
    })
  }
  const foreign = existing.find((file) => !DATA.test(file))
  if (foreign === undefined) return
  throw new MillraceError('WRITE_EXISTS', `writing to ${where}: it holds other files than data, such as ${foreign}`, {
    hint: 'Name a folder of its own for the dataset; a write may remove what is in it.',
  })
}
