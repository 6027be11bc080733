import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { edit, json, millrace, shop } from './command-line.ts'

const INGEST = ['ingest', 'shop.orders', '--into', 'raw.orders']
const HEADER = 'order_id,customer_id,product_id,quantity,order_date,status,total_amount,currency,created_at,updated_at'
const ORDER = '200000,1,1,2,2024-03-04,completed,1.00,EUR,2024-03-04 00:00:00,2024-03-04 00:00:00'

test('data goes in, is asked for and checked', async () => {
  await using folder = await shop()
  const cwd = folder.path
  expect(json(await millrace([...INGEST, '--json'], { cwd }))).toMatchObject({
    tables: [{ dataset: 'raw.orders', rows: 5443, rejected: 10, version: 1 }],
  })
  const [count, query, narrow, missing, met, unmet, dbt] = await Promise.all([
    millrace(['table', 'show', 'raw.orders', '--version', '0', '--count', '--json'], { cwd }),
    millrace(['query', '-', '--json'], { cwd, input: "select count(*) as n, 'x' as t from raw.orders" }),
    millrace(['table', 'show', 'raw.orders', '--limit', '3'], { cwd, env: { COLUMNS: '90' } }),
    millrace(['table', 'show', 'raw.ordes'], { cwd }),
    millrace(['validate', 'raw.orders', '--suite', 'orders'], { cwd }),
    millrace(['validate', 'raw.orders', '--suite', 'orders_strict', '--json'], { cwd }),
    millrace(['dbt', 'ls', '--select', 'stg_orders'], { cwd }),
  ])
  expect(json(count)).toEqual({ count: 0 })
  expect(query).toEqual({ code: 0, out: '{"n":5443,"t":"x"}\n', err: '' })
  expect(narrow.out).toContain('The first 3 rows; --limit 0 prints all.')
  for (const line of narrow.out.split('\n')) expect(line.length).toBeLessThanOrEqual(90)
  expect(missing).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Did you mean "raw.orders"?') })
  expect(met.code).toBe(0)
  expect(json(unmet)).toMatchObject({ success: false })
  expect(unmet.code).toBe(1)
  expect(dbt).toMatchObject({ code: 0, out: expect.stringContaining('stg_orders') })
})

test('data is profiled, and the suite that is proposed is met; a file that exists is left alone', async () => {
  await using folder = await shop()
  const cwd = folder.path
  const words = ['profile', 'data/products/products.parquet', '--suite', 'suites/products.json']
  const profiled = await millrace(words, { cwd, env: { COLUMNS: '80' } })
  expect(profiled).toMatchObject({ code: 0, out: expect.stringContaining('Candidate keys: product_id') })
  for (const line of profiled.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  const met = await millrace(['validate', 'data/products/products.parquet', '--suite', 'products'], { cwd })
  expect(met.code).toBe(0)
  const again = await millrace(words, { cwd })
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining('WRITE_EXISTS') })
  const columns = json(await millrace(['profile', 'data/customers', '--json'], { cwd }))
  expect(columns).toMatchObject({ rows: 400, keys: ['customer_id'] })
})

test('a changed schema, a wrong type name and too many malformed rows name file, line or column', async () => {
  await using folder = await shop()
  const cwd = folder.path
  const sources = join(cwd, 'sources/shop.yml')
  await edit(sources, 'quantity: int', 'quantity: nummer')
  const typed = await millrace(INGEST, { cwd })
  expect(typed.code).toBe(2)
  expect(typed.err).toMatch(/TYPE_INVALID[\s\S]+sources\/shop\.yml:13:17 \(tables\.orders\.columns\.quantity\)/)
  await edit(sources, 'quantity: nummer', 'quantity: int')
  await millrace(INGEST, { cwd })

  const added = join(cwd, 'data/orders/orders-2024-03-04.csv')
  await writeFile(added, `${HEADER},coupon\n${ORDER},x1\n`)
  const changed = await millrace(INGEST, { cwd })
  expect(changed.code).toBe(1)
  expect(changed.err).toMatch(/INGEST_SCHEMA_CHANGED[\s\S]+orders-2024-03-04\.csv:1 \(coupon\)[\s\S]+on_schema_change/)

  await edit(sources, 'max: 50', 'max: 0')
  await writeFile(added, `${HEADER}\n${ORDER.replace(',2,', ',two,')}\n`)
  const malformed = await millrace([...INGEST, '--json'], { cwd })
  expect(malformed.code).toBe(1)
  expect(json(malformed)).toMatchObject({
    error: {
      code: 'INGEST_TOO_MANY_REJECTS',
      at: { file: 'data/orders/orders-2024-03-04.csv', line: 2 },
      hint: expect.stringContaining('column quantity'),
    },
  })
  await edit(sources, 'max: 0', 'max: 1')
  await millrace(INGEST, { cwd })
  const query = 'select line, "column" from raw.orders_rejects where file like \'%03-04.csv\''
  expect((await millrace(['query', query, '--json'], { cwd })).out).toBe('{"line":2,"column":"quantity"}\n')
})

test('a disk that takes no more gives STORE_FULL and names the file, no rows are visible, and the next load completes', async () => {
  await using folder = await shop()
  const cwd = folder.path
  const long = randomBytes(3_000_000).toString('base64')
  const rows = Array.from({ length: 10_000 }, (_, row) =>
    ORDER.replace('200000', String(200_000 + row)).replace('completed', long.slice(row * 400, (row + 1) * 400)),
  )
  await writeFile(join(cwd, 'data/orders/orders-2024-03-04.csv'), `${[HEADER, ...rows].join('\n')}\n`)
  // Room for the databases (1 or 2 MB, as the shell counts), not for the 3 MB of Parquet.
  const full = await millrace([...INGEST, '--json'], { cwd, before: 'ulimit -f 2048' })
  expect(json(full)).toMatchObject({
    error: {
      code: 'STORE_FULL',
      hint: expect.any(String),
      message: expect.stringMatching(/lake\/raw\/orders\/part-.+File too large/),
    },
  })
  expect(full.code).toBe(1)
  const log = join(cwd, 'lake/raw/orders/_delta_log')
  const commits = existsSync(log) ? (await readdir(log)).filter((name) => name > '00000000000000000000.json') : []
  expect(commits).toEqual([])
  expect(json(await millrace([...INGEST, '--json'], { cwd }))).toMatchObject({ tables: [{ rows: 15_443 }] })
})

test('a pipeline with something wrong is shown with its file and line; the good ones are listed', async () => {
  await using folder = await shop()
  const cwd = folder.path
  await writeFile(
    join(cwd, 'pipelines/bad.ts'),
    `import { pipeline } from 'millrace'

export default pipeline('bad', { schedule: '@daily', startDate: '2024-01-01' }, (task) => {
  task.sql('one', { sql: 'select 1' })
  task.sql('one', { sql: 'select 2' })
})
`,
  )
  const [list, bad, good] = await Promise.all([
    millrace(['show'], { cwd }),
    millrace(['show', 'bad', '--json'], { cwd }),
    millrace(['show', 'etl_pipeline', '--json'], { cwd }),
  ])
  expect(list.code).toBe(2)
  expect(list.out).toContain('etl_pipeline')
  expect(list.err).toMatch(/TASK_DUPLICATE[\s\S]+pipelines\/bad\.ts:5/)
  expect(json(bad)).toMatchObject({ error: { code: 'TASK_DUPLICATE', at: { file: 'pipelines/bad.ts', line: 5 } } })
  expect(bad.code).toBe(2)
  expect(json<{ tasks: { id: string }[] }>(good).tasks.map(({ id }) => id)).toContain('quality_check')
})
