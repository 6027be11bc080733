import { join } from 'node:path'
import type { Bench, Contestant } from '../harness/bench.ts'
import { ROOT } from '../harness/cache.ts'
import { compiledCode, dbtContestants } from '../harness/dbt-bench.ts'

/** `millrace --version`, which loads nothing: what starting Node takes. */
const start: Contestant = {
  name: 'start-up',
  role: 'reference',
  version: 'millrace --version',
  work: () => ({ command: process.execPath, args: [join(ROOT, 'bin/millrace.js'), '--version'] }),
  result: async () => '',
  incomparable: 'it compiles nothing',
}

/** What compiling may take beyond the start, in seconds. */
const BEYOND = 0.2

export default {
  name: 'dbt-compile',
  summary: 'five hundred trivial dbt models compiled again without a change, against dbt-core',
  async prepare(scale) {
    const models = Math.max(10, Math.round(500 * scale))
    const work = { models, command: ['compile'], before: ['compile'], result: compiledCode(models) }
    return {
      data: `dbt compile of ${models} views in chains of ten, of which nothing changed since the last time.`,
      contestants: [...(await dbtContestants(['millrace', 'dbt'], work)), start],
      targets: [],
      remarks: (results) => {
        const [own, node] = [results.get('Millrace')?.median, results.get('start-up')?.median]
        if (!own || !node) return []
        const beyond = own.wall - node.wall
        const reached = beyond <= BEYOND ? 'reached' : 'MISSED'
        return [
          `${(beyond * 1000).toFixed(0)} ms of wall clock and ${((own.cpu - node.cpu) * 1000).toFixed(0)} ms of CPU beyond start-up; to reach ${BEYOND * 1000} ms: ${reached}.`,
        ]
      },
    }
  },
} satisfies Bench
