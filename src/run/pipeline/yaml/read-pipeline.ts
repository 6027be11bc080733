import { type Json, MillraceError, type Place, unknownName } from '../../../base/kernel/index.ts'
import { parseYaml, type YamlFile } from '../../../base/project/index.ts'
import { checkGraph } from '../check-graph.ts'
import type { TaskKinds } from '../contract.ts'
import type { TaskNode } from '../graph.ts'
import { makeNode } from '../node.ts'
import { checkedOptions, type PipelineOptions, pipelineOptions, taskControls } from '../options.ts'
import { parseAddress, referencesIn } from '../references.ts'
import { camelCase, writtenOptions, type YamlWords } from './written-options.ts'

/** A pipeline in YAML, before the functions it names are looked up. */
export interface YamlPipeline {
  readonly id: string
  readonly options: PipelineOptions
  readonly tasks: readonly TaskNode[]
  /** The functions it names: `transforms/totals.ts#default`, with the place each is named at. */
  readonly functions: readonly { readonly address: string; readonly at: Place | undefined }[]
}

/**
 * Reads the YAML form of a pipeline: options in snake_case at the top, `tasks` by id, each with its `kind`, the
 * options of the kind, `after`, and the controls every task has. Where an option wants another task's output, a
 * word without a dot is a task of this file; where it wants a function, `file#export`.
 * @throws MillraceError PIPELINE_INVALID, PIPELINE_CYCLE, TASK_UNKNOWN, all with file and line
 */
export function readYamlPipeline(text: string, file: string, kinds: TaskKinds): YamlPipeline {
  const yaml = parseYaml(text, file, 'PIPELINE_INVALID')
  const top = mapping(yaml, [], 'a pipeline')
  const { id: writtenId, tasks: writtenTasks, ...rest } = top
  const id = typeof writtenId === 'string' ? writtenId : file.replace(/^.*\//, '').replace(/\.ya?ml$/, '')
  const options = checkedOptions(
    pipelineOptions,
    Object.fromEntries(Object.entries(rest).map(([key, value]) => [camelCase(key), value])),
    `the options of pipeline ${id}`,
    (path) => placeOf(yaml, path),
  )
  if (writtenTasks === undefined)
    throw new MillraceError('PIPELINE_INVALID', `pipeline ${id} has no tasks`, { at: yaml.place([]) })
  const ids = Object.keys(mapping(yaml, ['tasks'], 'tasks'))
  const tasks = ids.map((task) => readTask(yaml, task, ids, kinds))
  checkGraph(id, tasks, (task) => yaml.place(task === undefined ? [] : ['tasks', task]))
  const functions = tasks.flatMap((task) =>
    referencesIn(task.options).flatMap((reference) =>
      '$function' in reference ? [{ address: reference.$function, at: yaml.place(['tasks', task.id]) }] : [],
    ),
  )
  return { id, options, tasks, functions }
}

function readTask(yaml: YamlFile, id: string, ids: readonly string[], kinds: TaskKinds): TaskNode {
  const { kind: kindName, after, ...written } = mapping(yaml, ['tasks', id], `task ${id}`)
  const kind = typeof kindName === 'string' ? kinds[kindName] : undefined
  if (!kind) {
    throw unknownName('PIPELINE_INVALID', `task ${id}: the kind`, String(kindName ?? ''), Object.keys(kinds), {
      at: yaml.place(['tasks', id, 'kind']),
    })
  }
  const needs = new Set<string>()
  const words: YamlWords = {
    input(value) {
      const isTask = typeof value === 'string' && (ids.includes(value) || !/[./]/.test(value))
      const { task, dataset } = (isTask ? { task: value } : (value ?? {})) as { task?: unknown; dataset?: unknown }
      if (typeof task !== 'string') return value
      needs.add(task)
      return { $input: { task, ...(dataset === undefined ? {} : { dataset: dataset as Json }) } }
    },
    function(value) {
      return typeof value === 'string' ? { $function: defaultExport(value) } : value
    },
  }
  for (const other of [after ?? []].flat()) needs.add(String(other))
  const own: Record<string, unknown> = {}
  const controls: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(written)) {
    const isControl = camelCase(key) in taskControls.shape
    if (isControl) controls[camelCase(key)] = value
    else own[key] = value
  }
  const options = { ...(writtenOptions(kind.options, own, words) as Record<string, unknown>), ...controls }
  const node = makeNode(kind, id, options, (path) => placeOf(yaml, path, ['tasks', id]))
  return { ...node, needs: [...needs] }
}

/** The place of an option, whichever way its name is written. */
function placeOf(yaml: YamlFile, path: readonly PropertyKey[], below: readonly PropertyKey[] = []): Place {
  const snake = path.map((key) =>
    typeof key === 'string' ? key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : key,
  )
  const exact = yaml.place([...below, ...path])
  const other = yaml.place([...below, ...snake])
  return (other.line ?? 0) > (exact.line ?? 0) ? other : exact
}

function mapping(yaml: YamlFile, path: readonly PropertyKey[], what: string): Record<string, unknown> {
  let part: unknown = yaml.data
  for (const key of path) part = (part as Record<PropertyKey, unknown>)[key]
  if (typeof part === 'object' && part !== null && !Array.isArray(part)) return part as Record<string, unknown>
  throw new MillraceError('PIPELINE_INVALID', `checking ${yaml.file}: ${what} must be names with values`, {
    at: yaml.place(path),
  })
}

function defaultExport(address: string): string {
  const { file, export: name } = parseAddress(address)
  return `${file}#${name}`
}
