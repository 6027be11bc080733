import { createLogUpdate } from 'log-update'
import { formatDuration } from '../../base/kernel/index.ts'
import type {
  BackfillEvent,
  BackfillInterval,
  BackfillResult,
  Interval,
  PlannedInterval,
  Why,
} from '../../run/pipeline/index.ts'
import type { BackfillPreview } from '../app/backfill.ts'
import { errorLines, type Terminal, table } from './terminal.ts'

const SAYS: Record<Why, string> = {
  new: 'run: new',
  failed: 'run: failed before',
  cancelled: 'run: was cancelled',
  crashed: 'run: its process went away',
  changed: 'run: files have changed',
  again: 'run again: done before',
  done: 'skip: done',
  'failed-before': 'skip: failed before (--rerun failed runs it)',
  running: 'skip: is being run by another process',
  'not-over': 'skip: not over yet',
  'beyond-limit': 'left for later by --limit',
}

/** An interval for people: its day, or where a day has several the instant it starts. */
export function intervalName({ start, end, ds }: Interval): string {
  return Date.parse(end) - Date.parse(start) < 82_800_000 ? start.replace(/:00\.000Z$/, 'Z') : ds
}

/** What a backfill would do: neighbours of the same fate in one line, then how many and how long. */
export function previewLines(terminal: Terminal, preview: BackfillPreview): string[] {
  const groups: PlannedInterval[][] = []
  for (const each of preview.intervals) {
    const group = groups.at(-1)
    if (group?.[0]?.why === each.why) group.push(each)
    else groups.push([each])
  }
  const rows = groups.map((group) => {
    const [first, last] = [group[0] as PlannedInterval, group.at(-1) as PlannedInterval]
    const finished = Math.max(...group.map(({ latest }) => latest?.finishedAt ?? 0))
    const when = finished > 0 ? new Date(finished).toISOString().slice(0, 16).replace('T', ' ') : ''
    return [intervalName(first.interval), intervalName(last.interval), group.length, SAYS[first.why], when]
  })
  const { order, typicalMs, parallel, note, graph } = preview
  const estimate = typicalMs === undefined ? '' : `, about ${formatDuration((typicalMs * order.length) / parallel)}`
  const side = parallel > 1 ? `, ${parallel} at a time` : ''
  return [
    terminal.style('bold', `${graph.id} from ${preview.from} to ${preview.to}`),
    '',
    table(terminal, ['from', 'to', 'intervals', 'what happens', 'last ended'], rows),
    '',
    order.length === 0 ? 'Nothing to run.' : `${order.length} of ${preview.intervals.length} to run${side}${estimate}.`,
    ...(note ? [note] : []),
  ]
}

/** Shows a backfill as it goes on: one redrawn line on a terminal, a line for each interval elsewhere. To stderr. */
export class BackfillView {
  readonly #terminal: Terminal
  readonly #redraw = createLogUpdate(process.stderr)
  readonly #total: number
  readonly #begin = Date.now()
  readonly #running = new Set<string>()
  #done = 0
  #rows = 0
  #timer: NodeJS.Timeout | undefined

  constructor(terminal: Terminal, { order }: BackfillPreview) {
    this.#terminal = terminal
    this.#total = order.length
    if (terminal.live && order.length > 0) this.#timer = setInterval(() => this.#draw(), 200)
  }

  /** Takes an event of the backfill. */
  show(event: BackfillEvent): void {
    switch (event.type) {
      case 'interval-started':
        this.#running.add(intervalName(event.interval))
        return
      case 'interval-finished':
        this.#running.delete(intervalName(event.interval))
        this.#done += 1
        this.#rows += event.rows
        if (!this.#timer || event.status !== 'success') this.#say(this.#line(event))
        return
      case 'run-event': {
        const { event: inner, interval } = event
        const name = interval ? `${intervalName(interval)} ` : ''
        if (inner.type === 'output') this.#say(inner.text.trimEnd())
        if (inner.type === 'notice') this.#say(`  ${name}${inner.message}`)
        if (inner.type === 'task-retry')
          this.#say(`  ${name}${inner.task}: try ${inner.tryNumber} failed: ${inner.error.message}`)
        if (inner.type === 'task-log' && (inner.level === 'warning' || inner.level === 'error'))
          this.#say(`  ${name}${inner.task}: ${inner.message}`)
      }
    }
  }

  /** Ends the redrawing; safe to call twice. */
  close(): void {
    if (!this.#timer) return
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#redraw.clear()
    this.#redraw.done()
  }

  #line({ interval, status, ms, rows }: BackfillInterval): string {
    const count = rows.toLocaleString('en-US')
    return `  ${intervalName(interval)}  ${status}  ${formatDuration(ms)}  ${count} rows  (${this.#progress()})`
  }

  /** `12 of 31, 4.1 a second, 5 s left` */
  #progress(): string {
    const seconds = (Date.now() - this.#begin) / 1000
    const rate = this.#done / Math.max(seconds, 0.001)
    const left = this.#done === 0 ? undefined : ((this.#total - this.#done) / rate) * 1000
    const eta = left ? `, ${formatDuration(left)} left` : ''
    return `${this.#done} of ${this.#total}, ${rate.toFixed(1)} a second${eta}`
  }

  #say(line: string): void {
    if (this.#timer) this.#redraw.clear()
    this.#terminal.note(line)
    if (this.#timer) this.#draw()
  }

  #draw(): void {
    const rows = `${this.#rows.toLocaleString('en-US')} rows`
    const line = `  ${this.#progress()}, ${rows}, running ${[...this.#running].join(', ')}`
    this.#redraw(line.slice(0, this.#terminal.columns - 1))
  }
}

/** What became of a backfill: a line for each status, the errors of intervals, and how to go on. */
export function resultLines(
  terminal: Terminal,
  preview: BackfillPreview,
  result: BackfillResult,
  command: string,
): string[] {
  const { intervals, left, status, ms } = result
  if (preview.order.length === 0) return []
  const statuses = [...new Set(intervals.map((one) => one.status))]
  const rows: unknown[][] = statuses.map((each) => {
    const group = intervals.filter((one) => one.status === each)
    const times = group.map((one) => one.ms / 1000).toSorted((a, b) => a - b)
    const sum = group.reduce((all, one) => all + one.rows, 0)
    return [each, group.length, sum, round(times[Math.floor(times.length / 2)]), round(times.at(-1))]
  })
  if (left.length > 0) rows.push(['not begun', left.length])
  const head = ['status', 'intervals', 'rows written', 'median seconds', 'slowest']
  const lines = ['', table(terminal, head, rows), '']
  for (const { interval, status: each, error } of intervals) {
    if (each === 'success' || each === 'cancelled' || !error) continue
    lines.push(`${each} ${intervalName(interval)}`)
    const told = error.cause instanceof Error && 'code' in error.cause ? (error.cause as typeof error) : error
    lines.push(...errorLines(terminal, told).map((line) => `  ${line}`))
  }
  const undone = left.length + intervals.filter((one) => one.status !== 'success').length
  lines.push(`${result.pipeline} ${preview.from} to ${preview.to}: ${status} in ${formatDuration(ms)}`)
  if (undone > 0) lines.push(`${undone} left. Go on with: ${command}`)
  return lines
}

function round(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * 1000) / 1000
}
