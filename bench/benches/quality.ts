import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ValidationResult } from '../../src/work/quality/index.ts'
import type { Bench, Contestant } from '../harness/bench.ts'
import { cached, peerPython, ROOT } from '../harness/cache.ts'
import { duck } from '../harness/fingerprint.ts'

const COUNTRIES = ['AT', 'BR', 'DE', 'ES', 'FR', 'IT', 'JP', 'US']
const COLUMNS = 'id user_id status amount code email country quantity price created_at day note'.split(' ')

/** The twelve of the field's usual suites; one is not met. */
export const TWELVE = [
  ['expect_table_row_count_to_be_between', { min_value: 1 }],
  ['expect_column_values_to_not_be_null', { column: 'id' }],
  ['expect_column_values_to_not_be_null', { column: 'email', mostly: 0.9 }],
  ['expect_column_values_to_not_be_null', { column: 'created_at' }],
  ['expect_column_values_to_be_unique', { column: 'id' }],
  ['expect_column_values_to_be_between', { column: 'amount', min_value: 0, max_value: 9000 }],
  ['expect_column_values_to_be_between', { column: 'quantity', min_value: 1, max_value: 50 }],
  ['expect_column_values_to_be_in_set', { column: 'country', value_set: COUNTRIES }],
  ['expect_column_values_to_match_regex', { column: 'code', regex: '^[A-F0-9]{8}$' }],
  ['expect_column_mean_to_be_between', { column: 'price', min_value: 40, max_value: 60 }],
  ['expect_column_unique_value_count_to_be_between', { column: 'user_id', min_value: 1, max_value: 2_000_000 }],
  ['expect_table_columns_to_match_set', { column_set: COLUMNS }],
] as const

/** Ten million rows of twelve columns, and suites; made once. */
export async function qualityData(rows: number): Promise<string> {
  const folder = await cached(`quality-${rows}`, async (target) => {
    await duck(`copy (select i as id, hash(i) % 1000000 as user_id,
        case i % 4 when 0 then 'paid' when 1 then 'shipped' when 2 then 'returned' else null end as status,
        ((hash(i, 1) % 1000000) / 100)::double as amount, upper(substr(md5(i::varchar), 1, 8)) as code,
        case when i % 20 = 7 then null else 'user' || (hash(i) % 1000000) || '@shop.example' end as email,
        (['${COUNTRIES.join("', '")}'])[1 + (hash(i, 2) % 8)::int] as country, (1 + hash(i, 3) % 50)::int as quantity,
        ((hash(i, 4) % 10000) / 100)::double as price,
        timestamp '2024-01-01' + to_seconds((hash(i, 5) % 31536000)::bigint) as created_at,
        date '2024-01-01' + (hash(i, 6) % 365)::int as day, 'note ' || (i % 1000) as note
      from range(${rows}) as r(i)) to '${target}/rows.parquet' (format parquet)`)
  })
  await writeSuite(join(folder, 'twelve.json'), TWELVE)
  return folder
}

/** Writes a suite of Great Expectations. */
export async function writeSuite(file: string, stated: readonly (readonly [string, object])[]): Promise<void> {
  const expectations = stated.map(([type, kwargs]) => ({ type, kwargs, meta: {} }))
  await writeFile(file, JSON.stringify({ name: 'rows', expectations, meta: {} }))
}

/** `millrace validate` as a contestant; what a suite is not met by is its result, not a failure. */
export function validated(folder: string, suite: string): Pick<Contestant, 'version' | 'work' | 'result'> {
  return {
    version: 'millrace validate',
    work: (out) => ({
      command: process.execPath,
      args: [
        join(ROOT, 'bin/millrace.js'),
        'validate',
        join(folder, 'rows.parquet'),
        '--suite',
        join(folder, suite),
        '--json',
      ],
      cwd: out,
      stdout: join(out, 'validation.json'),
      exitCodes: [0, 1],
    }),
    result: async (out) => {
      const { results } = JSON.parse(await readFile(join(out, 'validation.json'), 'utf8')) as ValidationResult
      return JSON.stringify(results.map(({ success, result }) => [success, result.unexpected_count ?? null]))
    },
  }
}

/** What another side found: success and unexpected values of each expectation, in the suite's order. */
const verdicts = async (out: string) => JSON.stringify(JSON.parse(await readFile(join(out, 'verdicts.json'), 'utf8')))

export default {
  name: 'quality',
  summary: 'twelve expectations over ten million rows of Parquet, against Great Expectations on pandas and SQL by hand',
  async prepare(scale) {
    const rows = Math.round(10_000_000 * scale)
    const folder = await qualityData(rows)
    const python = await peerPython('great-expectations')
    const script = (name: string) => join(ROOT, 'bench/contestants', name)
    const side = (
      name: string,
      role: Contestant['role'],
      version: string,
      command: string,
      args: readonly string[],
    ): Contestant => ({
      name,
      role,
      version,
      work: (out) => ({
        command,
        args: [...args, join(folder, 'rows.parquet'), join(folder, 'twelve.json'), join(out, 'verdicts.json')],
      }),
      result: verdicts,
    })
    return {
      data: `${rows.toLocaleString('en-US')} rows of 12 columns; each side starts from nothing and reads the file where it lies.`,
      contestants: [
        { name: 'Millrace', role: 'ours', ...validated(folder, 'twelve.json') },
        side('Great Expectations', 'peer', '1.24.0 on pandas', python, [script('quality-gx.py')]),
        side('SQL by hand', 'reference', 'DuckDB 1.5.5, three statements', process.execPath, [
          script('quality-sql.ts'),
        ]),
      ],
      targets: [
        { against: 'Great Expectations', measure: 'wall', atLeast: 7 },
        { against: 'SQL by hand', measure: 'cpu', atLeast: 1 / 1.2 },
      ],
      remarks: (results) => {
        const [ours, theirs] = ['Millrace', 'Great Expectations'].map((name) => results.get(name)?.median.memory)
        return ours && theirs
          ? [`Memory: ${((100 * ours) / theirs).toFixed(0)} % of Great Expectations' (to reach: 33 %).`]
          : []
      },
    }
  },
} satisfies Bench
