import { z } from 'zod'
import type { WriteTarget } from '../../data/frame/index.ts'

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
