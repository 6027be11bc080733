import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../../src/base/sql/index.ts'
import {
  col,
  createDataFrame,
  expr,
  type Frame,
  range,
  read,
  sum,
  type WriteTarget,
  withSession,
  writeFrame,
} from '../../../src/data/frame/index.ts'
import { hasPostgres, POSTGRES_HINT } from '../../services/postgres.ts'
import { type BothSessions, openBothSessions } from './both-sessions.ts'

let dir = ''
let both: BothSessions
beforeAll(async () => {
  if (!hasPostgres) return
  dir = await mkdtemp(join(tmpdir(), 'millrace-postgres-'))
  both = await openBothSessions(dir)
})
afterAll(async () => {
  await both?.[Symbol.asyncDispose]()
  if (dir !== '') await rm(dir, { recursive: true, force: true })
})

const days = (...list: readonly string[]): Frame =>
  createDataFrame(
    list.map((date, n) => ({ date, n, d: '1.50', t: n === 0 ? '' : null })),
    'date date, n int, d decimal(10,2), t string',
  )
const write = (frame: Frame, target: WriteTarget) => writeFrame(both.postgres, frame, target)
const rows = (frame: Frame) => withSession(both.postgres, () => frame.orderBy('date', 'n').collect())
const datesIn = async (frame: Frame) => (await rows(frame)).map((row) => row.date)
async function errorOf(work: Promise<unknown>): Promise<unknown> {
  try {
    return { done: await work }
  } catch (thrown) {
    return thrown
  }
}
async function all(query: ReturnType<typeof sql>) {
  await using connection = await both.engine.connect()
  return await connection.rows(query)
}

const FORMATS = {
  parquet: (path: string) => read.parquet(path),
  csv: (path: string) => read.csv(path, { header: true, schema: 'n int, d decimal(10,2), t string, date date' }),
  json: (path: string) => read.json(path, { schema: 'n int, d decimal(10,2), t string, date date' }),
  delta: (path: string) => read.delta(path),
} as const

describe.skipIf(!hasPostgres)(`files beside PostgreSQL (${POSTGRES_HINT})`, () => {
  test.each(Object.entries(FORMATS))(
    '%s is written and read through the lake, with its types',
    async (name, reader) => {
      const format = name as keyof typeof FORMATS
      const target: WriteTarget = {
      format, path: `out/${name}`, mode: 'overwrite', partitionBy: ['date'], ...(format === 'csv' ? { options: { header: true } } : {}),
    } // biome-ignore format: as it was
      expect(await write(days('2024-01-01', '2024-01-02'), target)).toMatchObject({ rows: 2 })
      const found = await rows(reader(`out/${name}`).select('date', 'n', 'd', 't'))
      expect(found).toEqual([
        { date: '2024-01-01', n: 0, d: '1.50', t: format === 'csv' ? null : '' },
        { date: '2024-01-02', n: 1, d: '1.50', t: null },
      ])
      // In a run an overwrite replaces the run's day, and may do that again.
      for (const _again of [1, 2]) {
        await write(days('2024-01-02', '2024-01-02'), { ...target, run: { ds: '2024-01-02', key: 'p/t/2' } })
        expect(await datesIn(reader(`out/${name}`))).toEqual(['2024-01-01', '2024-01-02', '2024-01-02'])
      }
    },
  )

  test('what was read joins with tables and leaves nothing behind', async () => {
    await write(range(1000), { dataset: 'public.numbers' })
    const joined = read.parquet('out/parquet').join(read.table('public.numbers').withColumnRenamed('id', 'n'), 'n')
    expect(await withSession(both.postgres, () => joined.agg(sum('n').as('s')).collect())).toEqual([{ s: 1n }])
    expect(await all(sql`select relname from pg_class where relname like 'millrace_read%'`)).toEqual([])
  })

  test('a column that PostgreSQL has no type for is named', async () => {
    await withSession(both.duckdb, () => createDataFrame([{ id: 1, s: { a: 1 } }]).write.parquet('out/struct'))
    expect(await errorOf(withSession(both.postgres, () => read.parquet('out/struct').collect()))).toMatchObject({
      code: 'TYPE_UNSUPPORTED',
      message: expect.stringContaining('"s"'),
    })
  })
})

describe.skipIf(!hasPostgres)(`tables in PostgreSQL (${POSTGRES_HINT})`, () => {
  test('are made, refused, appended to, left alone and overwritten', async () => {
    const dataset = 'marts.days'
    const table = read.table(dataset)
    expect(await write(days('2024-01-01'), { dataset })).toMatchObject({ rows: 1 })
    expect(await errorOf(write(days('2024-01-02'), { dataset }))).toMatchObject({ code: 'WRITE_EXISTS' })
    expect(await write(days('2024-01-02'), { dataset, mode: 'ignore' })).toMatchObject({ rows: 0 })
    expect(await write(days('2024-01-02'), { dataset, mode: 'append' })).toMatchObject({ rows: 1 })
    expect(await datesIn(table)).toEqual(['2024-01-01', '2024-01-02'])
    expect(await write(days('2024-01-03'), { dataset, mode: 'overwrite' })).toMatchObject({ rows: 1 })
    expect(await rows(table)).toEqual([{ date: '2024-01-03', n: 0, d: '1.50', t: '' }])
  })

  test('an overwrite may read the table it replaces, keeps views of it, and changes columns', async () => {
    const dataset = 'marts.kept'
    await write(days('2024-01-01', '2024-01-02'), { dataset })
    await using connection = await both.engine.connect()
    await connection.execute(sql`create view marts.seen as select count(*) as n from marts.kept`)
    await write(read.table(dataset).filter("date > '2024-01-01'"), { dataset, mode: 'overwrite' })
    expect(await connection.rows(sql`select n from marts.seen`)).toEqual([{ n: 1n }])
    await connection.execute(sql`drop view marts.seen`)
    await write(days('2024-01-05').select('date'), { dataset, mode: 'overwrite' })
    expect(await connection.rows(sql`select * from marts.kept`)).toEqual([{ date: '2024-01-05' }])
  })

  test('numbers without a size are computed with as decimals, and fail where they are none', async () => {
    await using connection = await both.engine.connect()
    await connection.execute(
      sql`create table marts.sums as select 'a' as k, 1.5 + 2 as total union all select 'b', null`,
    )
    const sums = read.table('marts.sums')
    expect(await withSession(both.postgres, () => sums.filter(col('total').gt(0)).collect())).toEqual([
      { k: 'a', total: '3.500000000000000000' },
    ])
    expect(await withSession(both.postgres, () => sums.agg(sum('total').as('s')).collect())).toEqual([
      { s: '3.500000000000000000' },
    ])
    for (const wrong of [sql`1e21`, sql`cast('NaN' as numeric)`, sql`1e-19`]) {
      await connection.execute(sql`insert into marts.sums values ('wrong', ${wrong})`)
      expect(await errorOf(withSession(both.postgres, () => sums.collect()))).toMatchObject({
        message: expect.stringContaining('total does not fit decimal(38,18)'),
      })
      expect(await withSession(both.postgres, () => sums.select('k').count())).toBe(3)
      await connection.execute(sql`delete from marts.sums where k = 'wrong'`)
    }
  })

  test('an overwrite that fails leaves the old rows', async () => {
    const dataset = 'marts.safe'
    await write(days('2024-01-01'), { dataset })
    const failing = days('2024-01-02').withColumn('n', expr('cast(t as integer)'))
    expect(await errorOf(write(failing, { dataset, mode: 'overwrite' }))).not.toHaveProperty('done')
    expect(await datesIn(read.table(dataset))).toEqual(['2024-01-01'])
  })

  test('a run replaces its own day, refuses other days, and appends once', async () => {
    const dataset = 'marts.daily'
    const target: WriteTarget = { dataset, mode: 'overwrite', partitionBy: ['date'] }
    await write(days('2024-01-01', '2024-01-02', '2024-01-02'), target)
    await write(days('2024-01-02'), { ...target, run: { ds: '2024-01-02' } })
    expect(await datesIn(read.table(dataset))).toEqual(['2024-01-01', '2024-01-02'])
    expect(await errorOf(write(days('2024-01-03'), { ...target, run: { ds: '2024-01-02' } }))).toMatchObject({
      code: 'WRITE_PARTITION_OUTSIDE',
    })
    const append: WriteTarget = { dataset, mode: 'append', run: { ds: '2024-01-04', key: 'p/t/4' } }
    // Several processes may try the same append at once.
    await Promise.all([1, 2, 3].map(() => write(days('2024-01-04'), append)))
    expect(await datesIn(read.table(dataset))).toEqual(['2024-01-01', '2024-01-02', '2024-01-04'])
  })
})
