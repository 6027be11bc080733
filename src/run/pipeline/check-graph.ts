import { MillraceError, type Place, unknownName } from '../../base/kernel/index.ts'
import type { TaskNode } from './graph.ts'

type Tasks = readonly Pick<TaskNode, 'id' | 'needs'>[]

/**
 * Checks that a pipeline has tasks, that each upstream exists and that no task waits for itself.
 * @throws MillraceError PIPELINE_INVALID, TASK_UNKNOWN, PIPELINE_CYCLE (the path in the message)
 */
export function checkGraph(pipeline: string, tasks: Tasks, place: (task?: string) => Place | undefined): void {
  const located = (task?: string): { at?: Place } => {
    const at = place(task)
    return at ? { at } : {}
  }
  if (tasks.length === 0) {
    throw new MillraceError('PIPELINE_INVALID', `pipeline ${pipeline} has no tasks`, located())
  }
  const ids = tasks.map(({ id }) => id)
  const known = new Set(ids)
  for (const { id, needs } of tasks) {
    const stranger = needs.find((need) => !known.has(need))
    if (stranger === undefined) continue
    const others = ids.filter((other) => other !== id)
    const { hint } = unknownName('TASK_UNKNOWN', 'task', stranger, others)
    throw new MillraceError(
      'TASK_UNKNOWN',
      `task ${id} needs "${stranger}", which pipeline ${pipeline} does not have`,
      {
        ...(hint === undefined ? {} : { hint }),
        ...located(id),
      },
    )
  }
  const cycle = findCycle(tasks)
  if (!cycle) return
  throw new MillraceError('PIPELINE_CYCLE', `tasks of pipeline ${pipeline} wait for each other: ${cycle.join(' → ')}`, {
    hint: 'Each arrow reads "must end before"; remove one of them.',
    ...located(cycle[0]),
  })
}

/** A circle of tasks in the order they would run, its first task repeated at the end. Undefined when there is none. */
export function findCycle(tasks: Tasks): string[] | undefined {
  const needs = new Map(tasks.map((task) => [task.id, task.needs]))
  const done = new Set<string>()
  for (const { id: root } of tasks) {
    // Iterative, so that a chain of many thousand tasks does not exhaust the stack.
    const path: { id: string; next: number }[] = [{ id: root, next: 0 }]
    const onPath = new Set([root])
    while (path.length > 0) {
      const top = path[path.length - 1]
      if (!top) break
      const need = done.has(top.id) ? undefined : needs.get(top.id)?.[top.next]
      top.next += 1
      if (need === undefined) {
        done.add(top.id)
        onPath.delete(top.id)
        path.pop()
      } else if (onPath.has(need)) {
        const circle = path.slice(path.findIndex(({ id }) => id === need)).map(({ id }) => id)
        return [...circle, need].reverse()
      } else if (!done.has(need)) {
        path.push({ id: need, next: 0 })
        onPath.add(need)
      }
    }
  }
  return undefined
}

/** Tasks in an order in which each comes after all it needs; otherwise as they were written. */
export function inOrder<T extends Pick<TaskNode, 'id' | 'needs'>>(tasks: readonly T[]): T[] {
  const waiting = new Map(tasks.map((task) => [task.id, task.needs.length]))
  const after = new Map<string, string[]>()
  for (const { id, needs } of tasks) for (const need of needs) after.set(need, [...(after.get(need) ?? []), id])
  const byId = new Map(tasks.map((task) => [task.id, task]))
  const ready = tasks.filter(({ needs }) => needs.length === 0)
  const ordered: T[] = []
  for (let task = ready.shift(); task; task = ready.shift()) {
    ordered.push(task)
    for (const next of after.get(task.id) ?? []) {
      const left = (waiting.get(next) ?? 0) - 1
      waiting.set(next, left)
      const found = byId.get(next)
      if (left === 0 && found) ready.push(found)
    }
  }
  return ordered
}
