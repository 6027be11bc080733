import { PythonDate } from '../../../base/jinja/index.ts'
import { MillraceError, unknownName } from '../../../base/kernel/index.ts'
import type { Node } from '../node.ts'

/** How wide a batch of a microbatch model is. */
export const BATCH_SIZES = ['hour', 'day', 'month', 'year'] as const
export type BatchSize = (typeof BATCH_SIZES)[number]

/** A window of event time, from `start` up to `end` without it; in UTC. */
export interface Batch {
  readonly start: Date
  readonly end: Date
}

/** What the windows of a run depend on. */
export interface BatchRun {
  /** Whether the model's table is added to: without it, windows begin at `begin`. */
  readonly incremental: boolean
  readonly now: Date
  /** `--event-time-start` and `--event-time-end`, or the window of `--sample`. */
  readonly from?: string | Date
  readonly to?: string | Date
}

/** Whether a node is filled window by window of its event time. */
export function isMicrobatch({ resource_type: kind, config }: Node): boolean {
  return kind === 'model' && config.materialized === 'incremental' && config['incremental_strategy'] === 'microbatch'
}

/** What a microbatch model's batches are cut by. */
interface BatchSettings {
  readonly size: BatchSize
  readonly begin: Date
}

/**
 * The settings of a microbatch model, checked; reading a project calls it too, so that a wrong one is found early.
 * @throws MillraceError MODEL_INVALID at the model's file
 */
export function batchSettings(node: Node): BatchSettings {
  const { config } = node
  const at = { file: node.original_file_path }
  const lacking = (setting: string, hint: string): MillraceError =>
    new MillraceError(
      'MODEL_INVALID',
      `reading ${node.original_file_path}: microbatch model '${node.name}' must provide ${setting} config`,
      { at, hint },
    )
  const text = typeof config['event_time'] === 'string' && config['event_time'] !== ''
  if (!text) throw lacking("an 'event_time' (string)", "Name the column of a row's time: event_time='created_at'.")
  if (!config['begin']) throw lacking("a 'begin' (datetime)", "Say when the first event was: begin='2024-01-01'.")
  if (typeof (config['concurrent_batches'] ?? true) !== 'boolean') {
    throw new MillraceError(
      'MODEL_INVALID',
      `reading ${node.name}: concurrent_batches is true or false, not ${String(config['concurrent_batches'])}`,
      { at },
    )
  }
  const size = BATCH_SIZES.find((one) => one === config['batch_size'])
  if (size) return { size, begin: instant(node, config['begin']) }
  if (!config['batch_size']) throw lacking("a 'batch_size'", `It is one of ${BATCH_SIZES.join(', ')}.`)
  const written = String(config['batch_size'])
  throw unknownName('MODEL_INVALID', `reading ${node.name}: the batch_size`, written, BATCH_SIZES, { at })
}

/**
 * The windows a run of a microbatch model fills, in their order (dbt's `MicrobatchBuilder`).
 * @throws MillraceError MODEL_INVALID for missing or wrong settings
 */
export function planBatches(node: Node, run: BatchRun): Batch[] {
  const { size, begin } = batchSettings(node)
  const end = ceiling(run.to === undefined ? run.now : instant(node, run.to), size)
  let start: Date
  if (run.from !== undefined) start = floor(instant(node, run.from), size)
  else if (run.incremental) {
    const lookback = Number(node.config['lookback'] ?? 1)
    // A moment on the line between two batches belongs to the one that ends there.
    start = step(end, size, -(lookback + 1))
  } else start = floor(begin, size)
  const batches: Batch[] = []
  for (let from = start; from < end; from = step(from, size, 1)) {
    const to = step(from, size, 1)
    batches.push({ start: from, end: to < end ? to : end })
  }
  return batches.length > 0 ? batches : [{ start, end: step(start, size, 1) }]
}

/** A moment as Python prints a datetime in UTC: `2024-01-01 00:00:00+00:00`. */
export function momentText(moment: Date): string {
  return moment
    .toISOString()
    .replace('T', ' ')
    .replace(/(\.000)?Z$/, '+00:00')
}

/** The name of a batch in messages: `2024-01-01`, or `2024-01-01T10` of an hour. */
export function batchName({ start }: Batch, size: unknown): string {
  const length = { year: 4, month: 7, day: 10, hour: 13 }[size as BatchSize]
  return start.toISOString().slice(0, length)
}

function instant(node: Node, written: unknown): Date {
  const moment = written instanceof Date || written instanceof PythonDate ? written.toJSON() : written
  const text = String(moment).trim()
  // Without a zone it is UTC.
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text) || !/\d[T ]\d/.test(text) ? text : `${text.replace(' ', 'T')}Z`
  const found = new Date(zoned)
  if (!Number.isNaN(found.getTime())) return found
  throw new MillraceError('MODEL_INVALID', `building ${node.name}: "${text}" is no date`, {
    at: { file: node.original_file_path },
    hint: 'Write it as 2024-01-31 or 2024-01-31T10:00:00.',
  })
}

function floor(moment: Date, size: BatchSize): Date {
  const [year, month, day, hour] = [
    moment.getUTCFullYear(),
    size === 'year' ? 0 : moment.getUTCMonth(),
    size === 'year' || size === 'month' ? 1 : moment.getUTCDate(),
    size === 'hour' ? moment.getUTCHours() : 0,
  ]
  return new Date(Date.UTC(year, month, day, hour))
}

function ceiling(moment: Date, size: BatchSize): Date {
  const low = floor(moment, size)
  return low.getTime() === moment.getTime() ? low : step(low, size, 1)
}

function step(moment: Date, size: BatchSize, by: number): Date {
  const low = floor(moment, size)
  const next = new Date(low)
  if (size === 'hour') next.setUTCHours(low.getUTCHours() + by)
  else if (size === 'day') next.setUTCDate(low.getUTCDate() + by)
  else if (size === 'month') next.setUTCMonth(low.getUTCMonth() + by)
  else next.setUTCFullYear(low.getUTCFullYear() + by)
  return next
}
