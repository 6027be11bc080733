import { z } from 'zod'
import { MillraceError } from '../../base/kernel/index.ts'
import type { Frame, WriteTarget } from '../../data/frame/index.ts'
import type { TaskContext } from '../pipeline/index.ts'

const address = z.string().min(1)
const FORMATS = ['parquet', 'csv', 'json', 'delta', 'table'] as const

/** Where a frame is written: one of the formats with an address (`lake://…`, a path) or, for a table, a dataset. */
export const targetOption = z
  .strictObject({
    parquet: address.optional(),
    csv: address.optional(),
    json: address.optional(),
    delta: address.optional(),
    table: address.optional().describe('A dataset, in the format of its zone.'),
    mode: z.enum(['overwrite', 'append', 'ignore', 'error', 'errorIfExists', 'errorifexists']).default('overwrite'),
    partitionBy: z
      .union([z.string(), z.array(z.string())])
      .transform((written) => [written].flat())
      .default([]),
    options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  })
  .refine((target) => FORMATS.filter((format) => target[format] !== undefined).length === 1, {
    error: `needs exactly one of ${FORMATS.join(', ')}`,
  })

/** Where a frame is written, as a user writes it. */
export type FrameTarget = z.input<typeof targetOption>

/** A target in the terms of `writeFrame`. */
export function frameTarget(target: z.output<typeof targetOption>): WriteTarget {
  const { mode, partitionBy, options } = target
  if (target.table !== undefined) return { dataset: target.table, mode, partitionBy, options }
  const format = (['parquet', 'csv', 'json', 'delta'] as const).find((each) => target[each] !== undefined) ?? 'parquet'
  return { format, path: target[format] ?? '', mode, partitionBy, options }
}

/** A day with a change of clocks has 22 hours at least; whatever is shorter shares its day with other intervals. */
const SHORTEST_DAY_MS = 22 * 3_600_000

/**
 * Refuses to overwrite the day's partition in an interval that is only a part of the day: each run would remove what
 * those before it wrote. Call it before the write, with the frame that will be written, in the session's context.
 * @throws MillraceError OPTION_INVALID
 */
export async function refusePartOfDay(target: WriteTarget, frame: Frame, context: TaskContext): Promise<void> {
  const { start, end } = context.interval
  const [first] = target.partitionBy ?? []
  if (first === undefined || target.mode !== 'overwrite') return
  if (Date.parse(end) - Date.parse(start) >= SHORTEST_DAY_MS) return
  const kind = (await frame.schema()).fields.find(({ name }) => name === first)?.type.kind
  if (kind !== 'date' && !(kind === 'string' && (await holdsDays(frame, first)))) return
  throw new MillraceError(
    'OPTION_INVALID',
    `task ${context.task}: an overwrite of the partition ${first}=${context.ds} by the interval from ${start} to ${end} would remove what other intervals of the day wrote`,
    {
      hint: `Use a daily schedule, mode 'append', or partition by a timestamp such as the hour in place of "${first}".`,
    },
  )
}

/** Whether a column of text holds days, which a run replaces as it does dates. */
async function holdsDays(frame: Frame, column: string): Promise<boolean> {
  const [row] = await frame.select(column).limit(1).collect()
  return /^\d{4}-\d{2}-\d{2}$/.test(String(Object.values(row ?? {})[0] ?? ''))
}
