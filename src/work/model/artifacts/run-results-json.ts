import { adapterResponse, type NodeResult, threadName } from '../command/result.ts'
import type { Invocation } from '../context/node-context.ts'
import type { Manifest } from '../node.ts'
import { artifactMetadata } from './metadata.ts'

/** Results as dbt's run-results v6. */
export function runResultsJson(
  invocation: Invocation,
  manifest: Manifest,
  run: { readonly results: readonly NodeResult[]; readonly elapsedMs: number; readonly args: object },
): object {
  return {
    metadata: artifactMetadata(invocation, 'run-results/v6'),
    results: run.results.map((result) => {
      const node = manifest.nodes.get(result.unique_id)
      const code = node && node.resource_type !== 'seed'
      return {
        status: result.status,
        timing: result.timing,
        thread_id: threadName(result),
        execution_time: result.executionMs / 1000,
        adapter_response: adapterResponse(result),
        message: result.message,
        failures: result.failures,
        unique_id: result.unique_id,
        compiled: code ? node.compiled : null,
        compiled_code: code ? node.compiled_code : null,
        relation_name: result.relation_name,
        batch_results: null,
      }
    }),
    elapsed_time: run.elapsedMs / 1000,
    args: run.args,
  }
}
