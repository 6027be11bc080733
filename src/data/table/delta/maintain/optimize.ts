import { MillraceError } from '../../../../base/kernel/index.ts'
import { id, inline, join, type Sql, sql } from '../../../../base/sql/index.ts'
import type { AddFile } from '../actions.ts'
import { requireConditionalPut } from '../commit.ts'
import type { DeltaTable } from '../delta-table.ts'
import { filesOfPartitions, type QueryingConnection } from '../files-of-partitions.ts'
import { storedPartitions } from '../schema/column-mapping.ts'
import { checkWritable } from '../schema/protocol.ts'
import type { DataFile, Snapshot } from '../snapshot.ts'
import { estimatedRows } from '../stats.ts'
import { type Bin, planClustering, planCompaction, targetBytes } from './plan-optimize.ts'
import { discardRewritten, rewriteFiles } from './rewrite-files.ts'
import { zOrderColumns, zOrdered } from './z-order.ts'

/** How the files of a table are put in order. */
export interface OptimizeOptions {
  /** Reads the files and writes new ones. */
  readonly connection: QueryingConnection
  /** A condition on partition columns; only files of partitions that meet it are rewritten. */
  readonly where?: Sql
  /** Puts the rows of each partition in Z-order by these columns, whatever the size of their files. */
  readonly zOrderBy?: readonly string[]
  /** Bytes of a new file; `delta.targetFileSize` by default, or 100 MiB. */
  readonly targetBytes?: number
  /** Bytes that are rewritten before what is done is committed; 8 GiB by default. */
  readonly commitBytes?: number
  readonly onProgress?: (done: number, of: number) => void
  readonly signal?: AbortSignal
}

/** What an optimize did. */
export interface OptimizeResult {
  /** The versions that it made; none when there was nothing to do. */
  readonly versions: readonly number[]
  readonly filesRemoved: number
  readonly filesAdded: number
  readonly bytesRemoved: number
  readonly bytesAdded: number
  readonly partitions: number
  readonly filesConsidered: number
  readonly warnings: readonly string[]
}

const COMMIT_BYTES = 8 * 1024 ** 3

/**
 * Puts small files of a table together, or its rows in Z-order, without changing its rows: readers see the same before
 * and after. What is done is committed batch by batch; rows that others append meanwhile are left as they are.
 * @throws MillraceError DELTA_COMMIT_CONFLICT when another writer removed what was rewritten, COLUMN_UNKNOWN,
 *   OPTION_INVALID, DELTA_FEATURE_UNSUPPORTED, and the engine's
 */
export async function optimize(table: DeltaTable, options: OptimizeOptions): Promise<OptimizeResult> {
  const { connection, where, zOrderBy = [], commitBytes = COMMIT_BYTES, signal, onProgress } = options
  const base = await table.refresh()
  checkWritable(base.protocol, base.metadata)
  await requireConditionalPut(table.log)
  const bytes = options.targetBytes ?? targetBytes(base)
  if (!(bytes > 0)) throw new MillraceError('OPTION_INVALID', `optimizing a Delta table to files of ${bytes} bytes`)
  const columns = zOrderColumns(zOrderBy, base.schema, base.partitionBy)
  const considered = where ? await filesOfPartitions(base, where, connection) : base.files
  const isOrdered = columns.length > 0
  const bins = isOrdered
    ? planClustering(considered, storedPartitions(base))
    : planCompaction(considered, storedPartitions(base), bytes)

  const total = { filesRemoved: 0, filesAdded: 0, bytesRemoved: 0, bytesAdded: 0 }
  const versions: number[] = []
  const warnings: string[] = []
  let batch: Batch = { removed: [], added: [], bytes: 0 }
  const flush = async () => {
    if (batch.removed.length === 0) return
    const { snapshot, warnings: more } = await commitBatch(table, base, batch, columns, options)
    versions.push(snapshot.version)
    warnings.push(...more)
    total.filesRemoved += batch.removed.length
    total.filesAdded += batch.added.length
    total.bytesRemoved += sizeOf(batch.removed)
    total.bytesAdded += sizeOf(batch.added)
    batch = { removed: [], added: [], bytes: 0 }
  }
  for (const [at, bin] of bins.entries()) {
    onProgress?.(at, bins.length)
    batch = await withBin(table, base, bin, batch, {
      connection,
      query: (rows, names) => (isOrdered ? zOrdered(rows, names, columns) : plain(rows, names)),
      ...(isOrdered ? { fileBytes: bytes } : { inAnyOrder: isOfLargeFiles(bin) }),
      ...(signal ? { signal } : {}),
    })
    if (batch.bytes >= commitBytes) await flush()
  }
  await flush()
  onProgress?.(bins.length, bins.length)
  const partitions = new Set(bins.map(({ files: [first] }) => JSON.stringify(first?.partitionValues ?? {}))).size
  return { ...total, versions, partitions, filesConsidered: considered.length, warnings }
}

interface Batch {
  readonly removed: readonly DataFile[]
  readonly added: readonly AddFile[]
  readonly bytes: number
}

/** A quarter of a row group as engines write them. */
const LARGE_FILE_ROWS = 30_000

/**
 * Whether files keep enough of their rows together that these may come in any order, for a quarter less memory: of smaller
 * files each row group would be made of some from everywhere, and no bounds of it would tell anything.
 */
function isOfLargeFiles({ files }: Bin): boolean {
  return (estimatedRows(files) ?? 0) >= files.length * LARGE_FILE_ROWS
}

function plain(rows: Sql, names: readonly string[]): Sql {
  return sql`select ${join(names.map((name) => id(name)))} from ${rows} as r`
}

async function withBin(
  table: DeltaTable,
  base: Snapshot,
  bin: Bin,
  { removed, added, bytes }: Batch,
  how: Parameters<typeof rewriteFiles>[3],
): Promise<Batch> {
  try {
    const files = await rewriteFiles(table, base, bin.files, how)
    return { removed: [...removed, ...bin.files], added: [...added, ...files], bytes: bytes + bin.bytes }
  } catch (thrown) {
    // What was done before it and is not committed is of no use any more.
    await discardRewritten(table, added).catch(() => undefined)
    throw thrown
  }
}

async function commitBatch(
  table: DeltaTable,
  base: Snapshot,
  { removed, added }: Batch,
  columns: readonly string[],
  { where, signal }: OptimizeOptions,
) {
  try {
    return await table.commit(
      {
        kind: 'change',
        name: 'OPTIMIZE',
        parameters: {
          predicate: JSON.stringify(where ? [inline(where, 'duckdb')] : []),
          zOrderBy: JSON.stringify(columns),
          auto: false,
        },
        metrics: {
          numRemovedFiles: String(removed.length),
          numAddedFiles: String(added.length),
          numRemovedBytes: String(sizeOf(removed)),
          numAddedBytes: String(sizeOf(added)),
        },
        dataChange: false,
        remove: removed,
        add: added,
        read: { kind: 'files', files: removed },
      },
      { base, ...(signal ? { signal } : {}) },
    )
  } catch (thrown) {
    if (thrown instanceof MillraceError && thrown.code === 'DELTA_COMMIT_CONFLICT') await discardRewritten(table, added)
    throw thrown
  }
}

function sizeOf(files: readonly AddFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0)
}
