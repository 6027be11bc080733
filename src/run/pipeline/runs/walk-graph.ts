import type { TaskStatus } from '../contract.ts'
import type { TaskNode } from '../graph.ts'

/** How a task that was started ended. */
export type Ended = Extract<TaskStatus, 'success' | 'failed' | 'cancelled'>

export interface WalkOptions {
  readonly maxParallel: number
  /** Tasks that need not run. */
  readonly done: ReadonlySet<string>
  readonly signal: AbortSignal
  /** Runs a task to its end; must not throw for a task that fails. */
  readonly run: (task: TaskNode) => Promise<Ended>
  /** Called for each task that is never started, once it is certain. */
  readonly skip: (task: TaskNode, status: 'upstream_failed' | 'cancelled') => void
}

/**
 * Runs each task once all it needs have succeeded, as many at a time as allowed, in the order they are written. A
 * failure stops what is behind it and nothing else. After an abort nothing is started, and what runs is awaited.
 * @throws whatever `run` throws, after every task that was started has ended
 */
export async function walkGraph(
  tasks: readonly TaskNode[],
  { maxParallel, done, signal, run, skip }: WalkOptions,
): Promise<void> {
  const state = new Map<string, TaskStatus>(tasks.filter(({ id }) => done.has(id)).map(({ id }) => [id, 'success']))
  const waiting = new Set(tasks.filter(({ id }) => !done.has(id)))
  const running = new Map<string, Promise<void>>()
  const here = new Set(tasks.map(({ id }) => id))
  let broken: { thrown: unknown } | undefined

  const settleWaiting = (): void => {
    for (let changed = true; changed; ) {
      changed = false
      for (const task of waiting) {
        const needs = task.needs.filter((need) => here.has(need)).map((need) => state.get(need))
        const behind = needs.some((status) => status === 'failed' || status === 'upstream_failed')
        const stopped = signal.aborted || needs.includes('cancelled')
        if (!behind && !stopped) continue
        waiting.delete(task)
        const status = behind ? 'upstream_failed' : 'cancelled'
        state.set(task.id, status)
        skip(task, status)
        changed = true
      }
    }
  }
  const start = (task: TaskNode): void => {
    waiting.delete(task)
    const ended = run(task).then(
      (status) => void state.set(task.id, status),
      (thrown: unknown) => {
        broken ??= { thrown }
        state.set(task.id, 'failed')
      },
    )
    running.set(
      task.id,
      ended.finally(() => running.delete(task.id)),
    )
  }

  for (;;) {
    settleWaiting()
    for (const task of waiting) {
      if (running.size >= maxParallel || broken || signal.aborted) break
      const ready = task.needs.every((need) => !here.has(need) || state.get(need) === 'success')
      if (ready) start(task)
    }
    if (running.size === 0) break
    await Promise.race(running.values())
  }
  if (broken) throw broken.thrown
}
