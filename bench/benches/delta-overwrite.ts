import { join } from 'node:path'
import type { Bench } from '../harness/bench.ts'
import { cached } from '../harness/cache.ts'
import { baseTable, deltaContestants, ROWS } from '../harness/delta-bench.ts'
import { duck } from '../harness/fingerprint.ts'

export default {
  name: 'delta-overwrite',
  summary: 'one of twenty partitions of a Delta table overwritten, against deltalake',
  async prepare(scale) {
    const rows = Math.round(5_000_000 * scale)
    const folder = await cached(`delta-overwrite-${rows}`, async (target) => {
      await baseTable(target, { rows, files: 1, partitionBy: ['part'] })
      const fresh = `select id + ${rows} as id, name, amount, part from (${ROWS(0, rows)}) where part = 7`
      await duck(`copy (${fresh}) to '${target}/part.parquet' (format parquet)`)
    })
    return {
      data: `${rows} rows in 20 partitions; one is replaced.`,
      contestants: await deltaContestants('overwrite', join(folder, 'part.parquet'), join(folder, 'table')),
      targets: [{ against: 'deltalake', measure: 'wall', atLeast: 1 }],
    }
  },
} satisfies Bench
