import type { Bench } from '../harness/bench.ts'
import { dbtContestants, parsedGraph } from '../harness/dbt-bench.ts'

export default {
  name: 'dbt-parse',
  summary: 'five hundred trivial dbt models read for the first time, against dbt-core',
  async prepare(scale) {
    const models = Math.max(10, Math.round(500 * scale))
    return {
      data: `dbt parse of ${models} views in chains of ten; an empty target folder each time.`,
      contestants: await dbtContestants(['millrace', 'dbt'], { models, command: ['parse'], result: parsedGraph }),
      targets: [{ against: 'dbt-core', measure: 'cpu', atLeast: 20 }],
    }
  },
} satisfies Bench
