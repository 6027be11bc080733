import { MillraceError } from '../../base/kernel/index.ts'
import type { InputRef } from './references.ts'

/** Something that stands for a task's output: the task itself or one of its datasets. */
export type Output<D extends string = string> = TaskHandle<D> | DatasetHandle<D>

declare const dataset: unique symbol

/** A task while a pipeline is being built. Used as an input it makes an edge. `D` is the dataset it writes, or its schema, when known. */
export class TaskHandle<out D extends string = string> {
  declare readonly [dataset]?: D
  readonly id: string
  readonly #needs: Set<string>

  /** @internal */
  constructor(id: string, needs: Set<string>) {
    this.id = id
    this.#needs = needs
  }

  /** Runs this task only after the others have succeeded. */
  after(...others: readonly (Output | readonly Output[])[]): this {
    for (const other of others.flat() as readonly Output[]) this.#needs.add(taskHandle(other).id)
    return this
  }

  /** One dataset of a task that writes several, such as a table of an ingested source. */
  dataset<const N extends string>(name: N): DatasetHandle<Within<D, N>> {
    return new DatasetHandle(this, name)
  }
}

/** The name of a dataset `N` of what writes `D`. */
type Within<D extends string, N extends string> = N extends `${string}.${string}`
  ? N
  : D extends `${string}.${string}`
    ? D
    : `${D}.${N}`

/** One dataset of a task. */
export class DatasetHandle<out D extends string = string> {
  declare readonly [dataset]?: D
  readonly task: TaskHandle
  readonly name: string

  /** @internal */
  constructor(task: TaskHandle, name: string) {
    this.task = task
    this.name = name
  }
}

/** The task an output belongs to. */
export function taskHandle(output: Output): TaskHandle {
  if (output instanceof TaskHandle) return output
  if (output instanceof DatasetHandle) return output.task
  throw new MillraceError('PIPELINE_INVALID', 'ordering tasks: something that is not a task was given', {
    hint: 'Give what task.ingest, task.frame and the others return.',
  })
}

/** An output as it stands in a graph. */
export function inputRefOf(output: Output): InputRef {
  const dataset = output instanceof DatasetHandle ? { dataset: output.name } : {}
  return { $input: { task: taskHandle(output).id, ...dataset } }
}

/** Orders tasks one after the other; a list in it means all of them. `chain(a, [b, c], d)` is Airflow's. */
export function chain(...links: readonly (Output | readonly Output[])[]): void {
  for (const [index, link] of links.entries()) {
    const before = links[index - 1]
    if (before === undefined) continue
    for (const later of [link].flat() as readonly Output[]) taskHandle(later).after(before)
  }
}
