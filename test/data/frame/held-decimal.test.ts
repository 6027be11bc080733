import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { formatDecimal } from '../../../src/base/kernel/index.ts'
import { explainText } from '../../../src/data/frame/execute.ts'
import { avg, type Column, col, createDataFrame, lit, max, read, sum, when } from '../../../src/data/frame/index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-decimal-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const [a, b] = [col('a'), col('b')]
const sqlOf = async (frame: { plan: never } | { plan: object }) =>
  (await explainText(frame.plan as never)).split('== SQL (duckdb) ==\n')[1] ?? ''

test('no cast stands inside of an expression of decimals, and one around its result', async () => {
  const frame = createDataFrame([['1.50', '0.10']], 'a decimal(15,2), b decimal(15,2)')
  const revenue = a.multiply(lit(1).minus(b))
  expect(await sqlOf(frame.select(revenue.multiply(lit(1).plus(b)).as('r')))).toMatch(
    /select cast\(\(\("t1"\."a" \* \(cast\(1 as decimal\(1,0\)\) - "t1"\."b"\)\) \* \(cast\(1 as decimal\(1,0\)\) \+ "t1"\."b"\)\) as decimal\(38,6\)\) as "r"/i,
  )
  expect(await sqlOf(frame.agg(sum(revenue).as('r')))).toMatch(
    /select cast\(sum\(\("t1"."a" \* [^*]*\)\) as decimal\(38,4\)\) as "r"/i,
  )
})

const ONE = 10n ** 15n - 1n
const digits = (most: bigint) =>
  fc.oneof(fc.bigInt({ min: -most, max: most }), fc.constantFrom(0n, 1n, -1n, most, -most))

test('what is computed with decimals of any size is exact', async () => {
  const pair = fc.tuple(digits(ONE), digits(ONE))
  await fc.assert(
    fc.asyncProperty(fc.array(pair, { minLength: 1, maxLength: 8 }), async (pairs) => {
      const rows = pairs.map(([x, y], i) => [i, formatDecimal(x, 2), formatDecimal(y, 3)])
      const frame = createDataFrame(rows as never, 'i int, a decimal(15,2), b decimal(15,3)')
      const product = a.multiply(b)
      const found = await frame
        .select(
          'i',
          product.as('p'),
          a.plus(b).as('s'),
          a.minus(b).as('d'),
          when(a.gt(b), product).otherwise(0).as('w'),
        )
        .orderBy('i')
        .collect()
      expect(found).toEqual(
        pairs.map(([x, y], i) => ({
          i,
          p: formatDecimal(x * y, 5),
          s: formatDecimal(x * 10n + y, 3),
          d: formatDecimal(x * 10n - y, 3),
          w: formatDecimal(x * 10n > y ? x * y : 0n, 5),
        })),
      )
      const [totals] = await frame.agg(sum(product).as('t'), max(product).as('m'), avg('a').as('v')).collect()
      const all = (numbers: bigint[]) => numbers.reduce((total, one) => total + one, 0n)
      const total = all(pairs.map(([x]) => x)) * 10_000n
      const [size, n] = [total < 0n ? -total : total, BigInt(pairs.length)]
      const mean = (2n * size + n) / (2n * n)
      expect(totals).toEqual({
        t: formatDecimal(all(pairs.map(([x, y]) => x * y)), 5),
        m: formatDecimal(
          pairs.map(([x, y]) => x * y).reduce((most, one) => (one > most ? one : most)),
          5,
        ),
        v: formatDecimal(total < 0n ? -mean : mean, 6),
      })
    }),
    { numRuns: 40 },
  )
})

test('every action computes again where 64 bits are too few', async () => {
  const most = '9999999999999.99'
  const frame = createDataFrame(
    [
      [most, most],
      ['1.00', '2.00'],
    ],
    'a decimal(15,2), b decimal(15,2)',
  ).select(a.multiply(b as Column).as('p'))
  const product = '99999999999999800000000000.0001'
  expect(await frame.orderBy(col('p').desc()).collect()).toEqual([{ p: product }, { p: '2.0000' }])
  expect(await frame.filter(col('p').gt(1)).count()).toBe(2)
  const streamed: unknown[] = []
  for await (const row of frame.orderBy('p').toIterator()) streamed.push(row)
  expect(streamed).toEqual([{ p: '2.0000' }, { p: product }])
  const path = join(folder, 'written')
  await frame.write.mode('overwrite').parquet(path)
  expect(await read.parquet(path).orderBy('p').collect()).toEqual([{ p: '2.0000' }, { p: product }])
})

test('columns of steps that follow have the types of Spark', async () => {
  const frame = createDataFrame([['1.50', '0.10']], 'a decimal(15,2), b decimal(15,2)').withColumn('p', a.multiply(b))
  const wide = { kind: 'decimal', precision: 31, scale: 4 }
  for (const one of [
    frame.select('p'),
    frame.limit(1).select('p'),
    frame.distinct().select('p'),
    frame.select('p').union(frame.select('p')),
    frame.groupBy('p').count().select('p'),
    frame.alias('x').join(frame.alias('y'), 'p', 'full').select('p'),
    frame.select('p').fillna(0),
  ]) {
    expect((await one.schema()).fields[0]?.type).toEqual(wide)
  }
  expect(await frame.agg(sum('p').as('s'), max('p').as('m')).dtypes()).toEqual([
    ['s', 'decimal(38,4)'],
    ['m', 'decimal(31,4)'],
  ])
})
