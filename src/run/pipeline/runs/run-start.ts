import { MillraceError, unknownName } from '../../../base/kernel/index.ts'
import type { TaskOutput } from '../contract.ts'
import type { PipelineGraph } from '../graph.ts'
import type { Interval } from '../schedule/interval.ts'
import type { RunRecord, RunStore } from './run-store.ts'

/**
 * The ids of the tasks a run is limited to; all without a limit.
 * @throws MillraceError TASK_UNKNOWN
 */
export function selected(graph: PipelineGraph, only: readonly string[] | undefined): ReadonlySet<string> {
  const ids = graph.tasks.map(({ id }) => id)
  const stranger = only?.find((task) => !ids.includes(task))
  if (stranger !== undefined) throw unknownName('TASK_UNKNOWN', `the task of ${graph.id}`, stranger, ids)
  return new Set(only ?? ids)
}

/** A run is taken up again: its outputs so far. */
export async function continued(store: RunStore, run: RunRecord): Promise<Map<string, TaskOutput>> {
  const tries = await store.tries(run.runId)
  await store.reopen(run.runId)
  const own = tries.flatMap(({ task, status, output }) => (status === 'success' ? [[task, output ?? {}] as const] : []))
  // A run of single tasks leans on what other runs of the interval did.
  const others = run.only ? await store.lastOutputs(run.graph.id, run.interval.start) : new Map<string, TaskOutput>()
  const chosen = selected(run.graph, run.only)
  return new Map([...[...others].filter(([task]) => !chosen.has(task)), ...own])
}

/**
 * The outputs of other tasks that a run of single tasks leans on.
 * @throws MillraceError UPSTREAM_MISSING
 */
export async function outputsFor(
  store: RunStore,
  graph: PipelineGraph,
  chosen: ReadonlySet<string>,
  interval: Interval,
  limited: boolean,
): Promise<Map<string, TaskOutput>> {
  if (!limited) return new Map()
  const known = await store.lastOutputs(graph.id, interval.start)
  for (const { id, needs } of graph.tasks) {
    if (!chosen.has(id)) continue
    const missing = needs.find((need) => !chosen.has(need) && !known.has(need))
    if (missing === undefined) continue
    throw new MillraceError(
      'UPSTREAM_MISSING',
      `task ${id} needs ${missing}, which has not succeeded for ${interval.ds}`,
      {
        hint: `Run it first: millrace task run ${graph.id} ${missing} --ds ${interval.ds}`,
      },
    )
  }
  return known
}
