import { type Json, MillraceError, type Place } from '../../base/kernel/index.ts'
import type { TaskKind } from './contract.ts'
import { TASK_ID, type TaskNode } from './graph.ts'
import { checkedOptions, taskControls } from './options.ts'

/**
 * The node of a task, its options checked; its edges are added by the caller.
 * @throws MillraceError PIPELINE_INVALID with the option's path and place
 */
export function makeNode(
  kind: TaskKind,
  id: string,
  written: Readonly<Record<string, unknown>>,
  place: (path: readonly PropertyKey[]) => Place | undefined,
): TaskNode {
  const at = place([])
  if (!TASK_ID.test(id)) {
    throw new MillraceError('PIPELINE_INVALID', `"${id}" is not a task id`, {
      hint: 'Use letters, digits, "_" and "-"; start with a letter.',
      ...(at ? { at } : {}),
    })
  }
  const names = new Set(Object.keys(taskControls.shape))
  const split = (wanted: boolean) =>
    Object.fromEntries(Object.entries(written).filter(([key]) => names.has(key) === wanted))
  const of = `the options of task ${id} (${kind.kind})`
  const controls = checkedOptions(taskControls, split(true), of, place)
  const own = split(false)
  checkedOptions(kind.options, own, of, place)
  return {
    id,
    kind: kind.kind,
    needs: [],
    // As they were written: defaults belong to the version of the kind that runs the task.
    options: own as Record<string, Json | undefined>,
    ...(controls.retries === undefined ? {} : { retries: controls.retries }),
    ...(controls.retryDelay === undefined ? {} : { retryDelayMs: controls.retryDelay }),
    ...(controls.retryExponentialBackoff === undefined
      ? {}
      : { retryExponentialBackoff: controls.retryExponentialBackoff }),
    ...(controls.executionTimeout === undefined ? {} : { timeoutMs: controls.executionTimeout }),
    ...(at?.line === undefined ? {} : { line: at.line }),
  }
}
