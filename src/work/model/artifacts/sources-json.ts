import type { FreshnessResult } from '../command/check-freshness.ts'
import type { Invocation } from '../context/node-context.ts'
import type { FreshnessLimit } from '../node.ts'
import { artifactMetadata } from './metadata.ts'

/** What was found of sources as dbt's sources v3 (https://schemas.getdbt.com/dbt/sources/v3.json). */
export function sourcesJson(invocation: Invocation, results: readonly FreshnessResult[], elapsedMs: number): object {
  return {
    metadata: artifactMetadata(invocation, 'sources/v3'),
    results: results.map((result) => {
      if (result.maxLoadedAt === undefined) {
        return { unique_id: result.unique_id, error: result.message, status: 'runtime error' }
      }
      const { freshness } = result.source
      return {
        unique_id: result.unique_id,
        max_loaded_at: result.maxLoadedAt,
        snapshotted_at: result.snapshottedAt,
        max_loaded_at_time_ago_in_s: result.ageSeconds,
        status: result.status === 'fail' ? 'error' : result.status,
        criteria: {
          warn_after: limitJson(freshness?.warn_after),
          error_after: limitJson(freshness?.error_after),
          filter: freshness?.filter ?? null,
        },
        adapter_response: {},
        timing: result.timing,
        thread_id: `Thread-${result.thread} (worker)`,
        execution_time: result.executionMs / 1000,
      }
    }),
    elapsed_time: elapsedMs / 1000,
  }
}

function limitJson(limit: FreshnessLimit | null | undefined): object {
  return limit ?? { count: null, period: null }
}
