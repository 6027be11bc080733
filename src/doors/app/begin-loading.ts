import { findProject } from '../../base/project/index.ts'
import { loadPipeline, type PipelineGraph } from '../../run/pipeline/index.ts'
import type { OpenOptions } from './read-project.ts'

/**
 * Begins to evaluate a pipeline while the project is still being opened, because a file that has changed is evaluated
 * in a process of its own. Whoever asks for the graph is told what is wrong; nobody else.
 */
export function beginLoading(name: string, { projectDir, signal }: OpenOptions): Promise<PipelineGraph> {
  const graph = loadNow(name, projectDir ?? process.cwd(), signal)
  graph.catch(() => {})
  return graph
}

async function loadNow(name: string, from: string, signal: AbortSignal | undefined): Promise<PipelineGraph> {
  const kinds = async () => (await import('../../run/tasks/index.ts')).taskKinds
  return loadPipeline(findProject(from), name, { kinds, ...(signal ? { signal } : {}) })
}
