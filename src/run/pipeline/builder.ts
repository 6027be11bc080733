import { asMillraceError, type Json, MillraceError, type Place } from '../../base/kernel/index.ts'
import { callSite } from './call-site.ts'
import { checkGraph } from './check-graph.ts'
import type { TaskKind, TaskKinds } from './contract.ts'
import type { TaskNode } from './graph.ts'
import { DatasetHandle, inputRefOf, TaskHandle, taskHandle } from './handle.ts'
import { makeNode } from './node.ts'
import { checkedOptions, type PipelineOptions, type PipelineOptionsInput, pipelineOptions } from './options.ts'

/** A function a user wrote into a pipeline. */
// biome-ignore lint/suspicious/noExplicitAny: what it takes and returns is stated by the kind's own types.
export type UserFunction = (...args: any[]) => unknown

/** A kind's way to put a task into the pipeline that is being built. */
export type AddTask = (kind: string, id: string, options: object) => TaskHandle

/** The `task` a pipeline is built with: one method a kind. */
export type TaskBuilder<K extends TaskKinds> = {
  readonly [N in keyof K]: K[N] extends TaskKind<infer _, infer B> ? B : never
}

const MARK: unique symbol = Symbol.for('millrace.pipeline') as never

/** A pipeline as a value: its graph, and the functions that the graph names. */
export interface Pipeline {
  readonly [MARK]: true
  readonly id: string
  readonly options: PipelineOptions
  /** As in a graph, with functions named by `task.option` alone. */
  readonly tasks: readonly TaskNode[]
  /** The user's functions by `task.option`. */
  readonly functions: ReadonlyMap<string, UserFunction>
}

/** Whether something is a pipeline, also one made by another copy of this package. */
export function isPipeline(value: unknown): value is Pipeline {
  return typeof value === 'object' && value !== null && MARK in value
}

/**
 * Makes the `pipeline` function for some kinds of task. `pipeline(id, options, build)` calls `build` at once and
 * returns a value; nothing is registered anywhere.
 * @throws (the function it makes) MillraceError PIPELINE_INVALID, PIPELINE_CYCLE, TASK_UNKNOWN, TASK_DUPLICATE
 */
export function pipelineWith<K extends TaskKinds>(kinds: K) {
  return function pipeline(id: string, options: PipelineOptionsInput, build: (task: TaskBuilder<K>) => void): Pipeline {
    const at = callSite()
    if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(id)) {
      throw new MillraceError('PIPELINE_INVALID', `"${id}" is not a pipeline id`, {
        hint: 'Use letters, digits, "_", "-" and "."; start with a letter.',
        ...(at ? { at } : {}),
      })
    }
    const checked = checkedOptions(pipelineOptions, options, `the options of pipeline ${id}`, () => at)
    const drafts = new Map<string, { node: TaskNode; needs: Set<string>; at: Place | undefined }>()
    const functions = new Map<string, UserFunction>()
    let site: Place | undefined
    const add: AddTask = (kind, task, written) => {
      const place = site ?? callSite()
      const needs = new Set<string>()
      const plain = plainOptions(written, task, needs, functions, place)
      const known = drafts.get(task)
      if (known) throw duplicate(task, place, known.at)
      const definition = kinds[kind]
      if (!definition) throw new MillraceError('INTERNAL', `adding a task of the unknown kind ${kind}`)
      const node = makeNode(definition, task, plain, () => place)
      drafts.set(task, { node, needs, at: place })
      return new TaskHandle(task, needs)
    }
    // The place is taken here and not in `add`, because a plug-in's own file may stand between.
    const located = (method: UserFunction): UserFunction => {
      return (...args) => {
        site = callSite()
        return method(...args)
      }
    }
    const task = Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, located(kind.build(add))]))
    build(task as unknown as TaskBuilder<K>)
    const tasks = [...drafts.values()].map(({ node, needs }) => ({ ...node, needs: [...needs] }))
    checkGraph(id, tasks, (of) => (of === undefined ? at : drafts.get(of)?.at))
    return { [MARK]: true, id, options: checked, tasks, functions }
  }
}

/** The error for a second task with the same id. */
export function duplicate(task: string, at: Place | undefined, first: Place | undefined): MillraceError {
  return new MillraceError('TASK_DUPLICATE', `a second task is called "${task}"`, {
    ...(at ? { at } : {}),
    hint: `Give it another id${first?.line === undefined ? '' : `; the first stands in line ${first.line}`}.`,
  })
}

/** Options as plain JSON: outputs, functions, frames and columns become references. */
function plainOptions(
  options: object,
  task: string,
  needs: Set<string>,
  functions: Map<string, UserFunction>,
  at: Place | undefined,
): Record<string, Json | undefined> {
  const walk = (value: unknown, path: readonly string[]): unknown => {
    if (value === null || typeof value === 'string' || typeof value === 'boolean' || value === undefined) return value
    if (typeof value === 'number' && Number.isFinite(value)) return value
    if (value instanceof TaskHandle || value instanceof DatasetHandle) {
      needs.add(taskHandle(value).id)
      return inputRefOf(value)
    }
    const plan = planOf(value)
    if (plan) return plan
    if (typeof value === 'function') {
      const name = [task, ...path].join('.')
      functions.set(name, value as UserFunction)
      return { $function: name }
    }
    if (value instanceof Date) return value.toISOString()
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, String(index)]))
    if (typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value))) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]))
    }
    throw new MillraceError('PIPELINE_INVALID', `checking task ${task}: ${path.join('.')} cannot stand in a graph`, {
      ...(at ? { at } : {}),
      hint: 'Options are plain values, tasks, datasets of tasks, functions, frames and columns.',
    })
  }
  try {
    return walk({ ...options }, []) as Record<string, Json | undefined>
  } catch (thrown) {
    throw asMillraceError(thrown, 'PIPELINE_INVALID')
  }
}

/** Frames and columns are told by their plans, so that those of another copy of this package pass too. */
function planOf(value: unknown): { $frame: Json } | { $column: Json } | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  const { plan, expr } = value as { plan?: { op?: unknown }; expr?: { kind?: unknown } }
  if (typeof plan?.op === 'string') return { $frame: plan as Json }
  if (typeof expr?.kind === 'string') return { $column: expr as Json }
  return undefined
}
