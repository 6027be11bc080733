import { findProject } from '../../base/project/index.ts'
import { loadPipeline, type PipelineGraph, SpareWorker } from '../../run/pipeline/index.ts'
import type { OpenOptions } from './read-project.ts'

/** A pipeline that is being loaded. */
export interface Loading extends Disposable {
  readonly graph: Promise<PipelineGraph>
  readonly spare: SpareWorker
}

/**
 * Begins to evaluate a pipeline while the project is still being opened, because a file that has changed is evaluated
 * in a process of its own. Whoever asks for the graph is told what is wrong; nobody else.
 */
export function beginLoading(name: string, { projectDir, signal }: OpenOptions): Loading {
  const spare = new SpareWorker()
  const graph = loadNow(name, projectDir ?? process.cwd(), spare, signal)
  graph.catch(() => {})
  return { graph, spare, [Symbol.dispose]: () => spare[Symbol.dispose]() }
}

async function loadNow(name: string, from: string, spare: SpareWorker, signal?: AbortSignal): Promise<PipelineGraph> {
  const kinds = async () => (await import('../../run/tasks/index.ts')).taskKinds
  return loadPipeline(findProject(from), name, { kinds, spare, ...(signal ? { signal } : {}) })
}
