import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join as joinPath } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { id, join, sql } from '../../../src/base/sql/index.ts'
import { openProject } from '../../../src/doors/app/open-project.ts'
import { administer, freshDatabase, hasPostgres, POSTGRES_HINT } from '../../services/postgres.ts'
import { edit, json, millrace, shop } from './command-line.ts'

const DAY = ['--ds', '2024-02-29']
/** Holds the moment at which a row was written. */
const OF_THE_RUN = ['dbt_inserted_at', '_loaded_at', '_rejected_at']

type Side = { readonly cwd: string; readonly target: readonly string[]; readonly env: Readonly<Record<string, string>> }

/** Every table and view that users see, with its columns and rows, as text that is the same whatever the engine writes. */
async function everything(side: Side): Promise<Record<string, { columns: string[]; rows: string[] }>> {
  vi.stubEnv('SHOP_WAREHOUSE_URL', side.env['SHOP_WAREHOUSE_URL'])
  await using project = await openProject({
    projectDir: side.cwd,
    ...(side.target[1] === undefined ? {} : { target: side.target[1] }),
  })
  vi.unstubAllEnvs()
  await using connection = await project.engine.connect()
  const columns = await connection.rows<{ table: string; name: string; type: string }>(sql`
    select table_schema || '.' || table_name as "table", column_name as "name", data_type as "type"
    from information_schema.columns
    where table_schema in ('main', 'raw', 'warehouse') and table_name not like 'millrace%'
    order by table_schema, table_name, ordinal_position`)
  const found: Record<string, { columns: string[]; rows: string[] }> = {}
  for (const [table, all] of Map.groupBy(columns, (column) => column.table)) {
    const items = all
      .filter(({ name }) => !OF_THE_RUN.includes(name))
      .map(({ name, type }) => {
        const plain = type.startsWith('STRUCT') ? sql`to_json(${id(name)})` : id(name)
        return sql`cast(${plain} as varchar) as ${id(name)}`
      })
    const rows = await connection.rows(sql`select ${join(items)} from ${id(...table.split('.'))}`)
    found[table] = {
      columns: all.map(({ name }) => name),
      rows: rows.map((row) => JSON.stringify(Object.values(row).map((value) => normal(value as string | null)))).sort(),
    }
  }
  return found
}

/** Numbers without their spelling, JSON without its spaces. */
function normal(text: string | null): unknown {
  if (text === null) return null
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  return text.startsWith('{') ? JSON.parse(text) : text
}

describe.skipIf(!hasPostgres)(`the shop on PostgreSQL (${POSTGRES_HINT})`, () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>
  let embedded: Awaited<ReturnType<typeof shop>>
  let served: Awaited<ReturnType<typeof shop>>
  let dev: Side
  let postgres: Side

  beforeAll(async () => {
    database = await freshDatabase()
    embedded = await shop()
    served = await shop()
    dev = { cwd: embedded.path, target: [], env: {} }
    postgres = { cwd: served.path, target: ['--target', 'postgres'], env: { SHOP_WAREHOUSE_URL: database.url } }
  })
  afterAll(async () => {
    await Promise.all([embedded, served, database].map((each) => each?.[Symbol.asyncDispose]()))
  })

  async function run(side: Side): Promise<unknown> {
    const done = await millrace(['run', 'etl_pipeline', ...DAY, '--json', ...side.target], side)
    expect(done.err).toBe('')
    const { status, tasks } = json<{ status: string; tasks: { task: string; status: string; output: object }[] }>(done)
    expect(status).toBe('success')
    // Only PostgreSQL says how many rows a table got that a model made.
    const told = { bytes: 0, detail: 0, dataset: 0, datasets: 0 }
    return tasks.map(({ task, output }) => ({
      task,
      ...output,
      ...told,
      ...(task === 'dbt_transformations' ? { rows: 0 } : {}),
    }))
  }

  test('the pipeline leaves the same tables and views as on DuckDB, on the first run and on an incremental one', async () => {
    expect(await run(postgres)).toEqual(await run(dev))
    const first = await everything(postgres)
    expect(first).toEqual(await everything(dev))
    expect(Object.keys(first)).toEqual([
      'main.dim_customers',
      'main.fct_daily_revenue',
      'main.stg_customers',
      'main.stg_orders',
      'main.stg_products',
      'raw.customers',
      'raw.orders',
      'raw.orders_rejects',
      'raw.products',
      'warehouse.daily_totals',
    ])

    for (const { cwd } of [dev, postgres]) {
      const header = (await readFile(joinPath(cwd, 'data/orders/orders-2024-01-01.csv'), 'utf8')).split('\n')[0]
      const changed = [
        '200001,1,1,2,2024-02-29,completed,31.25,EUR,2024-03-02 08:00:00,2024-03-02 08:00:00',
        '200002,2,3,1,2024-02-29,shipped,12.00,USD,2024-03-02 09:00:00,2024-03-02 09:30:00',
      ]
      await writeFile(joinPath(cwd, 'data/orders/orders-2024-03-02.csv'), `${[header, ...changed].join('\n')}\n`)
    }
    expect(await run(postgres)).toEqual(await run(dev))
    const second = await everything(postgres)
    expect(second).toEqual(await everything(dev))
    expect(second['raw.orders']?.rows.length).toBe((first['raw.orders']?.rows.length ?? 0) + 2)
    const [{ writers } = {}] = await administer(
      'select count(distinct xmin::text)::int as writers from raw.orders',
      database.url,
    )
    expect(writers).toBe(2)
  })

  test('single commands work on the target: validate, table show, dbt, query', async () => {
    const { cwd, target, env } = postgres
    const at = { cwd, env }
    const [met, unmet, where, version, dbt, refused] = await Promise.all([
      millrace(['validate', 'raw.orders', '--suite', 'orders', ...target], at),
      millrace(['validate', 'raw.orders', '--suite', 'orders_strict', '--json', ...target], at),
      millrace(
        ['validate', 'select * from raw.customers', '--suite', 'customers', '--where', 'customer_id < 50', ...target],
        at,
      ),
      millrace(['table', 'show', 'raw.orders', '--version', '1', '--count', '--json', ...target], at),
      millrace(['dbt', 'build', '--select', 'marts', '--json', ...target], at),
      millrace(['query', 'select nothing from raw.orders', ...target], at),
    ])
    expect(met.code).toBe(0)
    expect(json(unmet)).toMatchObject({ success: false })
    expect(where.code).toBe(0)
    expect(json(version)).toEqual({ count: 5443 })
    expect(json<{ results: { status: string }[] }>(dbt).results.map(({ status }) => status)).not.toContain('error')
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('ENGINE_SQL') })
    expect(refused.err).toContain('nothing')
  })

  test('a wrong password is told without being shown; a variable that is not set is named', async () => {
    const { cwd, target } = postgres
    const url = new URL(database.url)
    url.password = 'hunter2-secret'
    const wrong = await millrace(['query', 'select 1', ...target], { cwd, env: { SHOP_WAREHOUSE_URL: url.href } })
    expect(wrong.err).toContain('CONNECTION_DENIED')
    expect(wrong.err).toContain('warehouse')
    const doctor = await millrace(['doctor', '--json'], { cwd, env: { SHOP_WAREHOUSE_URL: url.href } })
    expect(wrong.out + wrong.err + doctor.out + doctor.err).not.toContain('hunter2')
    expect(doctor.code).toBe(1)
    const unset = await millrace(['query', 'select 1', ...target], { cwd })
    expect(unset).toMatchObject({ code: 2, err: expect.stringContaining('SHOP_WAREHOUSE_URL is not set') })
    expect((await millrace(['doctor'], { cwd })).out).toMatch(/not there +connection warehouse/)
  })

  test('the metadata database in PostgreSQL lets one of two runs of an interval go on', async () => {
    await using folder = await shop()
    const cwd = folder.path
    await edit(joinPath(cwd, 'millrace.yml'), 'storage:', 'state: { connection: warehouse, schema: meta }\n\nstorage:')
    const env = { SHOP_WAREHOUSE_URL: database.url }
    const both = await Promise.all(
      [1, 2].map(() => millrace(['task', 'run', 'etl_pipeline', 'extract_data', ...DAY, '--json'], { cwd, env })),
    )
    expect(both.map(({ code }) => code)).toContain(0)
    const tables = await administer(
      "select table_name from information_schema.tables where table_schema = 'meta'",
      database.url,
    )
    expect(tables.map(({ table_name }) => table_name)).toEqual(
      expect.arrayContaining(['pipeline_runs', 'millrace_leases', 'millrace_migrations']),
    )
    const count = await millrace(['table', 'show', 'raw.orders', '--count', '--json'], { cwd, env })
    expect(json(count)).toEqual({ count: 5443 })
  })

  test('the shop’s own database is loaded by cursor: a second run takes what changed, once', async () => {
    await using folder = await shop()
    await using source = await freshDatabase()
    const at = { cwd: folder.path, env: { SHOP_DB_URL: source.url } }
    const load = joinPath(import.meta.dirname, '../../../examples/shop/data/load-postgres.ts')
    execFileSync(process.execPath, [load], { env: { ...process.env, ...at.env } })
    const run = async () => {
      const done = json<{ status: string; tasks: { output: { datasets: object } }[] }>(
        await millrace(['run', 'shop_db', ...DAY, '--json'], at),
      )
      expect(done.status).toBe('success')
      return done.tasks[0]?.output.datasets
    }
    expect(await run()).toMatchObject({ orders: { rows: 5443 }, customers: { rows: 400 } })
    await administer(
      `insert into shop.orders select 999999, customer_id, product_id, 1, order_date, status, 1.5, currency, created_at,
         timestamp '2024-03-02' from shop.orders limit 1`,
      source.url,
    )
    expect(await run()).toMatchObject({ orders: { rows: 1 } })
    const count = await millrace(['table', 'show', 'shop_db.orders', '--count', '--json'], at)
    expect(json(count)).toEqual({ count: 5444 })
  })
})
