import type { LogEntry } from './actions.ts'
import { fileKey } from './file-path.ts'
import { type Operation, replaces } from './operation.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * Why an operation that was planned on `base` cannot be done after commits that came in between; undefined when
 * it can. An append reads nothing, so only a change of the table's rules stands against it; an overwrite has
 * read what it replaces (Delta protocol leaves this to writers; the rules are those of Spark's
 * `WriteSerializable`, except that an append survives added columns).
 */
export function conflictOf(operation: Operation, base: Snapshot, since: readonly LogEntry[]): string | undefined {
  if (operation.kind === 'create') return 'the table was created by another writer'
  const isReplaced = replaces(operation, base.partitionBy)
  const replaced = new Set(base.files.filter(isReplaced).map((file) => fileKey(file.path)))
  for (const { version, actions } of since) {
    for (const action of actions) {
      switch (action.kind) {
        case 'protocol':
          return `version ${version} changed the table's protocol`
        case 'metaData': {
          const repartitioned = action.partitionColumns.join('\0') !== base.partitionBy.join('\0')
          if (operation.kind !== 'append' || repartitioned) return `version ${version} changed the table's metadata`
          break
        }
        case 'add':
          if (action.dataChange && isReplaced(action)) return `version ${version} added rows to what is overwritten`
          break
        case 'remove':
          if (replaced.has(fileKey(action.path))) return `version ${version} removed rows of what is overwritten`
          break
      }
    }
  }
  return undefined
}
