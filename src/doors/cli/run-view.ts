import { createLogUpdate } from 'log-update'
import { formatDuration, formatPlace } from '../../base/kernel/index.ts'
import type { RunEvent, TaskOutput, TaskResult, TaskStatus } from '../../run/pipeline/index.ts'
import { formatBytes, styled, type Terminal, table } from './terminal.ts'

const WORDS: Record<TaskStatus, readonly ['green' | 'red' | 'yellow' | 'gray', string]> = {
  success: ['green', 'success'],
  failed: ['red', 'failed'],
  upstream_failed: ['gray', 'upstream failed'],
  cancelled: ['yellow', 'cancelled'],
}

/** Shows a run as it goes on: a redrawn list on a terminal, a line for each change elsewhere. Writes to stderr. */
export class RunView {
  readonly #terminal: Terminal
  readonly #redraw = createLogUpdate(process.stderr)
  readonly #running = new Map<string, { since: number; says: string }>()
  #timer: NodeJS.Timeout | undefined
  #left = 0

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  /** Takes an event of the run. */
  show(event: RunEvent): void {
    switch (event.type) {
      case 'run-started': {
        this.#left = event.tasks.length - event.done.length
        const again = event.continued ? ` (${event.continued.replace('-', ' ')}, ${event.done.length} tasks kept)` : ''
        this.#say(`${event.pipeline}, ${event.interval.ds}${again}`)
        if (this.#terminal.live) this.#timer = setInterval(() => this.#draw(), 100)
        return
      }
      case 'task-started':
        this.#running.set(event.task, { since: Date.now(), says: event.tryNumber > 1 ? `try ${event.tryNumber}` : '' })
        if (!this.#terminal.live) this.#say(`  started  ${event.task}`)
        return
      case 'task-progress': {
        const entry = this.#running.get(event.task)
        const percent = event.fraction === undefined ? '' : `${Math.round(event.fraction * 100)} %`
        if (entry) entry.says = [event.text, percent].filter(Boolean).join(' ')
        return
      }
      case 'task-log':
        if (event.level === 'warning' || event.level === 'error') this.#say(`  ${event.task}: ${event.message}`)
        return
      case 'task-retry':
        this.#say(
          `  ${event.task}: try ${event.tryNumber} failed, again in ${formatDuration(event.delayMs)}: ${event.error.message}`,
        )
        return
      case 'task-finished': {
        this.#running.delete(event.task)
        this.#left -= 1
        const [colour, word] = WORDS[event.status]
        this.#say(`  ${this.#terminal.style(colour, word.padEnd(8))} ${event.task} ${formatDuration(event.ms)}`)
        return
      }
      case 'output':
        this.#say(event.text.trimEnd())
        return
      case 'notice':
        this.#say(event.message)
        return
      case 'run-finished':
        this.close()
    }
  }

  /** Ends the redrawing; safe to call twice. */
  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#redraw.clear()
    this.#redraw.done()
  }

  #say(line: string): void {
    this.#redraw.clear()
    this.#terminal.note(line)
    if (this.#timer) this.#draw()
  }

  #draw(): void {
    const lines = [...this.#running].map(([task, { since, says }]) => {
      return `  running  ${task} ${formatDuration(Date.now() - since)} ${says}`.slice(0, this.#terminal.columns - 1)
    })
    const waiting = this.#left - this.#running.size
    this.#redraw([...lines, `  ${waiting} waiting`].join('\n'))
  }
}

/** What each task of a run did, as a table, then what was skipped and refused, then errors. */
export function runSummary(terminal: Terminal, tasks: readonly TaskResult[]): string[] {
  const rows = tasks.map(({ task, status, ms, tries, output, reused }) => [
    styled(...WORDS[status]),
    reused ? `${task} (kept)` : task,
    output?.rows,
    output?.bytes === undefined ? '' : formatBytes(output.bytes),
    (ms / 1000).toFixed(2),
    tries > 1 ? tries : undefined,
    checksOf(output),
  ])
  const lines = ['', table(terminal, ['status', 'task', 'rows', 'bytes', 'seconds', 'tries', 'checks passed'], rows)]
  for (const { task, output } of tasks) {
    for (const says of output?.skipped ?? []) lines.push(`${terminal.style('gray', 'skipped')} ${task}: ${says}`)
    if (output?.rejected)
      lines.push(
        `${terminal.style('yellow', 'refused')} ${task}: ${output.rejected} rows, kept with their reasons in the reject tables`,
      )
  }
  for (const { task, status, error } of tasks) {
    if (!error || status !== 'failed') continue
    lines.push(`${terminal.style('red', 'failed')}  ${task}: ${error.code}: ${error.message}`)
    if (error.at) lines.push(`        at ${formatPlace(error.at)}`)
    if (error.hint) lines.push(`        hint ${error.hint}`)
  }
  return lines
}

function checksOf(output: TaskOutput | undefined): string {
  if (!output?.checks) return ''
  const { passed, failed, warned } = output.checks
  return `${passed} of ${passed + failed + warned}${warned ? ` (${warned} warned)` : ''}`
}
