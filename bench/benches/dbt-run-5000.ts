import type { Bench } from '../harness/bench.ts'
import { builtViews, dbtContestants } from '../harness/dbt-bench.ts'

export default {
  name: 'dbt-run-5000',
  summary: 'five thousand trivial dbt models built for the first time, against the same statements in a loop',
  async prepare(scale) {
    const models = Math.max(10, Math.round(5000 * scale))
    const work = { models, command: ['run'], result: builtViews(models) }
    return {
      data: `dbt run of ${models} views in chains of ten; no target folder and no database each time. dbt-core, which needs minutes, is left out.`,
      contestants: await dbtContestants(['millrace', 'loop'], work),
      targets: [{ against: 'plain loop', measure: 'cpu', atLeast: 1 / 1.8 }],
      remarks: (results) => {
        const own = results.get('Millrace')?.median
        if (!own) return []
        const megabytes = own.memory / 2 ** 20
        return [
          `${((own.cpu * 1000) / models).toFixed(2)} ms of CPU a model (that of dbt-run-cold includes start-up).`,
          `${megabytes.toFixed(0)} MB; to stay under 1024 MB: ${megabytes < 1024 ? 'reached' : 'MISSED'}.`,
        ]
      },
    }
  },
} satisfies Bench
