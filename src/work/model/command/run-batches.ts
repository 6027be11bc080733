import { asMillraceError, MillraceError } from '../../../base/kernel/index.ts'
import type { Invocation } from '../context/node-context.ts'
import type { MaterializationResult } from '../materialize/index.ts'
import { type Batch, batchName, planBatches } from '../materialize/plan-batches.ts'
import type { Node } from '../node.ts'

/**
 * Fills a microbatch model, each window by a transaction of its own; one that fails leaves the others. When the first
 * window of a new table fails, nothing more is tried.
 * @throws MillraceError MODEL_INVALID for its settings, MODEL_FAILED naming the windows that failed
 */
export async function runBatches(
  invocation: Invocation,
  node: Node,
  run: {
    readonly incremental: boolean
    readonly build: (batch: Batch, incremental: boolean) => Promise<MaterializationResult>
  },
): Promise<MaterializationResult> {
  const named = invocation.flags.named ?? {}
  const { event_time_start: from, event_time_end: to } = named
  const batches = planBatches(node, {
    incremental: run.incremental,
    now: invocation.startedAt,
    ...(typeof from === 'string' ? { from } : {}),
    ...(typeof to === 'string' ? { to } : {}),
  })
  const failed: { name: string; error: MillraceError }[] = []
  let rows = 0
  let exists = run.incremental
  for (const batch of batches) {
    try {
      const built = await run.build(batch, exists)
      rows += built.rows ?? 0
      exists = true
    } catch (thrown) {
      const error = asMillraceError(thrown, 'MODEL_FAILED')
      if (!exists || error.code === 'CANCELLED') throw error
      failed.push({ name: batchName(batch, node.config['batch_size']), error })
    }
  }
  const [first] = failed
  if (!first) return { message: `OK, ${batches.length} batches`, rows }
  throw new MillraceError(
    'MODEL_FAILED',
    `building ${node.name}: ${failed.length} of ${batches.length} batches failed (${failed.map(({ name }) => name).join(', ')}): ${first.error.message}`,
    {
      at: { file: node.original_file_path },
      cause: first.error,
      hint: 'The other batches are kept. Fill these again with --event-time-start and --event-time-end.',
    },
  )
}
