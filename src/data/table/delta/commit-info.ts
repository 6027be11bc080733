import type { Action, CommitInfo } from './actions.ts'
import { isBlind, isolationOf } from './isolation.ts'
import type { Change, Provenance } from './operation.ts'
import type { Snapshot } from './snapshot.ts'

/** Written into each commit's provenance. */
const ENGINE_INFO = 'millrace'

/**
 * What a commit after a snapshot (undefined: the first one) tells of itself.
 * @param now milliseconds since 1970
 */
export function commitInfo(
  snapshot: Snapshot | undefined,
  operation: Provenance | Change,
  now: number,
  inCommitTimestamp?: number,
): Action & { kind: 'commitInfo' } {
  const { name, parameters = {}, metrics } = operation
  const info: CommitInfo = {
    timestamp: now,
    ...(inCommitTimestamp === undefined ? {} : { inCommitTimestamp }),
    operation: name,
    operationParameters: parameters,
    ...(metrics ? { operationMetrics: metrics } : {}),
    engineInfo: ENGINE_INFO,
    ...(snapshot ? { readVersion: snapshot.version } : {}),
    ...(snapshot && 'read' in operation
      ? { isolationLevel: isolationOf(snapshot, operation), isBlindAppend: isBlind(operation) }
      : {}),
  }
  return { kind: 'commitInfo', ...info }
}
