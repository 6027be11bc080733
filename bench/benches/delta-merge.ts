import { join } from 'node:path'
import type { Bench } from '../harness/bench.ts'
import { cached } from '../harness/cache.ts'
import { baseTable, deltaContestants, ROWS } from '../harness/delta-bench.ts'
import { duck } from '../harness/fingerprint.ts'

export default {
  name: 'delta-merge',
  summary: 'a hundred thousand rows merged into five million of a Delta table, against deltalake',
  async prepare(scale) {
    const rows = Math.round(5_000_000 * scale)
    const half = Math.round(50_000 * scale)
    const folder = await cached(`delta-merge-${rows}`, async (target) => {
      await baseTable(target, { rows, files: 20 })
      const updates = `select id * 100 as id, 'updated' as name, amount, part from (${ROWS(0, half)})`
      const inserts = `select id + ${rows} as id, name, amount, part from (${ROWS(0, half)})`
      await duck(`copy (${updates} union all ${inserts}) to '${target}/changes.parquet' (format parquet)`)
    })
    return {
      data: `${rows} rows in 20 files; ${2 * half} rows, of which half update rows of all files and half are new.`,
      contestants: await deltaContestants('merge', join(folder, 'changes.parquet'), join(folder, 'table')),
      targets: [{ against: 'deltalake', measure: 'wall', atLeast: 1 }],
    }
  },
} satisfies Bench
