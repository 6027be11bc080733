import { MillraceError } from '../../base/kernel/index.ts'
import {
  defaultInterval,
  type Interval,
  intervalOf,
  type LoadedPipelines,
  loadPipeline,
  loadPipelines,
  type PipelineGraph,
  type RunEvent,
  type RunResult,
  RunStore,
  resumeRun,
  runPipeline,
  runTasks,
} from '../../run/pipeline/index.ts'
import type { Loading } from './begin-loading.ts'
import type { Project } from './open-project.ts'
import { type OpenOptions, readProject } from './read-project.ts'

/** The kinds of task, loaded when a run or a YAML pipeline needs them. */
async function kinds() {
  return (await import('../../run/tasks/index.ts')).taskKinds
}

/** All pipelines of a project, and what is wrong with the files that cannot be read. Opens no database. */
export async function listPipelines(options: OpenOptions): Promise<LoadedPipelines> {
  return loadPipelines((await readProject(options)).dir, { kinds })
}

/** The graph of a pipeline, by its id or file. Opens no database. @throws MillraceError PIPELINE_… */
export async function showPipeline(name: string, options: OpenOptions): Promise<PipelineGraph> {
  return loadPipeline((await readProject(options)).dir, name, { kinds })
}

/** Which run, of what. */
export interface RunRequest {
  readonly pipeline: string
  /** The day (`2024-01-31`) or instant of the interval; by default the latest complete one. */
  readonly ds?: string
  /** Only these tasks; what they need comes from their upstream tasks' latest success for the interval. */
  readonly tasks?: readonly string[]
  /** Take up the interval's latest unfinished run where it failed, on the code it began with. */
  readonly resume?: boolean
  readonly onEvent?: (event: RunEvent) => void
  readonly signal?: AbortSignal
  /** The pipeline, when somebody has begun to load it. */
  readonly loading?: Loading
}

/**
 * Runs a pipeline, or some of its tasks, for an interval. A failed task is told in the result.
 * @throws MillraceError PIPELINE_…, TASK_UNKNOWN, INTERVAL_INVALID, RUN_IN_PROGRESS
 */
export async function startRun(project: Project, request: RunRequest): Promise<RunResult> {
  const graph = await (request.loading?.graph ?? loadPipeline(project.dir, request.pipeline, { kinds }))
  const interval: Interval =
    request.ds === undefined ? defaultInterval(graph.options, new Date()) : intervalOf(graph.options, request.ds)
  const options = {
    project,
    kinds: await kinds(),
    ...(request.onEvent ? { onEvent: request.onEvent } : {}),
    ...(request.signal ? { signal: request.signal } : {}),
    ...(request.loading ? { spare: request.loading.spare } : {}),
  }
  if (request.tasks) return runTasks(graph, request.tasks, interval, options)
  if (!request.resume) return runPipeline(graph, interval, options)
  const store = await RunStore.open(project.state)
  const [latest] = await store.runs(graph.id, { intervalStart: interval.start, limit: 1 })
  if (!latest || latest.status === 'success') {
    const why = latest ? 'its latest run succeeded' : 'it has no run'
    throw new MillraceError('RUN_UNKNOWN', `resuming ${graph.id} for ${interval.ds}: ${why}`, {
      hint: `Run it from the start: millrace run ${graph.id} --ds ${interval.ds}.`,
    })
  }
  return resumeRun(latest.runId, options)
}
