import type { Action } from '../actions.ts'
import { logicalKey } from './file-layers.ts'

/**
 * The actions of a log compaction file, which holds each once (Delta protocol, "Log Compaction Files"). Where a writer left
 * several, the newest come first: delta-kernel reads them so.
 */
export function compacted(actions: readonly Action[]): Action[] {
  const known = new Set<string>()
  return actions.filter((action) => {
    const key = keyOf(action)
    if (known.has(key)) return false
    known.add(key)
    return true
  })
}

function keyOf(action: Action): string {
  switch (action.kind) {
    case 'add':
    case 'remove':
      return `file ${logicalKey(action)}`
    case 'txn':
      return `txn ${action.appId}`
    case 'domainMetadata':
      return `domain ${action.domain}`
    default:
      return action.kind
  }
}
