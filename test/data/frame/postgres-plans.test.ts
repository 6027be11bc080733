import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  avg,
  col,
  countDistinct,
  createDataFrame,
  type Frame,
  type FrameSession,
  frameOf,
  lit,
  max,
  range,
  rowNumber,
  sum,
  trim,
  Window,
  when,
  withSession,
} from '../../../src/data/frame/index.ts'
import { hasPostgres, POSTGRES_HINT } from '../../services/postgres.ts'
import { expectAlike, outcomeOf } from './alike.ts'
import { type BothSessions, openBothSessions } from './both-sessions.ts'

let duckdb: FrameSession
let postgres: FrameSession
let both: BothSessions | undefined
beforeAll(async () => {
  if (!hasPostgres) return
  both = await openBothSessions()
  duckdb = both.duckdb
  postgres = both.postgres
})
afterAll(() => both?.[Symbol.asyncDispose]())

const orders: Frame = createDataFrame(
  [
    { id: 1, user: 1, amount: '10.00', note: 'b', at: '2024-01-31T10:00:00Z' },
    { id: 2, user: 1, amount: '5.50', note: 'B', at: '2024-02-01T10:00:00Z' },
    { id: 3, user: 2, amount: null, note: 'é', at: null },
    { id: 4, user: null, amount: '7.25', note: null, at: '2024-02-29T23:59:59.999999Z' },
  ],
  'id int, user int, amount decimal(10,2), note string, at timestamp',
)
const users: Frame = createDataFrame(
  [
    { user: 1, name: 'Ann', limit: 6 },
    { user: 3, name: 'Cid', limit: 100 },
  ],
  'user bigint, name string, limit double',
)
const o = orders.alias('o')
const u = users.alias('u')

/** Frames that shall be the same in both, each with what it shows. */
const FRAMES: Readonly<Record<string, () => Frame>> = {
  'inner join by name': () => orders.join(users, 'user'),
  'left join': () => orders.join(users, 'user', 'left'),
  'right join': () => orders.join(users, 'user', 'right'),
  'full join keeps the key of either side': () => orders.join(users, 'user', 'full'),
  'semi join': () => orders.join(users, 'user', 'semi').withColumn('x', lit(1)),
  'anti join': () => orders.join(users, 'user', 'anti').filter(col('id').gt(0)),
  'semi join by a condition': () => o.join(u, col('o.amount').gt(col('u.limit')), 'semi').limit(10),
  'anti join by a condition': () => o.join(u, col('o.amount').gt(col('u.limit')), 'anti'),
  'join by a condition': () => o.join(u, col('o.user').eq(col('u.user')).and(col('o.amount').lt(col('u.limit')))).select('id', 'name'),
  'full join by a condition': () =>
    o.join(u, col('o.user').eq(col('u.user')).and(col('o.amount').lt(col('u.limit'))), 'full').select('id', 'name'),
  'cross join': () => orders.select('id').crossJoin(users.select('name')),
  'joins of joins': () => orders.join(users, 'user', 'left').join(orders.select('id', col('note').as('other')), 'id'),
  'union of other types': () => orders.select('id', 'amount').union(users.select('user', 'limit')),
  'union of decimals': () => orders.select('amount').union(createDataFrame([{ amount: '0.125' }], 'amount decimal(5,3)')),
  'union by name with columns missing': () => orders.unionByName(users, { allowMissingColumns: true }),
  'intersection and difference': () => orders.select('user').intersect(users.select('user')).union(orders.select('user').subtract(users.select('user'))),
  'except all': () => orders.select('user').exceptAll(users.select('user')),
  'duplicates by a column': () => orders.dropDuplicates(['user']).select('user'),
  'groups with their aggregates': () =>
    orders.groupBy('user').agg(sum('amount').as('s'), avg('amount').as('a'), max('note').as('m'), countDistinct('note').as('n')),
  'groups by what is computed': () => orders.groupBy(col('note').cast('string').as('k'), col('id').mod(2).as('odd')).count(),
  'an aggregate of an aggregate': () => orders.groupBy('user').agg(sum('amount').as('s')).agg(max('s').as('m')),
  'a window filtered': () =>
    orders.withColumn('n', rowNumber().over(Window.partitionBy('user').orderBy(col('at').desc()))).filter(col('n').eq(1)),
  'columns computed, renamed, dropped and filled': () =>
    orders.withColumn('x', col('amount').multiply(2)).withColumnRenamed('x', 'y').drop('at').fillna({ note: 'none' }),
  'nothing of a group': () => orders.filter(lit(false)).groupBy('user').agg(sum('amount').as('s')),
  ranges: () => range(0, 20, 3).union(range(5, -5, -2)),
  'no rows': () => createDataFrame([], 'a int, b string, c array<int>'),
  'every type of a row': () =>
    createDataFrame(
      [
        { a: true, b: 1, c: -(2n ** 63n), d: 'NaN', e: '12345678901234567890.12', f: 'x', g: new Uint8Array([0, 255]), h: '2024-02-29', i: '2024-02-29T00:00:00.000001Z', j: '2024-02-29T00:00:00', k: ['a', null], l: '{"a": 1}' },
        { a: null, b: null, c: null, d: null, e: null, f: null, g: null, h: null, i: null, j: null, k: null, l: null },
      ],
      'a boolean, b smallint, c bigint, d double, e decimal(22,2), f string, g binary, h date, i timestamp, j timestamp_ntz, k array<string>, l string',
    ),
} // biome-ignore format: a table

describe.skipIf(!hasPostgres)(`frames in PostgreSQL (${POSTGRES_HINT})`, () => {
  test.each(Object.entries(FRAMES))('%s: the same columns and rows as in DuckDB', async (_name, frame) => {
    expectAlike(await outcomeOf(duckdb, frame), await outcomeOf(postgres, frame))
  })

  test.each([
    ['by bytes of text, nulls first', () => orders.orderBy('note')],
    ['descending, nulls last', () => orders.orderBy(col('note').desc(), 'id')],
    ['nulls where they are wanted', () => orders.orderBy(col('amount').ascNullsLast(), col('user').descNullsFirst())],
    ['with a limit and an offset', () => orders.orderBy('id').offset(1).limit(2)],
  ] as const)('orders %s', async (_name, frame) => {
    expectAlike(await outcomeOf(duckdb, frame), await outcomeOf(postgres, frame), true)
  })

  test('refuses what it has not: samples, structs, names that it would cut, joins it cannot do', async () => {
    const code = async (frame: Frame) => (await outcomeOf(postgres, () => frame)).error
    expect(await code(orders.sample(0.5, 1))).toMatch(/^ENGINE_UNSUPPORTED sample/)
    expect(await code(createDataFrame([{ s: { a: 1 } }]))).toMatch(/^TYPE_UNSUPPORTED/)
    expect(await code(orders.select(col('id').as('n'.repeat(64))))).toMatch(/^ENGINE_UNSUPPORTED .*too long/)
    expect(await code(o.join(u, col('o.amount').gt(col('u.limit')), 'full').select('id'))).toMatch(
      /^ENGINE_UNSUPPORTED .*full join/,
    )
  })

  test('counts, shows, explains, and gives Arrow', async () => {
    await withSession(postgres, async () => {
      expect(await orders.count()).toBe(4)
      const { explainText, showText } = await import('../../../src/data/frame/index.ts')
      expect(await showText(orders.select('id', 'amount').orderBy('id').plan, 1)).toContain('|  1| 10.00|')
      const text = await explainText(orders.filter(col('note').eq("o'clock")).plan, { extended: true })
      expect(text).toContain('== SQL (postgres) ==')
      expect(text).toMatch(/== Engine ==\n.*Scan/s)
      expect((await orders.toArrow()).byteLength).toBeGreaterThan(100)
    })
  })

  test('any sequence of steps gives what it gives in DuckDB', async () => {
    const value = fc.option(fc.integer({ min: -3, max: 8 }), { nil: null })
    const row = fc.record({ a: value, b: value, t: fc.option(fc.constantFrom('', 'a', 'B', 'é', ' '), { nil: null }) })
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 10 }),
        fc.array(fc.tuple(fc.constantFrom(...STEPS), fc.integer({ min: -3, max: 6 })), { maxLength: 6 }),
        async (rows, chain) => {
          const start: Frame = createDataFrame(rows, 'a int, b int, t string')
          const frame = () => chain.reduce<Frame>((f, [step, n]) => step(f, n), start)
          // Through JSON, as a plan comes from a task's process.
          const copy = () => frameOf(JSON.parse(JSON.stringify(frame())))
          expectAlike(await outcomeOf(duckdb, frame), await outcomeOf(postgres, copy))
        },
      ),
      { numRuns: 60 },
    )
  }, 60_000)
})

/** Steps that keep the columns a, b and t, and give the same rows whatever the order of their input is. */
const STEPS: readonly ((frame: Frame, n: number) => Frame)[] = [
  (f, n) => f.filter(col('a').gt(n)),
  (f, n) => f.filter(col('t').ge(n > 0 ? 'B' : 'a').or(col('b').isNull())),
  (f, n) => f.withColumn('a', col('a').plus(n)),
  (f, n) => f.withColumn('b', col('a').divide(n).cast('int')),
  (f, n) => f.withColumn('b', when(col('a').gt(n), col('b')).otherwise(n)),
  (f) => f.withColumn('t', trim('t')),
  (f) => f.select(col('b').as('a'), col('a').as('b'), 't'),
  (f, n) => f.orderBy('t', 'a', 'b').limit(Math.abs(n)),
  (f, n) => f.orderBy(col('a').desc(), 'b', col('t').desc()).offset(Math.abs(n)),
  (f) => f.distinct(),
  (f) => f.groupBy('t').agg(sum('a').cast('int').as('a'), max('b').as('b')).select('a', 'b', 't'),
  (f) => f.groupBy('a').agg(avg('b').cast('int').as('b'), max('t').as('t')),
  (f) => f.join(f.filter(col('b').gt(0)).select('a').distinct(), 'a', 'semi'),
  (f) => f.join(f.filter(col('b').gt(0)).select('a').distinct(), 'a', 'anti'),
  (f) => f.join(f.select('a', col('b').as('c')).distinct(), 'a', 'left').select('a', col('c').as('b'), 't').distinct(),
  (f) => f.join(f.select('t', col('a').as('c')).distinct(), 't', 'full').select('a', 'b', 't').distinct(),
  (f) => f.union(f.filter(col('b').gt(2))),
  (f) => f.unionByName(f.select('t', 'a'), { allowMissingColumns: true }).distinct(),
  (f) => f.subtract(f.filter(col('a').gt(3))),
  (f) => f.withColumn('b', sum('a').over(Window.partitionBy('t')).cast('int')),
  (f) => f.withColumn('a', rowNumber().over(Window.orderBy('t', 'a', 'b'))).filter(col('a').le(5)),
] // biome-ignore format: a table
