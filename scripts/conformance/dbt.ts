import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { parseYaml } from '../../src/base/project/index.ts'
import { id, sql } from '../../src/base/sql/index.ts'
import { type EngineConnection, openDuckDb } from '../../src/data/engine/index.ts'
import { type DbtRun, runDbt } from '../../src/work/model/index.ts'
import type { ConformanceSubject } from '../conformance.ts'

interface GoldenStatus {
  readonly unique_id: string
  readonly status: string
  readonly failures: number | null
}

interface GoldenTable {
  readonly schema: string
  readonly table: string
  readonly rows: number
  readonly columns: readonly (readonly [string, string])[]
  readonly sha256: string
}

/** Relations that hold the time of the run, so that no two runs agree: by the project's name. */
const TIMED: Readonly<Record<string, readonly string[]>> = {
  // Built from the present day.
  dbt_date_integration_tests: ['dim_hour', 'dim_week', 'test_dates', 'dates', 'dim_date', 'dim_date_fiscal'],
  // A column with the moment of loading.
  dbt_utils_integration_tests: ['recency_time_excluded', 'recency_time_included', 'test_recency'],
}

/** A dbt project at hand, built here, against what dbt itself made of it. */
export default {
  summary:
    'a dbt project (packages installed) against what dbt made of it: DIR GOLDEN, --seed-vars YAML (a seed of its own before), --vars YAML, --exclude, --schema',
  async run(words) {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        vars: { type: 'string', default: '{}' },
        'seed-vars': { type: 'string' },
        exclude: { type: 'string', multiple: true, default: [] },
        schema: { type: 'string', default: 'main' },
      },
    })
    const [dir, golden] = positionals
    if (dir === undefined || golden === undefined) {
      console.error('usage: npm run conformance -- dbt DIR GOLDEN [--vars YAML] [--seed-vars YAML]')
      return 1
    }
    const folder = mkdtempSync(join(tmpdir(), 'millrace-conformance-'))
    try {
      return await compared({ dir: resolve(dir), folder }, resolve(golden), values)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
} satisfies ConformanceSubject

interface Options {
  readonly vars: string
  readonly 'seed-vars'?: string | undefined
  readonly exclude: readonly string[]
  readonly schema: string
}

/** Nothing is written into the project. The database has the name that those of the records had, for some rows hold it. */
async function compared(
  { dir, folder }: { dir: string; folder: string },
  golden: string,
  options: Options,
): Promise<number> {
  await using engine = await openDuckDb({ path: join(folder, 'db.duckdb') })
  const mapping = (text: string) => (parseYaml(text, '--vars').data ?? {}) as Record<string, unknown>
  const work = (command: 'build' | 'seed', vars: string) =>
    runDbt(
      command,
      { vars: mapping(vars), threads: 2, ...(options.exclude.length > 0 ? { exclude: options.exclude } : {}) },
      {
        dir,
        connect: () => engine.connect(),
        database: engine.database,
        schema: options.schema,
        target: { name: 'duckdb' },
        environment: process.env,
        artifacts: false,
      },
    )
  if (options['seed-vars'] !== undefined) await work('seed', options['seed-vars'])
  const run = await work('build', options.vars)
  const { data } = parseYaml(readFileSync(join(dir, 'dbt_project.yml'), 'utf8'), 'dbt_project.yml')
  const timed = TIMED[(data as { name: string }).name] ?? []
  await using connection = await engine.connect()
  const differing = [...statusDifferences(run, golden), ...(await tableDifferences(connection, golden, timed))]
  for (const line of differing) console.log(line)
  const { statuses, tables } = goldenOf(golden)
  console.log(`${statuses.length} statuses and ${tables.length} tables compared, ${differing.length} differ`)
  return differing.length
}

function goldenOf(golden: string): { statuses: GoldenStatus[]; tables: GoldenTable[] } {
  const json = <T>(name: string): T[] => {
    const file = join(golden, name)
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T[]) : []
  }
  return { statuses: json<GoldenStatus>('statuses.json'), tables: json<GoldenTable>('_tables.json') }
}

/** Where dbt itself failed, to succeed is better. */
function statusDifferences({ results }: DbtRun, golden: string): string[] {
  const found = new Map(results.map((result) => [result.unique_id, result]))
  return goldenOf(golden).statuses.flatMap(({ unique_id: node, status, failures }) => {
    const own = found.get(node)
    if (!own) return [`status  ${node}: dbt ${status}, here it is not in the run`]
    const better = (status === 'error' || status === 'skipped') && ['success', 'pass'].includes(own.status)
    if (own.status === status || better) {
      const counted = failures !== null && own.failures !== null && !better
      return counted && failures !== own.failures ? [`failures ${node}: dbt ${failures}, here ${own.failures}`] : []
    }
    return [`status  ${node}: dbt ${status}, here ${own.status}: ${own.message?.split('\n')[0] ?? ''}`]
  })
}

async function tableDifferences(
  connection: EngineConnection,
  golden: string,
  timed: readonly string[],
): Promise<string[]> {
  const differing: string[] = []
  for (const table of goldenOf(golden).tables) {
    const name = `${table.schema}.${table.table}`
    const columns = await columnsOf(connection, table)
    if (columns.length === 0) {
      differing.push(`table   ${name}: it is not there`)
      continue
    }
    const wanted = table.columns.map((column) => column.join(' ')).join(', ')
    if (columns.map((column) => column.join(' ')).join(', ') !== wanted) {
      differing.push(`columns ${name}: dbt ${wanted}; here ${columns.map((column) => column.join(' ')).join(', ')}`)
      continue
    }
    if (timed.includes(table.table)) continue
    const { hash, rows } = await contentOf(connection, table)
    if (hash !== table.sha256) differing.push(`content ${name}: dbt ${table.rows} rows, here ${rows}`)
  }
  return differing
}

async function columnsOf(connection: EngineConnection, { schema, table }: GoldenTable): Promise<[string, string][]> {
  const rows = await connection.rows<{ column_name: string; data_type: string }>(sql`
    select column_name, data_type from information_schema.columns
    where table_schema = ${schema} and table_name = ${table} order by ordinal_position`)
  return rows.map(({ column_name, data_type }) => [column_name, data_type])
}

/** Every value as text, null as \N, joined by U+001F; rows sorted with nulls last, joined by newline. */
async function contentOf(connection: EngineConnection, { schema, table }: GoldenTable) {
  const rows = await connection.rows<Record<string, string | null>>(
    sql`select columns(*)::varchar from ${id(schema, table)} order by all nulls last`,
  )
  const text = rows
    .map((row) =>
      Object.values(row)
        .map((value) => value ?? '\\N')
        .join('\x1f'),
    )
    .join('\n')
  return { hash: createHash('sha256').update(text).digest('hex'), rows: rows.length }
}
