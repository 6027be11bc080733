import { execFileSync } from 'node:child_process'
import { availableParallelism, loadavg, release, totalmem } from 'node:os'
import Table from 'cli-table3'
import type { Limit, Measured, Prepared, Summary, Target } from './bench.ts'
import { ROOT } from './cache.ts'
import { type Interval, medianInterval } from './statistics.ts'

/** A comparison of ours with another side. */
export interface Comparison {
  readonly against: string
  readonly measure: 'wall' | 'cpu'
  /** Theirs divided by ours, from the pairs of runs that followed each other. */
  readonly ratio: Interval
  readonly target?: number
  readonly reached?: boolean
}

/** What a side took, beside what it may. */
export interface Kept extends Limit {
  readonly seconds: number
  readonly reached: boolean
}

/** Everything that a run of a bench found, as plain JSON. */
export interface Report {
  readonly bench: string
  readonly data: string
  readonly date: string
  readonly machine: string
  readonly commit: string
  readonly load: number
  readonly outputs: string
  readonly sides: readonly {
    readonly name: string
    readonly version: string
    readonly runs: number
    readonly median: Measured
  }[]
  readonly comparisons: readonly Comparison[]
  readonly limits: readonly Kept[]
  readonly remarks: readonly string[]
}

/** What this machine is. */
export function machine(): string {
  return `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}, Node ${process.version.slice(1)}`
}

/** The commit that was measured, with + when the tree has changes. */
export function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim()
  return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '+'}`
}

/** The load of the last minute before the bench began, in runnable processes. */
export function load(): number {
  return loadavg()[0] ?? 0
}

/** Compares ours with each other side, run by run. */
export function compare(prepared: Prepared, summaries: ReadonlyMap<string, Summary>): Comparison[] {
  const ours = prepared.contestants.find(({ role }) => role === 'ours')
  const own = ours && summaries.get(ours.name)
  if (!own) return []
  return prepared.contestants.flatMap(({ name, role }) => {
    const theirs = summaries.get(name)
    if (role === 'ours' || !theirs) return []
    return (['wall', 'cpu'] as const).map((measure): Comparison => {
      const pairs = theirs.runs.map((run, index) => run[measure] / (own.runs[index]?.[measure] ?? Number.NaN))
      const ratio = medianInterval(pairs)
      const target = prepared.targets.find((one: Target) => one.against === name && one.measure === measure)
      return {
        against: name,
        measure,
        ratio,
        ...(target ? { target: target.atLeast, reached: ratio.median >= target.atLeast } : {}),
      }
    })
  })
}

/** Holds each limit against the median of its side. */
export function keptLimits({ limits = [] }: Prepared, summaries: ReadonlyMap<string, Summary>): Kept[] {
  return limits.flatMap((limit) => {
    const median = summaries.get(limit.side)?.median
    if (median === undefined) return []
    const took = median[limit.measure]
    return [{ ...limit, seconds: took, reached: took <= limit.atMostSeconds }]
  })
}

const seconds = (value: number) => value.toFixed(value < 10 ? 2 : 1)
const milliseconds = (value: number) => `${Math.round(value * 1000)} ms`
const BY = { wall: 'wall clock', cpu: 'CPU' } as const
const times = (value: number) => `${value.toFixed(value < 10 ? 2 : 1)}×`

/** The report for a person. */
export function asText(report: Report): string {
  const table = new Table({
    head: ['', 'wall s', 'CPU s', 'server CPU s', 'memory MB', 'runs'],
    style: { head: [], border: [] },
  })
  for (const { name, version, runs, median } of report.sides) {
    table.push([
      `${name} (${version})`,
      seconds(median.wall),
      seconds(median.cpu),
      median.server === 0 ? '' : seconds(median.server),
      Math.round(median.memory / 2 ** 20),
      runs,
    ])
  }
  const lines = report.comparisons.map(({ against, measure, ratio, target, reached }) => {
    const share = Math.round(ratio.coverage * 100)
    const goal = target === undefined ? '' : `; to reach ${times(target)}: ${reached ? 'reached' : 'MISSED'}`
    return `${times(ratio.median)} ${against} by ${BY[measure]} (${share} % interval ${times(ratio.low)} to ${times(ratio.high)})${goal}`
  })
  const head = `${report.bench}: ${report.data}`
  const limits = report.limits.map(
    (one) =>
      `${one.side}: ${milliseconds(one.seconds)} by ${BY[one.measure]}; at most ${milliseconds(one.atMostSeconds)}: ${one.reached ? 'reached' : 'MISSED'}`,
  )
  return [head, ...lines, ...limits, '', table.toString(), `outputs: ${report.outputs}`, ...report.remarks, ''].join(
    '\n',
  )
}

/** The report as a section of RESULTS.md. */
export function asMarkdown(report: Report): string {
  const rows = report.sides.map(
    ({ name, version, runs, median }) =>
      `| ${name} | ${version} | ${seconds(median.wall)} | ${seconds(median.cpu)} | ${median.server === 0 ? '' : seconds(median.server)} | ${Math.round(median.memory / 2 ** 20)} | ${runs} |`,
  )
  const ratios = report.comparisons.map(({ against, measure, ratio, target, reached }) => {
    const goal = target === undefined ? '' : reached ? `≥ ${target}, reached` : `≥ ${target}, **missed**`
    return `| ${against} | ${measure} | ${times(ratio.median)} | ${times(ratio.low)} to ${times(ratio.high)} (${Math.round(ratio.coverage * 100)} %) | ${goal} |`
  })
  const limits = report.limits.map(
    (one) =>
      `| ${one.side} | ${one.measure} | ${milliseconds(one.seconds)} | ≤ ${milliseconds(one.atMostSeconds)}, ${one.reached ? 'reached' : '**missed**'} |`,
  )
  return [
    `## ${report.bench}`,
    '',
    `${report.data} ${report.date}, commit ${report.commit}, ${report.machine}, load before ${report.load.toFixed(1)}. Outputs: ${report.outputs}.`,
    '',
    ...listed(['| against | by | theirs ÷ ours | interval | target |', '|---|---|---|---|---|'], ratios),
    ...listed(['| side | by | took | limit |', '|---|---|---|---|'], limits),
    '| side | version | wall s | CPU s | server CPU s | memory MB | runs |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
    ...report.remarks.map((remark) => `- ${remark}`),
    ...(report.remarks.length > 0 ? [''] : []),
  ].join('\n')
}

/** A table with a blank line behind it; nothing when it has no rows. */
function listed(head: readonly string[], rows: readonly string[]): readonly string[] {
  return rows.length === 0 ? [] : [...head, ...rows, '']
}
