import { z } from 'zod'

/** The output of another task, as it stands in a graph. `dataset` picks one when the task has several. */
export const inputRef = z.strictObject({
  $input: z.strictObject({ task: z.string(), dataset: z.string().optional() }),
})
export type InputRef = z.output<typeof inputRef>

/** A user's function by address: `pipelines/etl.ts#default/transform_data.frame@3f2a…`. */
export const functionRef = z.strictObject({ $function: z.string() })
export type FunctionRef = z.output<typeof functionRef>

/** A frame's plan, written into the graph as it is. */
export const frameRef = z.strictObject({ $frame: z.record(z.string(), z.json()) })
export type FrameRef = z.output<typeof frameRef>

/** A column expression, written into the graph as it is. */
export const columnRef = z.strictObject({ $column: z.record(z.string(), z.json()) })
export type ColumnRef = z.output<typeof columnRef>

/** Option of a kind: another task's output, or a dataset by name. In YAML a word without a dot is a task. */
export const inputOption = z
  .union([inputRef, z.string().min(1)], { error: "must be a task's output or a dataset's name" })
  .meta({ written: 'input' })
export type InputOption = z.output<typeof inputOption>

/** Option of a kind: a function. In YAML: `transforms/totals.ts#default`. */
export const functionOption = z
  .strictObject(functionRef.shape, {
    error: 'must be a function (in YAML its address, such as transforms/totals.ts#default)',
  })
  .meta({ written: 'function' })

/** Option of a kind: a frame, or a function that returns one. */
export const frameOption = z
  .union([functionRef, frameRef], { error: 'must be a frame or a function that returns one' })
  .meta({ written: 'function' })

/** Option of a kind: a condition as a column, a function that returns one, or SQL text with `{{ ds }}` bound. */
export const conditionOption = z.union([functionRef, columnRef, z.string().min(1)], {
  error: 'must be a condition: a column, a function that returns one, or SQL text',
})

/** Every reference in a part of a graph, outermost first. */
export function referencesIn(part: unknown, found: Reference[] = []): Reference[] {
  if (Array.isArray(part)) {
    for (const item of part) referencesIn(item, found)
  } else if (part !== null && typeof part === 'object') {
    const holder = part as Record<string, unknown>
    if ('$input' in holder) found.push(holder as unknown as InputRef)
    else if ('$function' in holder) found.push(holder as unknown as FunctionRef)
    else if (!('$frame' in holder) && !('$column' in holder)) {
      for (const value of Object.values(holder)) referencesIn(value, found)
    }
  }
  return found
}
export type Reference = InputRef | FunctionRef

/** A function's address in its parts. `member` is `task.option` for a function inside a pipeline. */
export interface FunctionAddress {
  readonly file: string
  readonly export: string
  readonly member?: string
  readonly hash?: string
}

export function parseAddress(address: string): FunctionAddress {
  const at = address.lastIndexOf('@')
  const hash = at > address.indexOf('#') && at !== -1 ? address.slice(at + 1) : undefined
  const [file = '', rest = ''] = (hash === undefined ? address : address.slice(0, at)).split('#', 2)
  const slash = rest.indexOf('/')
  return {
    file,
    export: (slash === -1 ? rest : rest.slice(0, slash)) || 'default',
    ...(slash === -1 ? {} : { member: rest.slice(slash + 1) }),
    ...(hash === undefined ? {} : { hash }),
  }
}

export function formatAddress({ file, export: name, member, hash }: FunctionAddress): string {
  return `${file}#${name}${member === undefined ? '' : `/${member}`}${hash === undefined ? '' : `@${hash}`}`
}
