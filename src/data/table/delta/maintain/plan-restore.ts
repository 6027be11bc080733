import { logicalKey } from '../log/file-layers.ts'
import type { Change } from '../operation.ts'
import type { DataFile, Snapshot } from '../snapshot.ts'

/** A restore that is decided. */
export interface RestorePlan {
  readonly change: Change
  /** Files that come back, and so must still be there. */
  readonly restored: readonly DataFile[]
  readonly removed: readonly DataFile[]
}

/**
 * What makes a table what it was at an older version: its files, its schema and its properties. The protocol stays, for
 * a table never asks less of its readers than it did. Pure.
 */
export function planRestore(
  current: Snapshot,
  target: Snapshot,
  parameters: Readonly<Record<string, unknown>>,
): RestorePlan {
  const now = new Set(current.files.map(logicalKey))
  const then = new Set(target.files.map(logicalKey))
  const restored = target.files.filter((file) => !now.has(logicalKey(file)))
  const removed = current.files.filter((file) => !then.has(logicalKey(file)))
  const isSame = JSON.stringify(current.metadata) === JSON.stringify(target.metadata)
  const sizeOf = (files: readonly DataFile[]) => String(files.reduce((sum, { size }) => sum + size, 0))
  return {
    restored,
    removed,
    change: {
      kind: 'change',
      name: 'RESTORE',
      parameters,
      metrics: {
        numRestoredFiles: String(restored.length),
        restoredFilesSize: sizeOf(restored),
        numRemovedFiles: String(removed.length),
        removedFilesSize: sizeOf(removed),
        numOfFilesAfterRestore: String(target.files.length),
        tableSizeAfterRestore: sizeOf(target.files),
      },
      remove: removed,
      add: restored.map((file) => ({ ...file, dataChange: true })),
      ...(isSame ? {} : { metadata: target.metadata }),
      read: { kind: 'table' },
      isolation: 'Serializable',
    },
  }
}
