import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench, Contestant } from '../harness/bench.ts'
import { cached, peerPython, ROOT } from '../harness/cache.ts'
import { duck } from '../harness/fingerprint.ts'

const EXPECTATIONS = [
  ['expect_column_values_to_not_be_null', { column: 'id' }],
  ['expect_column_values_to_be_unique', { column: 'id' }],
  ['expect_column_values_to_not_be_null', { column: 'status', mostly: 0.5 }],
  ['expect_column_values_to_be_in_set', { column: 'status', value_set: ['paid', 'shipped', 'returned'] }],
  ['expect_column_values_to_be_between', { column: 'amount', min_value: 0, max_value: 9000 }],
  ['expect_column_values_to_match_regex', { column: 'code', regex: '^[A-F0-9]{6}' }],
  ['expect_column_value_lengths_to_equal', { column: 'code', value: 8 }],
  ['expect_column_mean_to_be_between', { column: 'amount', min_value: 4000, max_value: 6000 }],
  ['expect_column_max_to_be_between', { column: 'amount', max_value: 20000 }],
  ['expect_column_min_to_be_between', { column: 'amount', min_value: -1 }],
  ['expect_column_unique_value_count_to_be_between', { column: 'user_id', min_value: 1, max_value: 2000000 }],
  ['expect_table_row_count_to_be_between', { min_value: 1 }],
] as const

/** What both sides found: success and unexpected values of each expectation, in the suite's order. */
const verdicts = async (file: string) => JSON.stringify(JSON.parse(await readFile(file, 'utf8')))

export default {
  name: 'gx-10m',
  summary: 'a suite of twelve expectations over ten million rows of Parquet, against Great Expectations on pandas',
  async prepare(scale) {
    const rows = Math.round(10_000_000 * scale)
    const folder = await cached(`gx-${rows}`, async (target) => {
      await duck(`copy (select i as id, hash(i) % 1000000 as user_id, case i % 4 when 0 then 'paid' when 1 then 'shipped'
        when 2 then 'returned' else null end as status, ((hash(i, 1) % 1000000) / 100)::double as amount,
        upper(substr(md5(i::varchar), 1, 8)) as code from range(${rows}) as r(i)) to '${target}/rows.parquet' (format parquet)`)
      const expectations = EXPECTATIONS.map(([type, kwargs]) => ({ type, kwargs, meta: {} }))
      await writeFile(join(target, 'rows.json'), JSON.stringify({ name: 'rows', expectations, meta: {} }))
    })
    const [data, suite] = [join(folder, 'rows.parquet'), join(folder, 'rows.json')]
    const python = await peerPython('great-expectations')
    const contestants: Contestant[] = [
      {
        name: 'Millrace',
        role: 'ours',
        version: 'validate, from source, the file read where it lies',
        work: (out) => ({
          command: process.execPath,
          args: [
            '--conditions=millrace-source',
            join(ROOT, 'bench/contestants/gx-10m.ts'),
            data,
            suite,
            `${out}/verdicts.json`,
          ],
        }),
        result: (out) => verdicts(`${out}/verdicts.json`),
      },
      {
        name: 'Great Expectations',
        role: 'peer',
        version: '1.24.0 on pandas',
        work: (out) => ({
          command: python,
          args: [join(ROOT, 'bench/contestants/gx-10m.py'), data, suite, `${out}/verdicts.json`],
        }),
        result: (out) => verdicts(`${out}/verdicts.json`),
      },
    ]
    return {
      data: `${(rows / 1e6).toFixed(0)} M rows of 5 columns, twelve expectations; both start from nothing.`,
      contestants,
      targets: [],
    }
  },
} satisfies Bench
