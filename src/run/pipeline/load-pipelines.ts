import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { MillraceError, unknownName } from '../../base/kernel/index.ts'
import { cachedGraphs } from './code/graph-cache.ts'
import { type LoadedFile, type LoadOptions, loadFiles } from './code/load-file.ts'
import type { PipelineGraph } from './graph.ts'

/** The pipelines of a project, and the files that have something wrong with them. */
export interface LoadedPipelines {
  readonly graphs: readonly PipelineGraph[]
  readonly problems: readonly MillraceError[]
}

/** The pipeline files of a project, relative to it, in order of their names. */
export function pipelineFiles(projectDir: string): string[] {
  const folder = join(projectDir, 'pipelines')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => /\.(ts|mts|js|mjs|ya?ml)$/.test(name) && !/\.d\.m?ts$|\.test\.|^[._]/.test(name))
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort()
    .map((name) => `pipelines/${name}`)
}

/**
 * The graphs of all pipelines of a project. Files that have not changed since they were last evaluated come from
 * `.millrace/cache`; the others are evaluated in one child process.
 */
export async function loadPipelines(projectDir: string, options: LoadOptions): Promise<LoadedPipelines> {
  const paths = pipelineFiles(projectDir)
  const known = new Map(paths.map((path) => [path, cachedGraphs(projectDir, path)]))
  const stale = paths.filter((path) => known.get(path) === undefined)
  const fresh = new Map<string, LoadedFile>()
  for (const file of await loadFiles(projectDir, stale, options)) fresh.set(file.path, file)
  const graphs = paths.flatMap((path) => known.get(path) ?? fresh.get(path)?.graphs ?? [])
  const problems = [...fresh.values()].flatMap(({ error }) => (error ? [error] : []))
  const files = new Map<string, string>()
  for (const { id, file } of graphs) {
    const first = files.get(id)
    files.set(id, first ?? file)
    if (first === undefined) continue
    problems.push(
      new MillraceError('PIPELINE_INVALID', `${first} and ${file} both hold a pipeline called "${id}"`, {
        at: { file },
        hint: 'Give one of them another id.',
      }),
    )
  }
  return { graphs, problems }
}

/**
 * The graph of one pipeline, by its id or by its file.
 * @throws MillraceError PIPELINE_UNKNOWN; what is wrong with its file; what is wrong with another file when that
 * is where it could have been
 */
export async function loadPipeline(projectDir: string, name: string, options: LoadOptions): Promise<PipelineGraph> {
  const { graphs, problems } = await loadPipelines(projectDir, options)
  const path = name.replace(/^\.\//, '')
  const [found, second] = graphs.filter(({ id, file }) => id === name || file === path)
  const clash = problems.find(({ message }) => message.includes(`called "${name}"`))
  if (found && clash) throw clash
  if (found && !second) return found
  if (second) {
    throw new MillraceError('PIPELINE_UNKNOWN', `${path} holds several pipelines`, {
      hint: `Name one of them: ${graphs
        .filter(({ file }) => file === path)
        .map(({ id }) => id)
        .join(', ')}.`,
    })
  }
  const broken = problems.find(({ at }) => at?.file === path) ?? problems[0]
  if (broken) throw broken
  throw unknownName(
    'PIPELINE_UNKNOWN',
    'the pipeline',
    name,
    graphs.map(({ id }) => id),
    { at: { file: 'pipelines' } },
  )
}
