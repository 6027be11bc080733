import { MillraceError } from '../../../../base/kernel/index.ts'
import { partitionKey } from '../operation.ts'
import type { DataFile, Snapshot } from '../snapshot.ts'

/** Bytes of a compacted file where the table does not say (`delta.targetFileSize`). */
const TARGET_BYTES = 100 * 1024 ** 2

/** Files of one partition that are rewritten together. */
export interface Bin {
  readonly files: readonly DataFile[]
  readonly bytes: number
}

/**
 * Which files are put together so that each bin makes a file of about `targetBytes`: small ones, and those with deleted
 * rows, in the order in which they came, partition by partition. A file that would stay alone is left as it is, unless
 * rows of it are deleted. Pure.
 */
export function planCompaction(files: readonly DataFile[], by: readonly string[], targetBytes: number): Bin[] {
  const bins: Bin[] = []
  for (const partition of Map.groupBy(files, (file) => partitionKey(file, by)).values()) {
    let bin: DataFile[] = []
    let bytes = 0
    const close = () => {
      if (bin.length > 1 || bin.some(({ deletionVector }) => deletionVector)) bins.push({ files: bin, bytes })
      bin = []
      bytes = 0
    }
    for (const file of partition) {
      if (file.size >= targetBytes && !file.deletionVector) continue
      if (bytes + file.size > targetBytes) close()
      bin.push(file)
      bytes += file.size
    }
    close()
  }
  return bins
}

/** All files of each partition together, for rows that are put in another order. Pure. */
export function planClustering(files: readonly DataFile[], by: readonly string[]): Bin[] {
  return [...Map.groupBy(files, (file) => partitionKey(file, by)).values()].map((partition) => ({
    files: partition,
    bytes: partition.reduce((sum, { size }) => sum + size, 0),
  }))
}

/** @throws MillraceError OPTION_INVALID for a property that is no size */
export function targetBytes({ properties }: Snapshot): number {
  const text = properties['delta.targetFileSize']
  if (text === undefined) return TARGET_BYTES
  const [, amount, unit = ''] = /^(\d+)\s*(b|kb|mb|gb|k|m|g)?$/i.exec(text.trim()) ?? []
  const bytes = Number(amount) * 1024 ** 'bkmg'.indexOf(unit.slice(0, 1).toLowerCase() || 'b')
  if (bytes > 0) return bytes
  throw new MillraceError('OPTION_INVALID', `the property delta.targetFileSize of a Delta table is "${text}"`, {
    hint: 'Set it to a number of bytes, or to a size such as 100mb.',
  })
}
