import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { literal, sql, trusted } from '../../../../src/base/sql/index.ts'
import { openDuckDb } from '../../../../src/data/engine/index.ts'
import { describeEngine } from '../conformance.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-engine-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describeEngine('DuckDB in memory', () => openDuckDb())
describeEngine('DuckDB in a file', () => openDuckDb({ path: join(folder, 'new', 'shop.duckdb') }))

test('a file keeps its data and names the database', async () => {
  const path = join(folder, 'kept.duckdb')
  {
    await using engine = await openDuckDb({ path })
    await using connection = await engine.connect()
    await connection.execute(sql`create table t as select 42 as a`)
    expect(engine.database).toBe('kept')
  }
  await using engine = await openDuckDb({ path, readOnly: true })
  await using connection = await engine.connect()
  expect(await connection.rows(sql`select * from t`)).toEqual([{ a: 42 }])
  await expect(connection.execute(sql`drop table t`)).rejects.toMatchObject({ code: 'ENGINE_SQL' })
})

test('too little memory spills to the temporary folder; without one it is a coded error', async () => {
  const big = sql`create temp table sorted as select sha256(range::varchar) as k from range(600000) order by k`
  const limits = { memoryLimit: '25MB', threads: 1 }
  {
    await using engine = await openDuckDb({ ...limits, tempDirectory: join(folder, 'spill') })
    await using connection = await engine.connect()
    await connection.execute(big)
    const [spilled] = await connection.rows<{ bytes: bigint }>(
      sql`select sum(size)::bigint as bytes from duckdb_temporary_files()`,
    )
    expect(spilled?.bytes).toBeGreaterThan(1_000_000n)
  }
  await using engine = await openDuckDb({ ...limits, tempDirectory: '' })
  await using connection = await engine.connect()
  await expect(connection.execute(big)).rejects.toMatchObject({ code: 'ENGINE_OUT_OF_MEMORY' })
})

test('a full disk is STORE_FULL', async () => {
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  for (const format of ['csv', 'parquet']) {
    const copy = sql`copy (select * from range(100000)) to '/dev/full' (format ${trusted(format)})`
    await expect(connection.execute(copy)).rejects.toMatchObject({ code: 'STORE_FULL', retry: 'again' })
  }
})

test('a full temporary folder is STORE_FULL', async () => {
  await using engine = await openDuckDb({
    memoryLimit: '30MB',
    threads: 1,
    tempDirectory: join(folder, 'small'),
    settings: { max_temp_directory_size: '5MB' },
  })
  await using connection = await engine.connect()
  const big = sql`create temp table sorted as select sha256(range::varchar) as k from range(2000000) order by k`
  await expect(connection.execute(big)).rejects.toMatchObject({ code: 'STORE_FULL' })
})

test('a missing extension, an unknown setting and nanoseconds are refused by name', async () => {
  await expect(openDuckDb({ extensions: ['spatial'], extensionDirectory: folder })).rejects.toMatchObject({
    code: 'EXTENSION_MISSING',
    hint: expect.stringContaining(folder),
    data: { extension: 'spatial' },
  })
  await expect(openDuckDb({ settings: { nonsense: 1 } })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  await expect(openDuckDb({ memoryLimit: 'much' })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  await expect(connection.rows(sql`select timestamp_ns '2024-01-01 00:00:00.000000001'`)).rejects.toMatchObject({
    code: 'ENGINE_UNSUPPORTED',
  })
  await expect(connection.rows(sql`select union_value(x := 1) as u`)).rejects.toMatchObject({
    code: 'TYPE_UNSUPPORTED',
    data: { column: 'u' },
  })
  expect(await connection.rows(sql`select 1 as one`)).toEqual([{ one: 1 }])
})

test('nothing is installed or loaded by itself', async () => {
  await using engine = await openDuckDb({ extensionDirectory: folder })
  await using connection = await engine.connect()
  await expect(connection.rows(trusted("select * from 's3://bucket/x.parquet'"))).rejects.toMatchObject({
    code: 'EXTENSION_MISSING',
  })
  await expect(connection.rows(sql`select st_point(1, 2)`)).rejects.toMatchObject({ code: 'EXTENSION_MISSING' })
})

test('a database that another process has open is DATABASE_LOCKED, with its pid', async () => {
  const { spawn } = await import('node:child_process')
  const path = join(folder, 'locked.duckdb')
  const script = `import { openDuckDb } from '${new URL('../../../../src/data/engine/index.ts', import.meta.url)}'; await openDuckDb({ path: ${JSON.stringify(path)} }); console.log('open'); setInterval(() => {}, 1000)`
  const child = spawn(
    process.execPath,
    ['--conditions=millrace-source', '--input-type=module-typescript', '-e', script],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  try {
    await new Promise((resolve) => child.stdout.once('data', resolve))
    await expect(openDuckDb({ path })).rejects.toMatchObject({ code: 'DATABASE_LOCKED', data: { pid: child.pid } })
  } finally {
    child.kill('SIGKILL')
  }
})

test('lists that share or skip their elements are decoded in order', async () => {
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  await connection.execute(
    sql`create table l as select n, case when n % 3 = 0 then null else [n, n + 1] end as v, {s: case when n % 2 = 0 then 'a text of some length ' || n end} as s from range(5000) r(n)`,
  )
  const rows = await connection.rows<{ n: bigint; v: unknown; w: unknown; s: unknown }>(
    sql`select n, v, [x for x in v if x % 2 = 0] as w, case when n % 5 = 0 then null else s end as s from l where n % 7 < 4 order by n desc`,
  )
  expect(rows.length).toBeGreaterThan(2000)
  for (const { n, v, w, s } of rows) {
    expect(v).toEqual(n % 3n === 0n ? null : [n, n + 1n])
    expect(w).toEqual(n % 3n === 0n ? null : [n + (n % 2n)])
    expect(s).toEqual(n % 5n === 0n ? null : { s: n % 2n === 0n ? `a text of some length ${n}` : null })
  }
})

test('what stands under a null is zero, not the memory of another query', async () => {
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  for await (const chunk of await connection.query(
    sql`select case when range % 2 = 0 then range + 7 end as a, case when range % 3 = 0 then 1.5::double end as b from range(2000)`,
  )) {
    for (const column of chunk.columns) {
      if (column.layout !== 'fixed') throw new Error('not fixed')
      column.values.forEach((value, row) => {
        if (((column.validity?.[row >> 3] ?? 255) & (1 << (row & 7))) === 0) expect(Number(value)).toBe(0)
      })
    }
  }
})

test('long and short texts are read whole, however DuckDB has laid them in memory', async () => {
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  const text = (n: bigint) => (n % 5n === 0n ? null : n % 3n === 0n ? `${n}` : `the text of row ${n} é`)
  await connection.execute(
    sql`create table t as select n, case when n % 5 = 0 then null when n % 3 = 0 then n::varchar else 'the text of row ' || n || ' é' end as s from range(20000) r(n)`,
  )
  const file = join(folder, 'texts.parquet')
  await connection.execute(sql`copy t to ${literal(file)} (format parquet)`)
  for (const source of [sql`t`, sql`t order by hash(n)`, sql`t order by n desc`, sql`read_parquet(${literal(file)})`]) {
    const rows = await connection.rows<{ n: bigint; s: string | null }>(sql`select n, s from ${source}`)
    expect(rows.filter(({ n, s }) => s !== text(n))).toEqual([])
    expect(rows).toHaveLength(20_000)
  }
})
