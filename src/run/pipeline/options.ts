import { z } from 'zod'
import { type Duration, type ErrorDetails, MillraceError, milliseconds, nearest } from '../../base/kernel/index.ts'
import { checkSchedule, checkTimeZone } from './schedule/cron.ts'

/** A duration in an options schema: number of milliseconds or text in, milliseconds out. */
export const durationOption = z.union([z.number(), z.string()]).transform((written, context) => {
  try {
    return milliseconds(written)
  } catch (thrown) {
    context.addIssue({ code: 'custom', message: (thrown as MillraceError).message })
    return z.NEVER
  }
})

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date such as 2024-01-31')
  .refine((text) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text), {
    error: 'is not a day of the calendar',
  })

const words = z.union([z.string(), z.array(z.string())]).transform((written) => [written].flat())

/** The options of a pipeline: Airflow's words for a DAG and its default arguments. */
export const pipelineOptions = z.strictObject({
  description: z.string().optional(),
  owner: z.string().optional(),
  schedule: z
    .string()
    .nullable()
    .default(null)
    .superRefine(refusing(checkSchedule))
    .describe('Cron (five fields), @hourly, @daily, @weekly, @monthly, @quarterly, @yearly, or null: only by hand.'),
  startDate: day.optional().describe('The first day (`ds`) that may be run, in the time zone of the pipeline.'),
  endDate: day.optional().describe('The last day (`ds`) that may be run.'),
  timezone: z.string().default('UTC').superRefine(refusing(checkTimeZone)),
  catchup: z.boolean().default(false).describe('Whether the scheduler runs the intervals it missed.'),
  dependsOnPast: z.boolean().default(false).describe('Whether a run waits for the success of the run before it.'),
  retries: z.int().min(0).max(100).default(0),
  retryDelay: durationOption.default(300_000).describe('Before a task is tried again.'),
  retryExponentialBackoff: z.boolean().default(false).describe('Whether each delay is twice the one before.'),
  executionTimeout: durationOption.optional().describe('For each try of each task.'),
  runTimeout: durationOption.optional().describe('For the run as a whole.'),
  email: words.pipe(z.array(z.email())).default([]),
  emailOnFailure: z.boolean().default(true),
  emailOnRetry: z.boolean().default(false),
  tags: words.default([]),
  maxParallel: z.int().min(1).max(256).default(4).describe('Tasks that run at the same time.'),
})
export type PipelineOptions = z.output<typeof pipelineOptions>
/** The options of a pipeline as a user writes them. */
export type PipelineOptionsInput = z.input<typeof pipelineOptions>

/** What every task accepts beside the options of its kind. */
export const taskControls = z.object({
  retries: z.int().min(0).max(100).optional(),
  retryDelay: durationOption.optional(),
  retryExponentialBackoff: z.boolean().optional(),
  executionTimeout: durationOption.optional(),
})
/** What every task accepts beside the options of its kind, as a user writes it. */
export interface TaskControls {
  retries?: number
  retryDelay?: Duration
  retryExponentialBackoff?: boolean
  /** For each try. */
  executionTimeout?: Duration
}

function refusing(check: (written: string) => void) {
  return (written: string | null, context: z.RefinementCtx<string | null>): void => {
    if (written === null) return
    try {
      check(written)
    } catch (thrown) {
      context.addIssue({ code: 'custom', message: (thrown as MillraceError).message })
    }
  }
}

/**
 * Checks options against a schema.
 * @throws MillraceError PIPELINE_INVALID naming the option by its path, with a guess for a misspelt one
 */
export function checkedOptions<S extends z.ZodType>(
  schema: S,
  options: unknown,
  of: string,
  place: (path: readonly PropertyKey[]) => ErrorDetails['at'],
): z.output<S> {
  const result = schema.safeParse(options)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined
    const path = unknown === undefined ? issue.path : [...issue.path, unknown]
    const names = unknown === undefined ? [] : optionNames(schema, issue.path)
    const [guess] = nearest(unknown ?? '', names, 1)
    const message =
      unknown === undefined
        ? `${path.map(String).join('.') || 'options'}: ${issue.message}`
        : `there is no option "${path.map(String).join('.')}"`
    const meant = guess === undefined ? '' : `Did you mean "${guess}"? `
    return { message, path, hint: names.length === 0 ? undefined : `${meant}There are: ${names.join(', ')}.` }
  })
  const [first, ...more] = problems
  const at = place(first?.path ?? [])
  const path = first?.path.map(String).join('.')
  const hint = [first?.hint, more.length ? `Also: ${more.map(({ message }) => message).join('; ')}.` : undefined]
  throw new MillraceError('PIPELINE_INVALID', `checking ${of}: ${first?.message}`, {
    ...(at ? { at: path ? { ...at, path } : at } : {}),
    ...(hint.some(Boolean) ? { hint: hint.filter(Boolean).join(' ') } : {}),
  })
}

/** The names an object schema accepts at a path. */
function optionNames(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let here: unknown = schema
  for (const key of path) {
    here = (here as { shape?: Record<PropertyKey, unknown> }).shape?.[key]
    while (here instanceof z.ZodOptional || here instanceof z.ZodDefault) here = here.def.innerType
  }
  return here instanceof z.ZodObject ? Object.keys(here.shape) : []
}
