import type { Bench } from '../harness/bench.ts'
import { builtViews, dbtContestants } from '../harness/dbt-bench.ts'

export default {
  name: 'dbt-run-warm',
  summary: 'five hundred trivial dbt models built again, against dbt-core and the same statements in a loop',
  async prepare(scale) {
    const models = Math.max(10, Math.round(500 * scale))
    const work = { models, command: ['run'], before: ['run'], result: builtViews(models) }
    return {
      data: `dbt run of ${models} views in chains of ten that stand already, with what the run before left in its target folder.`,
      contestants: await dbtContestants(['millrace', 'dbt', 'loop'], work),
      targets: [
        { against: 'dbt-core', measure: 'cpu', atLeast: 10 },
        { against: 'plain loop', measure: 'cpu', atLeast: 1 / 1.8 },
      ],
    }
  },
} satisfies Bench
