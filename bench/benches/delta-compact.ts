import { join } from 'node:path'
import type { Bench } from '../harness/bench.ts'
import { cached } from '../harness/cache.ts'
import { baseTable, deltaContestants } from '../harness/delta-bench.ts'

export default {
  name: 'delta-compact',
  summary: 'a hundred files of a Delta table put together, against deltalake',
  async prepare(scale) {
    const rows = Math.round(5_000_000 * scale)
    const folder = await cached(`delta-compact-${rows}`, (target) => baseTable(target, { rows, files: 100 }))
    return {
      data: `${rows} rows in 100 files.`,
      contestants: await deltaContestants('compact', '-', join(folder, 'table')),
      targets: [{ against: 'deltalake', measure: 'wall', atLeast: 1 }],
    }
  },
} satisfies Bench
