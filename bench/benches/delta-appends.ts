import { join } from 'node:path'
import type { Bench } from '../harness/bench.ts'
import { cached, peerPython, ROOT } from '../harness/cache.ts'
import { duck, fingerprint } from '../harness/fingerprint.ts'

const result = (out: string) =>
  fingerprint(`read_parquet('${out}/table/*.parquet')`, [
    'id::bigint',
    'name::varchar',
    'amount::double',
    '"at"::timestamp',
  ])

export default {
  name: 'delta-appends',
  summary: 'a hundred appends of ten thousand rows to a Delta table, against deltalake',
  async prepare() {
    const folder = await cached('delta-appends', async (target) => {
      await duck(`copy (select i as id, 'name ' || i as name, i / 7.0 as amount, timestamp '2024-01-01' + to_seconds(i) as at,
        i // 10000 as batch from range(1000000) as r(i)) to '${target}/rows.parquet' (format parquet)`)
    })
    const input = join(folder, 'rows.parquet')
    const python = await peerPython('deltalake')
    const script = (name: string) => join(ROOT, 'bench/contestants', name)
    return {
      data: '1,000,000 rows of 4 columns in 100 commits.',
      contestants: [
        {
          name: 'Millrace',
          role: 'ours',
          version: 'millrace/delta on DuckDB 1.5.5',
          work: (out) => ({
            command: process.execPath,
            args: [script('delta-appends.mjs'), input, `${out}/table`],
          }),
          result,
        },
        {
          name: 'deltalake',
          role: 'peer',
          version: '1.6.6',
          work: (out) => ({ command: python, args: [script('delta-appends.py'), input, `${out}/table`] }),
          result,
        },
      ],
      targets: [],
    }
  },
} satisfies Bench
