import { appendFile, mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { literal, sql } from '../../../src/base/sql/index.ts'
import { claim, migrateLeases } from '../../../src/base/state/index.ts'
import { folder } from '../../data/connect/folder.ts'
import { openLake } from './lake.ts'

/** A project with one CSV table; `more` are further lines of its table. */
async function project(more = '') {
  const made = await folder()
  const lines = more.split('\n').filter(Boolean)
  await made.write(
    'sources/shop.yml',
    `tables:\n  orders:\n    files: data/*.csv\n    columns: { id: bigint, at: timestamp_ntz }\n${lines.map((line) => `    ${line}\n`).join('')}`,
  )
  return made
}

const CURSOR = 'cursor: at\n'
const HEADER = 'id,at,note\n'
const row = (id: number, second: number, note = 'x') =>
  `${id},2024-01-01 00:00:${String(second).padStart(2, '0')},${note}\n`
const ids = (rows: readonly object[]) => rows.map((one) => Number((one as { id: bigint }).id))

describe('files', () => {
  test('each is loaded once; what is skipped is told', async () => {
    await using shop = await project()
    await shop.write('data/a.csv', HEADER + row(1, 1) + row(2, 2))
    await using lake = await openLake(shop.dir)
    expect(await lake.load()).toMatchObject([
      { source: 'shop.orders', dataset: 'raw.orders', rows: 2, files: 1, rejected: 0, skipped: [], version: 1 },
    ])
    await shop.write('data/b.csv', HEADER + row(3, 1))
    expect(await lake.load()).toMatchObject([{ rows: 1, files: 1, skipped: ['1 file already loaded'] }])
    expect(await lake.load()).toMatchObject([{ rows: 0, files: 0, skipped: ['2 files already loaded'] }])
    expect(ids(await lake.rows('raw.orders'))).toEqual([1, 2, 3])
  })

  test('a file that was only touched is no new file', async () => {
    await using shop = await project()
    await shop.write('data/a.csv', HEADER + row(1, 1))
    await using lake = await openLake(shop.dir)
    await lake.load()
    await utimes(join(shop.dir, 'data/a.csv'), new Date(), new Date('2030-01-01'))
    expect(await lake.load()).toMatchObject([{ rows: 0, skipped: ['1 file already loaded'] }])
  })

  test.each([
    ['fail', undefined],
    ['skip', [1]],
    ['load', [1, 1, 2]],
  ])('a changed file without a cursor: on_file_changed: %s', async (choice, expected) => {
    await using shop = await project(`on_file_changed: ${choice}`)
    await shop.write('data/a.csv', HEADER + row(1, 1))
    await using lake = await openLake(shop.dir)
    await lake.load()
    await appendFile(join(shop.dir, 'data/a.csv'), row(2, 2))
    if (expected === undefined) {
      await expect(lake.load()).rejects.toMatchObject({ code: 'INGEST_FILE_CHANGED', at: { file: 'data/a.csv' } })
      return
    }
    await lake.load()
    expect(ids(await lake.rows('raw.orders'))).toEqual(expected)
  })

  test('derived columns, partitions and metadata', async () => {
    await using shop = await project(
      `derive: { day: "strftime(\\"at\\", '%d')" }\npartition_by: day\nmetadata: [_file, _loaded_at]`,
    )
    await shop.write('data/a.csv', HEADER + row(1, 1))
    await using lake = await openLake(shop.dir)
    await lake.load()
    expect(await lake.rows('raw.orders')).toMatchObject(
      [{ id: 1n, day: '01', _file: 'data/a.csv', _loaded_at: /Z$/ }].map((one) => ({
        ...one,
        _loaded_at: expect.stringMatching(/Z$/),
      })),
    )
  })

  test('a full refresh replaces the rows by those of the files as they are', async () => {
    await using shop = await project()
    await shop.write('data/a.csv', HEADER + row(1, 1))
    await using lake = await openLake(shop.dir)
    await lake.load()
    await shop.write('data/a.csv', `${HEADER}${row(7, 1)}${row(8, 1)}`)
    expect(await lake.load({ fullRefresh: true })).toMatchObject([{ rows: 2 }])
    expect(await lake.load()).toMatchObject([{ rows: 0, skipped: ['1 file already loaded'] }])
    expect(ids(await lake.rows('raw.orders'))).toEqual([7, 8])
  })
})

describe('a cursor', () => {
  test('takes the new rows of a file that grew; those at the boundary are neither lost nor doubled', async () => {
    await using shop = await project(CURSOR)
    await shop.write('data/a.csv', HEADER + row(1, 1) + row(2, 5) + row(3, 5))
    await using lake = await openLake(shop.dir)
    await lake.load()
    await appendFile(join(shop.dir, 'data/a.csv'), row(4, 5) + row(3, 5) + row(5, 9) + row(0, 2))
    const [result] = await lake.load()
    expect(result).toMatchObject({ rows: 3, skipped: ['4 rows at or before at 2024-01-01 00:00:05'] })
    expect(ids(await lake.rows('raw.orders'))).toEqual([1, 2, 3, 3, 4, 5])
  })

  test('with a primary key a row at the boundary is known by it', async () => {
    await using shop = await project(`${CURSOR}primary_key: id`)
    await shop.write('data/a.csv', HEADER + row(1, 5, 'old'))
    await using lake = await openLake(shop.dir)
    await lake.load()
    await shop.write('data/a.csv', HEADER + row(1, 5, 'new') + row(2, 5))
    expect(await lake.load()).toMatchObject([{ rows: 1 }])
    expect(ids(await lake.rows('raw.orders'))).toEqual([1, 2])
  })

  test('that does not exist is refused with what there is', async () => {
    await using shop = await project('cursor: updated')
    await shop.write('data/a.csv', HEADER + row(1, 1))
    await using lake = await openLake(shop.dir)
    await expect(lake.load()).rejects.toMatchObject({ code: 'INGEST_CURSOR_MISSING', at: { line: 3 } })
  })

  test('without a value puts the row into the reject table', async () => {
    await using shop = await project(`${CURSOR}on_reject: { max: 1 }`)
    await shop.write('data/a.csv', `${HEADER}${row(1, 1)}2,,x\n`)
    await using lake = await openLake(shop.dir)
    expect(await lake.load()).toMatchObject([{ rows: 1, rejected: 1, rejects: 'raw.orders_rejects' }])
    expect(await lake.rows('raw.orders_rejects')).toMatchObject([
      { file: 'data/a.csv', column: 'at', reason: 'the cursor has no value' },
    ])
  })

  test('loads every appended row exactly once, however the file grows', async () => {
    const second = fc.integer({ min: 0, max: 3 })
    const batches = fc.array(fc.array(second, { maxLength: 4 }), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(batches, async (grown) => {
        await using shop = await project(CURSOR)
        await using lake = await openLake(shop.dir)
        await shop.write('data/a.csv', HEADER)
        const expected: number[] = []
        let clock = 0
        let id = 0
        for (const seconds of grown) {
          let text = ''
          // A source appends in the order of its cursor, with ties.
          for (const step of [...seconds].sort()) {
            clock = Math.min(59, clock + (step === 0 ? 0 : 1))
            id += 1
            expected.push(id)
            text += row(id, clock)
          }
          await appendFile(join(shop.dir, 'data/a.csv'), text)
          await lake.load()
        }
        expect(ids(await lake.rows('raw.orders'))).toEqual(expected)
      }),
      { numRuns: 6 },
    )
  })
})

describe('rejected rows', () => {
  test('are kept with file, line, column and reason, once, also when the file is read again', async () => {
    await using shop = await project(`${CURSOR}on_reject: { max: 2 }`)
    await shop.write('data/a.csv', `${HEADER}${row(1, 1)}x,2024-01-01,y\n${row(2, 2)}`)
    await using lake = await openLake(shop.dir)
    expect(await lake.load()).toMatchObject([{ rows: 2, rejected: 1 }])
    await appendFile(join(shop.dir, 'data/a.csv'), `${row(3, 3)}4,5\n`)
    expect(await lake.load()).toMatchObject([{ rows: 1, rejected: 1 }])
    expect(await lake.rows('raw.orders_rejects')).toMatchObject([
      { file: 'data/a.csv', line: 3n, column: 'id', raw: 'x,2024-01-01,y' },
      { file: 'data/a.csv', line: 6n, raw: '4,5' },
    ])
  })

  test('beyond the allowed number stop the load; nothing of it is committed', async () => {
    await using shop = await project('on_reject: { max: 1 }')
    await shop.write('data/a.csv', `${HEADER}${row(1, 1)}x,2024-01-01,y\ny,2024-01-01,y\n`)
    await using lake = await openLake(shop.dir)
    await expect(lake.load()).rejects.toMatchObject({
      code: 'INGEST_TOO_MANY_REJECTS',
      at: { file: 'data/a.csv', line: 3 },
      hint: expect.stringContaining('data/a.csv:4 column id'),
    })
    await expect(lake.rows('raw.orders')).rejects.toMatchObject({ code: 'DATASET_UNKNOWN' })
    await expect(lake.rows('raw.orders_rejects')).rejects.toMatchObject({ code: 'DATASET_UNKNOWN' })
  })
})

describe('a source that changes its columns', () => {
  const lakeWith = async (more: string, second: string) => {
    const shop = await project(more)
    await shop.write('data/a.csv', HEADER + row(1, 1))
    const lake = await openLake(shop.dir)
    await lake.load()
    await shop.write('data/b.csv', second)
    return {
      shop,
      lake,
      async [Symbol.asyncDispose]() {
        await lake[Symbol.asyncDispose]()
        await shop[Symbol.asyncDispose]()
      },
    }
  }

  test('is refused with file, column and type', async () => {
    await using added = await lakeWith('', 'id,at,note,price\n2,2024-01-02,x,1.5\n')
    await expect(added.lake.load()).rejects.toMatchObject({
      code: 'INGEST_SCHEMA_CHANGED',
      data: { file: 'data/b.csv', column: 'price', new: 'double' },
    })
    await using lacking = await lakeWith('', 'id,at\n2,2024-01-02\n')
    await expect(lacking.lake.load()).rejects.toMatchObject({
      code: 'INGEST_SCHEMA_CHANGED',
      data: { file: 'data/b.csv', column: 'note', old: 'string' },
    })
    await using retyped = await lakeWith('', `${HEADER}a,2024-01-02,x\nb,2024-01-02,y\n`)
    await expect(retyped.lake.load()).rejects.toMatchObject({
      code: 'INGEST_SCHEMA_CHANGED',
      data: { file: 'data/b.csv', column: 'id', new: 'string' },
    })
  })

  test('is followed with on_schema_change: add', async () => {
    await using added = await lakeWith('on_schema_change: add', 'id,at,price\n2,2024-01-02,1.5\n')
    expect(await added.lake.load()).toMatchObject([
      { rows: 1, notes: ['data/b.csv has no column "note": null', 'new column "price" added'] },
    ])
    expect(await added.lake.rows('raw.orders')).toMatchObject([
      { id: 1n, note: 'x', price: null },
      { id: 2n, note: null, price: 1.5 },
    ])
  })

  test('of Parquet is refused by its type, and widened where nothing is lost', async () => {
    await using shop = await folder()
    await shop.write('sources/shop.yml', 'tables:\n  p:\n    files: data/*.parquet\n')
    await mkdir(join(shop.dir, 'data'))
    await using lake = await openLake(shop.dir)
    const write = (name: string, value: ReturnType<typeof sql>) =>
      lake.ingest.connection.execute(
        sql`copy (select ${value} as n) to ${literal(join(shop.dir, 'data', name))} (format parquet)`,
      )
    await write('a.parquet', sql`1::bigint`)
    await lake.load()
    await write('b.parquet', sql`2::integer`)
    await lake.load()
    expect(await lake.rows('raw.p')).toEqual([{ n: 1n }, { n: 2n }])
    await write('c.parquet', sql`'3'`)
    await expect(lake.load()).rejects.toMatchObject({
      code: 'INGEST_SCHEMA_CHANGED',
      data: { file: 'data/c.parquet', column: 'n', old: 'bigint', new: 'string' },
    })
  })
})

describe('the record of what was loaded', () => {
  test('that is gone while the table is not stops the load instead of doubling it', async () => {
    await using shop = await project()
    await shop.write('data/a.csv', HEADER + row(1, 1))
    {
      await using lake = await openLake(shop.dir)
      await lake.load()
    }
    for (const end of ['', '-wal', '-shm']) await rm(join(shop.dir, `state.db${end}`), { force: true })
    await using lake = await openLake(shop.dir)
    await expect(lake.load()).rejects.toMatchObject({ code: 'INGEST_STATE_LOST' })
    expect(await lake.load({ fullRefresh: true })).toMatchObject([{ rows: 1 }])
    expect(ids(await lake.rows('raw.orders'))).toEqual([1])
  })

  test('that outlives the table loads everything anew', async () => {
    await using shop = await project()
    await shop.write('data/a.csv', HEADER + row(1, 1))
    {
      await using lake = await openLake(shop.dir)
      await lake.load()
    }
    await rm(join(shop.dir, 'lake'), { recursive: true })
    await using lake = await openLake(shop.dir)
    expect(await lake.load()).toMatchObject([{ rows: 1 }])
  })
})

test('of two loads of one table at once the second is told who is loading', async () => {
  await using shop = await project()
  await shop.write('data/a.csv', HEADER + row(1, 1))
  await using lake = await openLake(shop.dir)
  await migrateLeases(lake.ingest.state)
  const other = { host: 'elsewhere', pid: 7, start: '' }
  await claim(lake.ingest.state, 'ingest/shop.orders -> raw.orders', other, 60_000)
  await expect(lake.load()).rejects.toMatchObject({ code: 'INGEST_BUSY', retry: 'again' })
})

test('the source file of a project is what a user reads back in errors', async () => {
  await using shop = await project()
  await using lake = await openLake(shop.dir)
  const file = join(shop.dir, 'sources/shop.yml')
  await expect(lake.load()).rejects.toMatchObject({ code: 'SOURCE_EMPTY', at: { file, line: 3 } })
  expect(await readFile(file, 'utf8')).toContain('orders')
  await mkdir(dirname(join(shop.dir, 'data/x')), { recursive: true })
  await writeFile(join(shop.dir, 'data/a.csv'), HEADER)
  expect(await lake.load()).toMatchObject([{ rows: 0, files: 1 }])
})
