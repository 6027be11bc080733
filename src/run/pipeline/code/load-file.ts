import { readFile } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { MillraceError, unknownName } from '../../../base/kernel/index.ts'
import type { TaskKinds } from '../contract.ts'
import type { PipelineGraph, TaskNode } from '../graph.ts'
import { formatAddress, parseAddress } from '../references.ts'
import type { readYamlPipeline } from '../yaml/read-pipeline.ts'
import { type CodeFile, codeHash, keepCode, projectPath } from './code-version.ts'
import { type EvaluateOptions, evaluateFiles } from './evaluate.ts'
import type { EvaluatedFile } from './evaluate-child.ts'
import { cacheGraphs } from './graph-cache.ts'
import { revived } from './user-error.ts'

/** The graphs of one file of a project, or why there are none. */
export interface LoadedFile {
  /** Relative to the project folder. */
  readonly path: string
  readonly graphs: readonly PipelineGraph[]
  readonly error?: MillraceError
}

export interface LoadOptions extends EvaluateOptions {
  /** Asked for only when a pipeline in YAML has to be read. */
  readonly kinds: () => Promise<TaskKinds>
}

/**
 * Evaluates pipeline files anew (see `cachedGraphs` for the cheap way), keeps the version of their code and
 * remembers their graphs. What is wrong with one file does not hide the others.
 */
export async function loadFiles(
  projectDir: string,
  paths: readonly string[],
  options: LoadOptions,
): Promise<LoadedFile[]> {
  const code = paths.filter((path) => !isYaml(path))
  const loaded: LoadedFile[] = []
  const yamls = await Promise.all(
    paths.filter(isYaml).map(async (path) => {
      const text = await readFile(resolve(projectDir, path), 'utf8')
      // Loaded late: a file in TypeScript starts without a reader of YAML.
      const { readYamlPipeline } = await import('../yaml/read-pipeline.ts')
      try {
        return { path, text, pipeline: readYamlPipeline(text, path, await options.kinds()) }
      } catch (thrown) {
        if (!(thrown instanceof MillraceError)) throw thrown
        loaded.push({ path, graphs: [], error: thrown })
        return undefined
      }
    }),
  )
  const named = yamls.flatMap((yaml) => yaml?.pipeline.functions.map(({ address }) => parseAddress(address).file) ?? [])
  const files = [...new Set([...code, ...named])].map((path) => resolve(projectDir, path))
  const evaluated = new Map((await evaluateFiles(projectDir, files, options)).map((result) => [result.file, result]))

  for (const path of code) {
    const result = evaluated.get(resolve(projectDir, path))
    if (result) loaded.push(await fromCode(projectDir, path, result, options))
  }
  for (const yaml of yamls) {
    if (!yaml) continue
    try {
      loaded.push(await fromYaml(projectDir, yaml, evaluated, options))
    } catch (thrown) {
      if (!(thrown instanceof MillraceError)) throw thrown
      loaded.push({ path: yaml.path, graphs: [], error: thrown })
    }
  }
  return paths.flatMap((path) => loaded.filter((file) => file.path === path))
}

async function fromCode(
  projectDir: string,
  path: string,
  result: EvaluatedFile,
  { spare }: LoadOptions,
): Promise<LoadedFile> {
  if (result.error) return { path, graphs: [], error: revived(result.error) }
  const modules = codeFiles(projectDir, [result])
  const hash = codeHash(modules)
  const graphs = result.pipelines.map(({ export: name, id, options, tasks }): PipelineGraph => {
    const address = (member: string): string => formatAddress({ file: path, export: name, member, hash })
    return { id, file: path, hash, options, tasks: withAddresses(tasks, address) }
  })
  await keepCode(projectDir, hash, modules)
  spare?.holds(hash)
  await cacheGraphs(projectDir, path, modules, graphs)
  return { path, graphs }
}

async function fromYaml(
  projectDir: string,
  { path, text, pipeline }: { path: string; text: string; pipeline: ReturnType<typeof readYamlPipeline> },
  evaluated: ReadonlyMap<string, EvaluatedFile>,
  { spare }: LoadOptions,
): Promise<LoadedFile> {
  const results = pipeline.functions.map(({ address, at }) => {
    const { file, export: name } = parseAddress(address)
    const result = evaluated.get(resolve(projectDir, file))
    if (!result) throw new MillraceError('INTERNAL', `${file} was not evaluated`)
    if (result.error) throw revived(result.error)
    if (!result.functions.includes(name)) {
      throw unknownName('PIPELINE_INVALID', `${file}: the exported function`, name, result.functions, at ? { at } : {})
    }
    return result
  })
  const modules = [{ path, text }, ...codeFiles(projectDir, results)]
  const hash = codeHash(modules)
  const address = (written: string): string => formatAddress({ ...parseAddress(written), hash })
  const { id, options, tasks } = pipeline
  const graphs = [{ id, file: path, hash, options, tasks: withAddresses(tasks, address) }]
  await keepCode(projectDir, hash, modules)
  spare?.holds(hash)
  await cacheGraphs(projectDir, path, modules, graphs)
  return { path, graphs }
}

function codeFiles(projectDir: string, results: readonly EvaluatedFile[]): CodeFile[] {
  const texts = new Map(results.flatMap(({ modules }) => modules.map(({ file, text }) => [file, text] as const)))
  return [...texts].map(([file, text]) => ({ path: projectPath(projectDir, file), text }))
}

/** Tasks with the functions in their options addressed in full. */
function withAddresses(tasks: readonly TaskNode[], address: (name: string) => string): TaskNode[] {
  const walk = (part: unknown): unknown => {
    if (part === null || typeof part !== 'object') return part
    if (Array.isArray(part)) return part.map(walk)
    if ('$frame' in part || '$column' in part || '$input' in part) return part
    if ('$function' in part) return { $function: address(String(part.$function)) }
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, walk(value)]))
  }
  return tasks.map((task) => ({ ...task, options: walk(task.options) as TaskNode['options'] }))
}

function isYaml(path: string): boolean {
  return ['.yml', '.yaml'].includes(extname(path))
}
