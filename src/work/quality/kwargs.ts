import { z } from 'zod'
import type { Json } from '../../base/kernel/index.ts'

/** Pieces that the arguments of expectations are made of. */
const json = z.json() as unknown as z.ZodType<Json>
const bound = z.union([z.number(), z.string()]).optional()

export const columnName = z.string().min(1)
/** The least share of rows, 0 to 1. */
export const mostly = z.number().min(0).max(1).default(1)
export const columnList = z.array(columnName).min(1)
export const valueSet = z.array(json)
/** Bounds, inclusive unless strict; an absent bound does not limit. */
export const bounds = {
  min_value: bound,
  max_value: bound,
  strict_min: z.boolean().default(false),
  strict_max: z.boolean().default(false),
}
export interface Bounds {
  readonly min_value?: number | string | undefined
  readonly max_value?: number | string | undefined
  readonly strict_min: boolean
  readonly strict_max: boolean
}
export const ignoreRowIf = z.enum(['both_values_are_missing', 'either_value_is_missing', 'neither'])
export const ignoreRecordIf = z.enum(['all_values_are_missing', 'any_value_is_missing', 'never'])

/** Arguments that every expectation takes, or that older suites hold without effect. */
export const COMMON_KWARGS: readonly string[] = [
  'row_condition',
  'condition_parser',
  'batch_id',
  'result_format',
  'include_config',
  'catch_exceptions',
  'description',
  'auto',
  'profiler_config',
  'allow_cross_type_comparisons',
  'output_strftime_format',
  'windows',
]
