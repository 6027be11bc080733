import type { Bench } from '../harness/bench.ts'
import { dbtContestants, parsedGraph } from '../harness/dbt-bench.ts'

export default {
  name: 'dbt-ls-5000',
  summary: 'fifty of five thousand trivial dbt models listed by their tag, without a change since the last command',
  async prepare(scale) {
    const models = Math.max(10, Math.round(5000 * scale))
    const work = { models, command: ['ls', '--select', 'tag:x'], before: ['parse'], result: parsedGraph }
    return {
      data: `dbt ls --select tag:x of ${models} views in chains of ten. dbt-core, which needs a minute to read them first, is left out.`,
      contestants: await dbtContestants(['millrace'], work),
      targets: [],
      remarks: (results) => {
        const wall = results.get('Millrace')?.median.wall
        return wall === undefined
          ? []
          : [`${wall.toFixed(2)} s; to stay under 1 s: ${wall < 1 ? 'reached' : 'MISSED'}.`]
      },
    }
  },
} satisfies Bench
