import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { Bench, Contestant } from '../harness/bench.ts'
import { duckdbExtension, peerPython, ROOT, service } from '../harness/cache.ts'
import { fingerprint } from '../harness/fingerprint.ts'

const ROWS = 5_000_000

/** Fills the table unless it has the rows already; says the process that the server's others descend from. */
async function fill(url: string, rows: number): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const have = await client.query<{ n: string }>('select count(*) as n from bench.purchases').then(
      ({ rows: [row] }) => Number(row?.n),
      () => 0,
    )
    if (have !== rows) {
      console.error(`filling a table of ${rows} rows …`)
      await client.query('create schema if not exists bench; drop table if exists bench.purchases')
      await client.query(`
        create table bench.purchases as
        select i as id, (i % 250000)::int as user_id, ((i * 7919) % 1000000 / 100.0)::numeric(10, 2) as amount,
          case i % 4 when 0 then 'paid' when 1 then 'shipped' when 2 then 'returned' else null end as status,
          md5(i::text) || case when i % 97 = 0 then ', "quoted"' || chr(10) || 'and broken' else '' end as note,
          date '2024-01-01' + (i % 366)::int as ordered_on,
          timestamp '2024-01-01' + i * interval '6.25 seconds' as updated_at, i % 3 = 0 as gift
        from generate_series(1::bigint, ${rows}::bigint) as i`)
      await client.query('vacuum (freeze, analyze) bench.purchases')
      await client.query('checkpoint')
    }
    const { rows: found } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    // The parent of a session's process is the postmaster.
    const stat = readFileSync(`/proc/${found[0]?.pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } finally {
    await client.end()
  }
}

const project = (extensions?: string) => `name: bench
targets:
  dev: { engine: duckdb${extensions === undefined ? '' : `, extension_directory: '${extensions}'`} }
connections:
  source: { kind: postgres, url: '\${BENCH_POSTGRES_URL}' }
storage:
  lake: { url: ./lake }
zones:
  raw: { format: delta, location: lake://raw }
`
const SOURCE = `name: shop
connection: source
tables:
  purchases: { table: bench.purchases }
`

const columns = [
  'id::bigint',
  'user_id::integer',
  'amount::decimal(10, 2)',
  'status::varchar',
  'note::varchar',
  'ordered_on::date',
  'updated_at::timestamp',
  'gift::boolean',
]
const resultOf = (files: string) => (out: string) => fingerprint(`read_parquet('${out}/${files}')`, columns)

export default {
  name: 'postgres-to-delta',
  summary: 'five million rows from PostgreSQL into a Delta table, against dlt and DuckDB’s postgres extension',
  async prepare(scale) {
    const rows = Math.round(ROWS * scale)
    const url = await service('postgres')
    const server = await fill(url, rows)
    const [dlt, duckdb] = [await peerPython('dlt'), await peerPython('duckdb')]
    const script = (name: string) => join(ROOT, 'bench/contestants', name)
    const extensions = await duckdbExtension('postgres_scanner')
    const ours = (from?: string): Pick<Contestant, 'work' | 'result'> => ({
      work: async (out) => {
        await mkdir(join(out, 'sources'))
        await writeFile(join(out, 'millrace.yml'), project(from))
        await writeFile(join(out, 'sources/shop.yml'), SOURCE)
        const args = [join(ROOT, 'bin/millrace.js'), 'ingest', 'shop', '--into', 'raw']
        return { command: process.execPath, args, cwd: out, env: { BENCH_POSTGRES_URL: url } }
      },
      result: resultOf('lake/raw/purchases/**/*.parquet'),
    })
    const contestants: Contestant[] = [
      { name: 'Millrace', role: 'ours', version: 'millrace ingest to Delta, by COPY', ...ours() },
      {
        name: 'Millrace, extension',
        role: 'reference',
        version: 'the same through DuckDB’s extension',
        ...ours(extensions),
      },
      {
        name: 'dlt',
        role: 'peer',
        version: '1.31.0, pyarrow backend, to Delta',
        work: (out) => ({
          command: dlt,
          args: [script('postgres-to-delta-dlt.py'), url, `${out}/lake`, `${out}/work`],
        }),
        result: resultOf('lake/lake/purchases/**/*.parquet'),
      },
      {
        name: 'DuckDB extension',
        role: 'reference',
        version: '1.5.5, to one Parquet file',
        work: (out) => ({ command: duckdb, args: [script('postgres-to-parquet-duckdb.py'), url, out] }),
        result: resultOf('purchases.parquet'),
      },
    ]
    return {
      data: `${(rows / 1e6).toFixed(1)} M rows of 8 columns in PostgreSQL 15 on the same machine.`,
      contestants,
      server,
      targets: [
        { against: 'dlt', measure: 'wall', atLeast: 5 },
        { against: 'DuckDB extension', measure: 'wall', atLeast: 1 / 1.6 },
      ],
      remarks: (results) => {
        const memory = results.get('Millrace')?.median.memory ?? 0
        return [`Memory of ours: ${Math.round(memory / 2 ** 20)} MB at ${rows} rows (to stay under 600).`]
      },
    }
  },
} satisfies Bench
