import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openState } from '../../../src/base/state/index.ts'
import { type Pipeline, pipelineWith, type TaskBuilder } from '../../../src/run/pipeline/builder.ts'
import type { ProjectServices } from '../../../src/run/pipeline/contract.ts'
import type { PipelineGraph } from '../../../src/run/pipeline/graph.ts'
import type { PipelineOptionsInput } from '../../../src/run/pipeline/options.ts'
import type { RunEvent } from '../../../src/run/pipeline/runs/run-events.ts'
import { kindsFor, type Work } from './kinds.ts'

/** An empty folder that goes away with the test. */
export function newFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-pipeline-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A project of which the executor needs nothing but its state. */
export async function newProject(dir: string = newFolder()): Promise<ProjectServices> {
  const state = await openState(join(dir, 'state.db'), {})
  onTestFinished(() => state[Symbol.asyncDispose]())
  return { dir, config: { name: 'test', sections: {} }, target: 'dev', state, vars: {} } as unknown as ProjectServices
}

/** The graph of a pipeline of the kinds for tests. */
export function graphOf(
  build: (task: TaskBuilder<ReturnType<typeof kindsFor>>) => void,
  options: PipelineOptionsInput = {},
): PipelineGraph {
  const made: Pipeline = pipelineWith(kindsFor({}))('p', { schedule: '@daily', retryDelay: 1, ...options }, build)
  return { id: made.id, file: 'pipelines/p.ts', hash: 'v1', options: made.options, tasks: made.tasks }
}

export const DAY = { start: '2024-01-01T00:00:00.000Z', end: '2024-01-02T00:00:00.000Z', ds: '2024-01-01' }

/** Options of a run with the events it told. */
export function runOptions(project: ProjectServices, work: Work, signal?: AbortSignal) {
  const events: RunEvent[] = []
  return {
    project,
    kinds: kindsFor(work),
    events,
    onEvent: (event: RunEvent) => void events.push(event),
    ...(signal ? { signal } : {}),
  }
}

/** The status of each task by its id. */
export function statuses(tasks: readonly { task: string; status: string }[]): Record<string, string> {
  return Object.fromEntries(tasks.map(({ task, status }) => [task, status]))
}
