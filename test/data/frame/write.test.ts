import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openCatalog } from '../../../src/data/catalog/index.ts'
import { type Engine, openDuckDb } from '../../../src/data/engine/index.ts'
import {
  createDataFrame,
  type Frame,
  type FrameSession,
  frameSession,
  read,
  sum,
  type WriteTarget,
  withSession,
  writeFrame,
} from '../../../src/data/frame/index.ts'
import { pairFiles } from '../../../src/data/frame/write/folder-commit.ts'
import { openFolderSession } from './folder-session.ts'

let dir = ''
let engine: Engine
let session: FrameSession
beforeAll(async () => {
  engine = await openDuckDb()
})
afterAll(() => engine[Symbol.asyncDispose]())
beforeEach(async () => {
  const opened = await openFolderSession(engine)
  ;({ dir, session } = opened)
  return () => opened[Symbol.asyncDispose]()
})

const days = (...list: readonly string[]): Frame =>
  createDataFrame(
    list.map((date, i) => ({ date, n: i })),
    'date date, n int',
  )

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  try {
    return { done: await work }
  } catch (thrown) {
    return thrown
  }
}
const write = (frame: Frame, target: WriteTarget) => writeFrame(session, frame, target)
const rowsOf = (frame: Frame) => withSession(session, () => frame.orderBy('date', 'n').collect())
const datesIn = async (frame: Frame) => (await rowsOf(frame)).map((row) => row.date)

const FORMATS = {
  parquet: (path: string) => read.parquet(path),
  csv: (path: string) => read.csv(path, { header: true, schema: 'date date, n int' }),
  json: (path: string) => read.json(path, { schema: 'n int, date date' }),
  delta: (path: string) => read.delta(path),
} as const

describe.each(Object.entries(FORMATS))('%s', (name, reader) => {
  const format = name as keyof typeof FORMATS
  const kind = { format, ...(format === 'csv' ? { options: { header: true } } : {}) }

  test('the default mode refuses data that is there, ignore leaves it, append adds, overwrite replaces', async () => {
    const target = { ...kind, path: 'x' }
    expect(await write(days('2024-01-01'), target)).toMatchObject({ rows: 1, files: 1, bytes: expect.any(Number) })
    expect(await errorOf(write(days('2024-01-02'), target))).toMatchObject({ code: 'WRITE_EXISTS' })
    expect(await write(days('2024-01-02'), { ...target, mode: 'ignore' })).toMatchObject({
      rows: 0,
      skipped: expect.any(String),
    })
    await write(days('2024-01-02'), { ...target, mode: 'append' })
    expect(await datesIn(reader('x'))).toEqual(['2024-01-01', '2024-01-02'])
    await write(days('2024-01-03'), { ...target, mode: 'overwrite' })
    expect(await datesIn(reader('x'))).toEqual(['2024-01-03'])
  })

  test('an overwrite in a run replaces the run’s day only, and empties it when there are no rows', async () => {
    const target = { ...kind, path: 'x', mode: 'overwrite', partitionBy: ['date'] } as const
    await write(days('2024-01-01'), { ...target, run: { ds: '2024-01-01' } })
    await write(days('2024-01-02', '2024-01-02'), { ...target, run: { ds: '2024-01-02' } })
    await write(days('2024-01-01', '2024-01-01', '2024-01-01'), { ...target, run: { ds: '2024-01-01' } })
    expect(await datesIn(reader('x'))).toEqual(['2024-01-01', '2024-01-01', '2024-01-01', '2024-01-02', '2024-01-02'])
    await write(days('2024-01-01').filter('n > 5'), { ...target, run: { ds: '2024-01-01' } })
    expect(await datesIn(reader('x'))).toEqual(['2024-01-02', '2024-01-02'])
    await write(days('2024-01-02').filter('n > 5'), { ...target, run: { ds: '2024-01-02' } })
    expect(await rowsOf(reader('x'))).toEqual([])
  })

  test('rows of another day are refused, and nothing is changed', async () => {
    const target = { ...kind, path: 'x', mode: 'overwrite', partitionBy: ['date'], run: { ds: '2024-01-01' } } as const
    await write(days('2024-01-01'), target)
    expect(await errorOf(write(days('2024-01-01', '2024-01-09'), target))).toMatchObject({
      code: 'WRITE_PARTITION_OUTSIDE',
      hint: expect.stringContaining("col('date').eq(ds)"),
    })
    expect(await rowsOf(reader('x'))).toHaveLength(1)
  })

  test('text that looks like days counts as days; other partitions are replaced where rows were written', async () => {
    const text = days('2024-01-01').selectExpr('cast(date as varchar) as date', 'n')
    const byText = { ...kind, path: 'text', mode: 'overwrite', partitionBy: ['date'] } as const
    await write(text, { ...byText, run: { ds: '2024-01-01' } })
    expect(await errorOf(write(text, { ...byText, run: { ds: '2024-01-02' } }))).toMatchObject({
      code: 'WRITE_PARTITION_OUTSIDE',
    })
    const byNumber = { ...kind, path: 'number', mode: 'overwrite', partitionBy: ['n'] } as const
    await write(days('2024-01-01', '2024-01-01'), { ...byNumber, run: { ds: '2024-01-01' } })
    await write(days('2024-01-05'), { ...byNumber, run: { ds: '2024-01-05' } })
    expect(await rowsOf(reader('number'))).toMatchObject([
      { date: '2024-01-01', n: 1 },
      { date: '2024-01-05', n: 0 },
    ])
  })

  test('an append of a run that is repeated happens once', async () => {
    const target = { ...kind, path: 'x', mode: 'append', run: { ds: '2024-01-01', key: 'p/t/2024-01-01' } } as const
    await write(days('2024-01-01'), { ...target, run: { ds: '2024-01-01', key: 'p/t/other' } })
    await write(days('2024-01-01', '2024-01-01'), target)
    await write(days('2024-01-01', '2024-01-01'), target)
    expect(await rowsOf(reader('x'))).toHaveLength(3)
  })

  test('an overwrite may read what it replaces', async () => {
    await write(days('2024-01-01', '2024-01-02'), { ...kind, path: 'x' })
    await write(reader('x').filter("date = '2024-01-02'"), { ...kind, path: 'x', mode: 'overwrite' })
    expect(await datesIn(reader('x'))).toEqual(['2024-01-02'])
  })

  test('partition values with any character, and null, come back', async () => {
    const values = ['a b/=%*[x]?', 'ü', '', null, "'quoted'"]
    const frame = createDataFrame(
      values.map((p, n) => ({ p, n })),
      'p string, n int',
    )
    const given = frame.filter("p is null or p <> ''")
    await write(given, { ...kind, path: 'x', partitionBy: ['p'] })
    const typed = read.schema('n int, p string').options(format === 'csv' ? { header: true } : {})
    const again = format === 'csv' || format === 'json' ? typed[format]('x') : reader('x')
    const rows = await withSession(session, () => again.orderBy('n').collect())
    expect(rows.map((row) => row.p)).toEqual(['a b/=%*[x]?', 'ü', null, "'quoted'"])
  })
})

test('a table of the engine has the same modes, in one transaction', async () => {
  const table = { dataset: 'shop.days', partitionBy: ['date'] }
  const all = () => datesIn(read.table('shop.days'))
  await write(days('2024-01-01'), table)
  expect(await errorOf(write(days('2024-01-01'), table))).toMatchObject({ code: 'WRITE_EXISTS' })
  const overwrite = { ...table, mode: 'overwrite' } as const
  await write(days('2024-01-02'), { ...overwrite, run: { ds: '2024-01-02' } })
  await write(days('2024-01-02', '2024-01-02'), { ...overwrite, run: { ds: '2024-01-02' } })
  expect(await all()).toEqual(['2024-01-01', '2024-01-02', '2024-01-02'])
  expect(await errorOf(write(days('2024-01-03'), { ...overwrite, run: { ds: '2024-01-02' } }))).toMatchObject({
    code: 'WRITE_PARTITION_OUTSIDE',
  })
  const append = { ...table, mode: 'append', run: { ds: '2024-01-04', key: 'p/t/4' } } as const
  await write(days('2024-01-04'), append)
  expect(await write(days('2024-01-04'), append)).toMatchObject({ rows: 0, skipped: expect.any(String) })
  expect(await all()).toEqual(['2024-01-01', '2024-01-02', '2024-01-02', '2024-01-04'])
  expect(await write(read.table('shop.days').filter("date > '2024-01-01'"), overwrite)).toMatchObject({ rows: 3 })
  expect(await all()).toEqual(['2024-01-02', '2024-01-02', '2024-01-04'])
})

test('a static overwrite with partitions replaces everything, a dynamic one what it writes', async () => {
  const target = { format: 'parquet', path: 'x', mode: 'overwrite', partitionBy: ['date'] } as const
  await write(days('2024-01-01', '2024-01-02'), target)
  await write(days('2024-01-02'), { ...target, options: { partitionOverwriteMode: 'dynamic' } })
  expect(await datesIn(read.parquet('x'))).toEqual(['2024-01-01', '2024-01-02'])
  await write(days('2024-01-03'), target)
  expect(await datesIn(read.parquet('x'))).toEqual(['2024-01-03'])
})

test('a folder without rows keeps its columns', async () => {
  await write(days('2024-01-01').limit(0), { format: 'parquet', path: 'x' })
  expect(await withSession(session, () => read.parquet('x').schema())).toMatchObject({
    fields: [
      { name: 'date', type: { kind: 'date' } },
      { name: 'n', type: { kind: 'integer' } },
    ],
  })
})

test('a folder whose only day was emptied is a table without rows', async () => {
  const catalog = await openCatalog({ engine, config: { storage: { lake: { url: './lake' } } }, dir })
  const own = await frameSession({ engine, catalog })
  const target = { path: 'lake://daily', mode: 'overwrite', partitionBy: ['date'], run: { ds: '2024-01-01' } } as const
  const seen = () => withSession(own, () => read.table('lake://daily').collect())
  await writeFrame(own, days('2024-01-01'), target)
  expect(await seen()).toEqual([{ date: '2024-01-01', n: 0 }])
  await writeFrame(own, days('2024-01-01').filter('n > 5'), target)
  expect(await seen()).toEqual([])
  await withSession(own, () => days('2024-01-01').write.saveAsTable('marts.days'))
  expect(await withSession(own, () => read.table('marts.days').count())).toBe(1)
})

test('sums of whole numbers are kept exactly, not as floating point', async () => {
  const frame = createDataFrame([{ v: 9007199254740993n }]).agg(sum('v').as('v'))
  await write(frame, { format: 'parquet', path: 'x' })
  expect(await withSession(session, () => read.parquet('x').collect())).toEqual([{ v: 9007199254740993n }])
})

test('a folder that holds other things than data is not overwritten', async () => {
  await mkdir(join(dir, 'src'))
  await writeFile(join(dir, 'src', 'precious.ts'), 'export {}')
  const target = { format: 'parquet', path: 'src', mode: 'overwrite' } as const
  expect(await errorOf(write(days('2024-01-01'), target))).toMatchObject({
    code: 'WRITE_EXISTS',
    message: expect.stringContaining('precious.ts'),
  })
  await write(days('2024-01-01'), { format: 'delta', path: 'table' })
  expect(await errorOf(write(days('2024-01-01'), { ...target, path: 'table' }))).toMatchObject({ code: 'WRITE_EXISTS' })
  expect(await readdir(join(dir, 'src'))).toEqual(['precious.ts'])
})

test('a write that fails leaves the data as it was and nothing beside it', async () => {
  const target = { format: 'parquet', path: 'x', mode: 'overwrite' } as const
  await write(days('2024-01-01'), target)
  const failing = days('2024-01-01').selectExpr("cast('x' || n as int) as n", 'date')
  expect(await errorOf(write(failing, target))).toMatchObject({ code: 'FRAME_VALUE' })
  expect(await datesIn(read.parquet('x'))).toEqual(['2024-01-01'])
  expect(await readdir(join(dir, '.millrace-staging', 'x'))).toEqual([])
})

test('two columns of one name, unknown partitions, modes and options are refused', async () => {
  const twice = days('2024-01-01').select('n', 'n')
  expect(await errorOf(write(twice, { format: 'parquet', path: 'x' }))).toMatchObject({ code: 'COLUMN_AMBIGUOUS' })
  const frame = days('2024-01-01')
  expect(await errorOf(write(frame, { path: 'x', partitionBy: ['dte'] }))).toMatchObject({ code: 'COLUMN_UNKNOWN' })
  expect(await errorOf(write(frame, { path: 'x', mode: 'replace' as 'overwrite' }))).toMatchObject({
    code: 'OPTION_INVALID',
  })
  expect(await errorOf(write(frame, { path: 'x', options: { hedaer: true } }))).toMatchObject({
    code: 'OPTION_UNKNOWN',
  })
  expect(await errorOf(write(frame, { path: 'hdfs://b/x' }))).toMatchObject({ code: 'STORE_UNSUPPORTED' })
})

test('new files take the names of old ones in their folder, so that one file replaces one file in one step', () => {
  const staged = [
    { at: 's/1', folder: 'd=1', name: 'new-1.parquet' },
    { at: 's/2', folder: 'd=2', name: 'new-2.parquet' },
  ]
  expect(pairFiles('x', ['d=1/a.parquet', 'd=1/b.parquet', 'd=3/c.parquet'], staged)).toEqual({
    moves: [
      { from: 's/1', to: 'x/d=1/a.parquet' },
      { from: 's/2', to: 'x/d=2/new-2.parquet' },
    ],
    deletes: ['x/d=1/b.parquet', 'x/d=3/c.parquet'],
  })
})

test('writes to one folder at the same time follow one another', async () => {
  const target = { format: 'parquet', path: 'x', mode: 'append' } as const
  await Promise.all(Array.from({ length: 6 }, (_, i) => write(days(`2024-01-0${i + 1}`), target)))
  expect(await datesIn(read.parquet('x'))).toHaveLength(6)
  const overwrites = Array.from({ length: 4 }, () =>
    write(days('2024-02-01', '2024-02-02'), { ...target, mode: 'overwrite' }),
  )
  await Promise.all(overwrites)
  expect(await datesIn(read.parquet('x'))).toEqual(['2024-02-01', '2024-02-02'])
})

test('buckets are refused with what to do instead, and the line', () => {
  const { write } = createDataFrame([{ id: 1 }])
  for (const call of [() => write.bucketBy(4, 'id'), () => write.sortBy('id')]) {
    expect(call).toThrow(expect.objectContaining({ code: 'ENGINE_UNSUPPORTED' }))
    expect(call).toThrow(expect.objectContaining({ hint: expect.stringMatching(/partitionBy|orderBy/) }))
    expect(call).toThrow(expect.objectContaining({ at: expect.objectContaining({ line: expect.any(Number) }) }))
  }
})
