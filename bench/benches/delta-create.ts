import { join } from 'node:path'
import type { Bench } from '../harness/bench.ts'
import { cached } from '../harness/cache.ts'
import { deltaContestants, parquetCopy, ROWS } from '../harness/delta-bench.ts'
import { duck } from '../harness/fingerprint.ts'

export default {
  name: 'delta-create',
  summary: 'a Delta table of five million rows, against deltalake and DuckDB’s plain COPY',
  async prepare(scale) {
    const rows = Math.round(5_000_000 * scale)
    const folder = await cached(`delta-create-${rows}`, async (target) => {
      await duck(`copy (${ROWS(0, rows)}) to '${target}/rows.parquet' (format parquet)`)
    })
    const input = join(folder, 'rows.parquet')
    return {
      data: `${rows} rows of 4 columns, read from Parquet.`,
      contestants: [...(await deltaContestants('create', input)), parquetCopy(input)],
      targets: [
        { against: 'deltalake', measure: 'wall', atLeast: 1 },
        { against: 'DuckDB COPY', measure: 'wall', atLeast: 1 / 1.4 },
      ],
    }
  },
} satisfies Bench
