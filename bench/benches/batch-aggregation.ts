import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench, Contestant, Summary } from '../harness/bench.ts'
import { cached, peerPython, ROOT } from '../harness/cache.ts'
import { duck, fingerprint } from '../harness/fingerprint.ts'

/** Rows that make about 2 GB of Parquet. */
const ROWS = 40_000_000
const FILES = 8

/** Purchases of one day: half a million users, each of whom buys of five products. */
async function generate(folder: string, rows: number): Promise<void> {
  for (let file = 0; file < FILES; file++) {
    const [from, to] = [Math.floor((rows * file) / FILES), Math.floor((rows * (file + 1)) / FILES)]
    await duck(`
      copy (
        select date '2024-03-01' as date, user_id, (user_id * 7919 + hash(i, 2) % 5) % 20000 as product_id,
          ((hash(i, 3) % 1000000) / 100)::decimal(10, 2) as amount, 'purchase' as event_type,
          timestamp '2024-03-01' + to_microseconds(i * (86400000000 // ${rows})) as happened_at,
          md5(i::varchar) as session_id
        from (select i, (hash(i, 1) % 500000)::bigint as user_id from range(${from}, ${to}) as r(i))
      ) to '${folder}/part-${file}.parquet' (format parquet, compression snappy, row_group_size 500000)`)
  }
}

const result = (out: string) =>
  fingerprint(`read_parquet('${out}/out/*.parquet')`, [
    'user_id::bigint',
    'product_id::bigint',
    'total_spent::decimal(38, 2)',
    'transaction_count::bigint',
  ])

export default {
  name: 'batch-aggregation',
  summary:
    'a day of purchases summed by user and product over 2 GB of Parquet, against DuckDB SQL and PySpark local[2]',
  async prepare(scale) {
    const rows = Math.round(ROWS * scale)
    const folder = await cached(`purchases-${rows}`, (target) => generate(target, rows))
    const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
    const script = (name: string) => join(ROOT, 'bench/contestants', name)
    const python = await peerPython('pyspark')
    const contestants: Contestant[] = [
      {
        name: 'Millrace',
        role: 'ours',
        version: 'frame, built package',
        work: (out) => ({ command: process.execPath, args: [script('batch-aggregation.ts'), folder, `${out}/out`] }),
        result,
      },
      {
        name: 'DuckDB SQL',
        role: 'reference',
        version: '1.5.5, one COPY',
        work: (out) => ({
          command: process.execPath,
          args: [script('batch-aggregation-duckdb.ts'), folder, `${out}/out`],
        }),
        result,
      },
      {
        name: 'PySpark',
        role: 'peer',
        version: '4.2.0, local[2], session excluded',
        work: (out) => ({ command: python, args: [script('batch-aggregation-spark.py'), folder, `${out}/out`] }),
        result,
      },
    ]
    return {
      data: `${(rows / 1e6).toFixed(0)} M rows in ${FILES} files, ${(bytes / 1e9).toFixed(2)} GB of Parquet.`,
      contestants,
      targets: [
        { against: 'DuckDB SQL', measure: 'cpu', atLeast: 1 / 1.15 },
        { against: 'PySpark', measure: 'wall', atLeast: 3 },
      ],
      remarks: (results) => rates(results, bytes),
    }
  },
} satisfies Bench

function rates(results: ReadonlyMap<string, Summary>, bytes: number): string[] {
  const ours = results.get('Millrace')?.median
  if (!ours) return []
  const perCoreMinute = (bytes / 1e9 / ours.cpu) * 60
  return [
    `${perCoreMinute.toFixed(1)} GB of Parquet in a core-minute: 1 TB in 30 minutes takes ${Math.ceil(1000 / 30 / perCoreMinute)} cores, if storage keeps up.`,
  ]
}
