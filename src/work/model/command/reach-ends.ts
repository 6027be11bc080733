import type { Manifest } from '../node.ts'
import type { NodeResult } from './result.ts'
import { isFailure } from './result.ts'

/**
 * What `build` tells of selected exposures and saved queries: nothing is to be done for them, and they are skipped
 * below what failed.
 */
export function reachEnds(
  { ends, parents }: Manifest,
  selected: readonly string[],
  results: readonly NodeResult[],
): NodeResult[] {
  const broken = new Set(
    results.filter((one) => isFailure(one) || one.status === 'skipped').map((one) => one.unique_id),
  )
  const isBelow = (id: string): boolean => (parents.get(id) ?? []).some((above) => broken.has(above) || isBelow(above))
  return selected.flatMap((id): NodeResult[] => {
    const end = ends?.exposures.get(id) ?? ends?.savedQueries.get(id)
    if (!end) return []
    const skipped = isBelow(id)
    return [
      {
        unique_id: id,
        name: end.name,
        resource_type: end.resource_type as 'exposure' | 'saved_query',
        status: skipped ? 'skipped' : 'no-op',
        message: skipped ? null : 'NO-OP',
        failures: skipped ? null : 0,
        relation_name: null,
        executionMs: 0,
        thread: 1,
        timing: [],
      },
    ]
  })
}
