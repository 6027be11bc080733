import { type Json, MillraceError, type Schema, unknownName } from '../../base/kernel/index.ts'
import { id, join, literal, sql } from '../../base/sql/index.ts'
import type { Catalog, DatasetRef, Relation, RelationOptions } from '../../data/catalog/index.ts'
import type { InputOption, TaskContext, TaskOutput } from '../pipeline/index.ts'

/**
 * The dataset an input of a task stands for, at the version the upstream task left it.
 * @throws MillraceError TASK_OUTPUT_INVALID when the upstream task has no such dataset
 */
export function datasetOf(input: InputOption, context: Pick<TaskContext, 'inputs' | 'task'>): DatasetRef {
  if (typeof input === 'string') return { dataset: input }
  const { task, dataset: wanted } = input.$input
  const output = context.inputs[task] ?? {}
  const found = wanted === undefined ? single(output) : named(output, wanted)
  if (found) return found
  const names = Object.keys(output.datasets ?? {})
  if (wanted !== undefined) throw unknownName('TASK_OUTPUT_INVALID', `the dataset of task ${task}`, wanted, names)
  throw new MillraceError(
    'TASK_OUTPUT_INVALID',
    names.length > 1
      ? `task ${context.task} reads ${task}, which writes several datasets`
      : `task ${context.task} reads ${task}, which names no dataset`,
    {
      hint:
        names.length > 1
          ? `Name one: .dataset('${names[0]}'); there are ${names.join(', ')}.`
          : `Order them with .after(${task}), or say what ${task} writes by its option "into".`,
    },
  )
}

function single({ dataset, version, datasets }: TaskOutput): DatasetRef | undefined {
  if (dataset !== undefined) return { dataset, ...(version === undefined ? {} : { version }) }
  const names = Object.keys(datasets ?? {})
  const [only] = names
  return names.length === 1 && only !== undefined ? named({ datasets: datasets ?? {} }, only) : undefined
}

function named(output: TaskOutput, name: string): DatasetRef | undefined {
  const all = output.datasets ?? {}
  const key = name in all ? name : Object.keys(all).find((each) => (all[each]?.dataset ?? each) === name)
  const found = key === undefined ? undefined : all[key]
  if (key === undefined || !found) {
    return output.dataset === name ? single({ ...output, datasets: {} }) : undefined
  }
  return { dataset: found.dataset ?? key, ...(found.version === undefined ? {} : { version: found.version }) }
}

/**
 * The rows of an input. When the upstream task wrote none and nothing lies at its place yet, an empty relation.
 * @throws MillraceError TASK_OUTPUT_INVALID, DATASET_UNKNOWN
 */
export async function relationOf(
  input: InputOption,
  context: TaskContext,
  options?: RelationOptions,
): Promise<Relation> {
  const ref = datasetOf(input, context)
  const schema = await missing(input, ref, context)
  if (!schema) return context.project.catalog.relation(ref, options)
  const columns = schema.fields.map(({ name, type }) => sql`${literal(null, type)} as ${id(name)}`)
  return { sql: sql`(select ${join(columns)} where false)`, schema }
}

/**
 * Keeps the datasets of inputs at their versions until it is disposed of. Only an engine that reads no files needs
 * it: there they are tables, which somebody else could move on while a task reads them.
 * @param written the dataset that the task itself moves on
 */
export async function heldInputs(
  inputs: readonly InputOption[],
  context: TaskContext,
  written?: string,
): Promise<AsyncDisposable> {
  const { catalog, engine, lake } = context.project
  const refs: DatasetRef[] = []
  for (const input of lake === engine ? [] : inputs) {
    const ref = datasetOf(input, context)
    const isWritten = written !== undefined && (await isSame(ref.dataset, written, catalog))
    if (!isWritten && (await isMovable(ref, catalog))) refs.push(ref)
  }
  return catalog.pin(refs, { signal: context.signal })
}

async function isSame(one: string, other: string, catalog: Catalog): Promise<boolean> {
  const [first, second] = await Promise.all([one, other].map((name) => catalog.resolve(name).catch(() => undefined)))
  return first !== undefined && first.name === second?.name
}

/** Whether a table of the engine stands for this version; an older one than that shows has a copy of its own. */
async function isMovable({ dataset: name, version }: DatasetRef, catalog: Catalog): Promise<boolean> {
  const dataset = await catalog.resolve(name).catch(() => undefined)
  if (!dataset || dataset.table === '' || dataset.format === 'table') return false
  const shown = (await catalog.published(name))?.version
  return version === undefined || shown === undefined || shown <= version
}

/** The leaf of a frame's plan that reads an input. */
export async function inputPlan(input: InputOption, context: TaskContext): Promise<Json> {
  const ref = datasetOf(input, context)
  const schema = await missing(input, ref, context)
  return schema ? ({ op: 'rows', schema, rows: [] } as unknown as Json) : tablePlan(ref)
}

/** The columns of an input that was written without rows, if there is nothing at its place. */
async function missing(input: InputOption, { dataset }: DatasetRef, context: TaskContext): Promise<Schema | undefined> {
  const schema = typeof input === 'string' ? undefined : context.inputs[input.$input.task]?.schema
  if (!schema) return undefined
  try {
    await context.project.catalog.resolve(dataset)
    return undefined
  } catch (thrown) {
    if (thrown instanceof MillraceError && thrown.code === 'DATASET_UNKNOWN') return schema
    throw thrown
  }
}

/** The leaf of a frame's plan that reads a dataset. */
export function tablePlan({ dataset, version }: DatasetRef): Json {
  return { op: 'table', name: dataset, ...(version === undefined ? {} : { version }) }
}
