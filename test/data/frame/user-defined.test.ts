import { describe, expect, test } from 'vitest'
import { parseType } from '../../../src/base/kernel/index.ts'
import { openDuckDb } from '../../../src/data/engine/index.ts'
import {
  col,
  createDataFrame,
  explainText,
  frameSession,
  range,
  udaf,
  udf,
  vectorUdf,
  Window,
  withSession,
} from '../../../src/data/frame/index.ts'

const people = createDataFrame(
  [
    [1, 'Ada', 36n, '2024-02-29', ['x', null]],
    [2, null, null, null, null],
  ],
  'id int, name string, age bigint, day date, tags array<string>',
)

describe('functions of TypeScript in frames', () => {
  test('are called for each row with the values that collect gives, nulls too', async () => {
    const seen: unknown[][] = []
    const look = udf(function look(...values: unknown[]) {
      seen.push(values)
      return values.length
    }, 'int')
    const rows = await people
      .select('id', look('name', 'age', 'day', 'tags'))
      .orderBy('id')
      .collect()
    expect(rows).toEqual([{ id: 1, 'look(name, age, day, tags)': 4 }, { id: 2, 'look(name, age, day, tags)': 4 }]) // biome-ignore format: rows
    expect(seen.toSorted((a, b) => (a[0] === null ? 1 : b[0] === null ? -1 : 0))).toEqual([
      ['Ada', 36n, '2024-02-29', ['x', null]],
      [null, null, null, null],
    ])
  })

  test.each([
    ['boolean', () => true, true],
    ['tinyint', () => 7, 7],
    ['bigint', () => 9007199254740993n, 9007199254740993n],
    ['float', () => 1.5, 1.5],
    ['double', () => Number.NaN, Number.NaN],
    ['string', () => 'ü\u0000', 'ü\u0000'],
    ['decimal(10,2)', () => '1.25', '1.25'],
    ['date', () => '2024-02-29', '2024-02-29'],
    ['timestamp', () => new Date('2024-02-29T12:00:00.5Z'), '2024-02-29T12:00:00.500000Z'],
    ['binary', () => Uint8Array.of(0, 255), Uint8Array.of(0, 255)],
    ['array<int>', () => [1, null], [1, null]],
    ['struct<a:int,b:string>', () => ({ a: 1, b: 'x' }), { a: 1, b: 'x' }],
    ['int', () => null, null],
  ])('give values of type %s', async (type, fn, value) => {
    const frame = people.limit(1).select(udf(fn as () => unknown, type, { name: 'made' })().as('v'))
    const [row] = await frame.collect()
    expect(row?.v).toEqual(value)
    expect((await frame.schema()).fields[0]?.type).toEqual(parseType(type))
  })

  test('go over columns by chunks, far beyond one of them', async () => {
    let calls = 0
    const doubled = vectorUdf((xs: (bigint | null)[]) => {
      calls += 1
      return xs.map((x) => (x === null ? null : x * 2n))
    }, 'bigint')
    const total = await range(0, 10_000).select(doubled('id').as('v')).filter(col('v').ge(19_990)).count()
    expect([total, calls > 1 && calls < 100]).toEqual([5, true])
  })

  test('aggregate groups and windows', async () => {
    const numbers = createDataFrame([['a', 1], ['a', 4], ['b', null]], 'k string, v int') // biome-ignore format: rows
    const spread = udaf(
      (xs: (number | null)[]) => Math.max(...xs.map(Number)) - Math.min(...xs.map(Number)),
      'double',
      {
        name: 'spread',
      },
    )
    expect(await numbers.groupBy('k').agg(spread('v')).orderBy('k').collect()).toEqual([
      { k: 'a', 'spread(v)': 3 },
      { k: 'b', 'spread(v)': 0 },
    ])
    const running = spread('v').over(Window.partitionBy('k').orderBy('v'))
    expect((await numbers.select('v', running.as('s')).orderBy('v').collect()).map((row) => row.s)).toEqual([0, 0, 3])
    const weighted = udaf((xs: number[], ws: number[]) => xs.reduce((sum, x, i) => sum + x * (ws[i] ?? 0), 0), 'double')
    expect(
      await range(1, 4).select(col('id').cast('double').as('x')).agg(weighted('x', 'x').as('w')).collect(),
    ).toEqual([{ w: 14 }])
  })

  test('are told of in explain', async () => {
    const slow = udf(function slow(x: number) {
      return x
    }, 'int')
    expect(await explainText(people.select(slow('id')).plan)).toContain('slow(): computed in JavaScript')
  })

  test('what they throw, and a value of another type, is an error with their name', async () => {
    const fails = udf(function fails(): number {
      throw new Error('no luck')
    }, 'int')
    await expect(people.select(fails()).collect()).rejects.toMatchObject({
      code: 'FRAME_UDF_FAILED',
      message: expect.stringContaining('fails: no luck'),
    })
    const texts = udf(function texts() {
      return 'x' as unknown as number
    }, 'int')
    await expect(people.select(texts()).collect()).rejects.toMatchObject({
      code: 'FRAME_UDF_FAILED',
      message: expect.stringContaining('texts: gave "x", which is no integer'),
    })
    const short = vectorUdf(function short(_xs: unknown[]) {
      return []
    }, 'int')
    await expect(people.select(short('id')).collect()).rejects.toMatchObject({
      message: expect.stringContaining('gave 0 values for 2 rows'),
    })
  })

  test('run in each session that uses them', async () => {
    const next = udf((x: number) => x + 1, 'int', { name: 'next' })
    for (let i = 0; i < 2; i += 1) {
      await using engine = await openDuckDb()
      const session = await frameSession({ engine })
      expect(await withSession(session, () => people.select(next('id')).orderBy('next(id)').collect())).toEqual([
        { 'next(id)': 2 },
        { 'next(id)': 3 },
      ])
    }
  })
})
