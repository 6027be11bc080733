import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench, Contestant, Measured, Summary } from './bench.ts'
import { launch } from './launch.ts'
import { commit, compare, keptLimits, load, machine, type Report } from './report.ts'
import { median } from './statistics.ts'

/** How a bench is run. */
export interface RunOptions {
  /** Measured runs of each side; at least 5 for a result that counts. */
  readonly runs: number
  readonly scale: number
  /** Only these sides; ours is always among them. */
  readonly only?: readonly string[]
}

/**
 * Runs the sides of a bench in turns, after one run of each that does not count, and compares their outputs.
 * @throws Error when a side fails or the outputs differ
 */
export async function runBench(bench: Bench, { runs, scale, only }: RunOptions): Promise<Report> {
  const before = load()
  const prepared = await bench.prepare(scale)
  const sides = prepared.contestants.filter(({ name, role }) => role === 'ours' || !only || only.includes(name))
  const work = join(tmpdir(), `millrace-bench-${process.pid}`)
  const measured = new Map<string, Measured[]>(sides.map(({ name }) => [name, []]))
  const results = new Map<string, string>()
  try {
    for (let round = 0; round <= runs; round++) {
      for (const side of inTurn(sides, round)) {
        const out = join(work, side.name.replaceAll(/\W+/g, '-'))
        await rm(out, { recursive: true, force: true })
        await mkdir(out, { recursive: true })
        const one = await launch(await side.work(out), prepared.server)
        console.error(`${round === 0 ? 'warm-up' : `run ${round}`}  ${side.name}  ${one.wall.toFixed(2)} s`)
        if (round > 0) measured.get(side.name)?.push(one)
        if (round === 0 && side.incomparable === undefined) results.set(side.name, await side.result(out))
      }
    }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  const outputs = equalOutputs(sides, results)
  const summaries = new Map([...measured].map(([name, all]) => [name, summary(all)]))
  return {
    bench: bench.name,
    data: prepared.data,
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    commit: commit(),
    load: before,
    outputs,
    sides: sides.map(({ name, version }) => ({ name, version, runs, median: summaries.get(name)?.median ?? ZERO })),
    comparisons: compare({ ...prepared, contestants: sides }, summaries),
    limits: keptLimits(prepared, summaries),
    remarks: prepared.remarks?.(summaries) ?? [],
  }
}

const ZERO: Measured = { wall: 0, cpu: 0, server: 0, memory: 0 }

/** Each round begins with another side, so that none always follows the same one. */
function inTurn<T>(sides: readonly T[], round: number): T[] {
  const start = round % Math.max(sides.length, 1)
  return [...sides.slice(start), ...sides.slice(0, start)]
}

function summary(runs: readonly Measured[]): Summary {
  const of = (key: keyof Measured) => median(runs.map((run) => run[key]))
  return { runs, median: { wall: of('wall'), cpu: of('cpu'), server: of('server'), memory: of('memory') } }
}

function equalOutputs(sides: readonly Contestant[], results: ReadonlyMap<string, string>): string {
  const distinct = new Set(results.values())
  if (distinct.size > 1) {
    throw new Error(`the outputs differ:\n${[...results].map(([name, result]) => `  ${name}: ${result}`).join('\n')}`)
  }
  const left = sides.flatMap(({ name, incomparable }) =>
    incomparable === undefined ? [] : [`${name} not compared: ${incomparable}`],
  )
  if (results.size === 0) return 'not compared: each side does other work'
  const [result = 'none'] = distinct
  return [`equal on ${results.size} sides (${result})`, ...left].join('; ')
}
