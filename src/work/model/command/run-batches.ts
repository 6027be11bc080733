import { asMillraceError, MillraceError } from '../../../base/kernel/index.ts'
import type { Compilation } from '../compile.ts'
import type { MaterializationResult } from '../materialize/index.ts'
import { type Batch, batchName, planBatches } from '../materialize/plan-batches.ts'
import type { Node } from '../node.ts'

/** Where a window stands among those of a run. */
export interface BatchPlace {
  /** Whether the table is there, so that rows are added to it. */
  readonly adds: boolean
  readonly first: boolean
  readonly last: boolean
  /** Counts from 0; one lane builds one window at a time. */
  readonly lane: number
}

/**
 * Fills a microbatch model, each window by a transaction of its own; one that fails leaves the others. When the first
 * window of a new table fails, nothing more is tried.
 * @throws MillraceError MODEL_INVALID for its settings, MODEL_FAILED naming the windows that failed
 */
export async function runBatches(
  { invocation, sample }: Pick<Compilation, 'invocation' | 'sample'>,
  node: Node,
  run: {
    readonly incremental: boolean
    /** Builds one window; hooks before belong to the first of a run, those after to the last. */
    readonly build: (batch: Batch, how: BatchPlace) => Promise<MaterializationResult>
    /** How many windows may be built at once; those between the first and the last are. */
    readonly lanes: number
  },
): Promise<MaterializationResult> {
  const named = invocation.flags.named ?? {}
  const from = sample?.start ?? named['event_time_start']
  const to = sample?.end ?? named['event_time_end']
  const batches = planBatches(node, {
    incremental: run.incremental,
    now: invocation.startedAt,
    ...(typeof from === 'string' || from instanceof Date ? { from } : {}),
    ...(typeof to === 'string' || to instanceof Date ? { to } : {}),
  })
  const failed: { name: string; error: MillraceError }[] = []
  let rows = 0
  let exists = run.incremental
  const last = batches.length - 1
  const one = async (at: number, lane: number): Promise<void> => {
    const batch = batches[at]
    if (!batch) return
    try {
      const built = await run.build(batch, { adds: exists, first: at === 0, last: at === last, lane })
      rows += built.rows ?? 0
      exists = true
    } catch (thrown) {
      const error = asMillraceError(thrown, 'MODEL_FAILED')
      if (!exists || error.code === 'CANCELLED') throw error
      failed.push({ name: batchName(batch, node.config['batch_size']), error })
    }
  }
  await one(0, 0)
  let next = 1
  const work = async (lane: number): Promise<void> => {
    while (next < last) {
      const at = next
      next += 1
      await one(at, lane)
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(run.lanes, last - 1)) }, (_, lane) => work(lane)))
  if (last > 0) await one(last, 0)
  const [first] = failed
  if (!first) return { message: `OK, ${batches.length} batches`, rows }
  throw new MillraceError(
    'MODEL_FAILED',
    `building ${node.name}: ${failed.length} of ${batches.length} batches failed (${failed
      .map(({ name }) => name)
      .sort()
      .join(', ')}): ${first.error.message}`,
    {
      at: { file: node.original_file_path },
      cause: first.error,
      hint: 'The other batches are kept. Fill these again with --event-time-start and --event-time-end.',
    },
  )
}
