import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AnyRow,
  avg,
  col,
  count,
  createDataFrame,
  expr,
  type Frame,
  frameOf,
  lit,
  range,
  read,
  struct,
  sum,
  when,
} from '../../../src/data/frame/index.ts'

const orders = createDataFrame(
  [
    { id: 1, user_id: 7, amount: '10.00', date: '2024-01-01', address: { city: 'Bern' } },
    { id: 2, user_id: 7, amount: '20.50', date: '2024-01-01', address: { city: 'Basel' } },
    { id: 3, user_id: 8, amount: '5.25', date: '2024-01-02', address: null },
  ],
  'id bigint, user_id int, amount decimal(10,2), date date, address struct<city:string>',
)
const users = createDataFrame(
  [
    { user_id: 7, name: 'Ada' },
    { user_id: 9, name: 'Bob' },
  ],
  'user_id int, name string',
)

async function codeOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work()
    return 'no error'
  } catch (thrown) {
    return thrown
  }
}

test('the aggregate of the design runs as it is written', async () => {
  const rows = await orders
    .filter(col('date').eq('2024-01-01'))
    .groupBy('date', 'user_id')
    .agg(sum('amount').as('total_spent'), count().as('transaction_count'))
    .collect()
  expect(rows).toEqual([{ date: '2024-01-01', user_id: 7, total_spent: '30.50', transaction_count: 2n }])
})

test('a value of the user never becomes SQL', async () => {
  const evil = "x' or '1'='1"
  expect(await users.filter(col('name').eq(evil)).collect()).toEqual([])
  expect(await users.filter(expr`name = ${evil}`).collect()).toEqual([])
  expect(await users.select(lit(evil).as(`a" as "b`)).limit(1).collect()).toEqual([{ 'a" as "b': evil }])
})

test('the SQL of a plan is one statement in which filters stand beside the scan', async () => {
  const { explainText } = await import('../../../src/data/frame/index.ts')
  const text = await explainText(range(10).filter(col('id').gt(3)).select('id').orderBy('id').limit(2).plan)
  expect(text).toMatch(
    /select "t1"."id" from \(.*\) as "t1" where \("t1"."id" > 3\) order by "t1"."id" asc nulls first limit 2/,
  )
})

test('a comment at the end of SQL text does not swallow what follows', async () => {
  expect(await users.filter("name = 'Ada' -- only her").select('name').collect()).toEqual([{ name: 'Ada' }])
})

test('nulls come first in ascending order and last in descending order, as in Spark', async () => {
  const frame = createDataFrame([{ v: 2 }, { v: null }, { v: 1 }])
  expect((await frame.orderBy('v').collect()).map((row) => row.v)).toEqual([null, 1, 2])
  expect((await frame.orderBy(col('v').desc()).collect()).map((row) => row.v)).toEqual([2, 1, null])
  expect((await frame.orderBy(col('v').ascNullsLast()).collect()).map((row) => row.v)).toEqual([1, 2, null])
})

test('members of structs are reached by dots and spread by a star', async () => {
  expect(await orders.select('id', 'address.city').limit(1).collect()).toEqual([{ id: 1n, city: 'Bern' }])
  expect(await orders.select('address.*').limit(1).collect()).toEqual([{ city: 'Bern' }])
  expect(await orders.select(struct('*').as('all')).select('all.address.city').limit(1).collect()).toEqual([
    { city: 'Bern' },
  ])
})

test('withColumn replaces in place, withColumns sees old values only, drop ignores what is not there', async () => {
  const frame = createDataFrame([{ a: 1, b: 2 }])
  const swapped = frame.withColumns({ a: col('b'), b: col('a') }).withColumn('c', col('a').plus(col('b')))
  expect(await swapped.collect()).toEqual([{ a: 2, b: 1, c: 3 }])
  expect(await (swapped as Frame).drop('a', 'nothing').withColumnRenamed('b', 'z').collect()).toEqual([{ z: 1, c: 3 }])
})

test('an order survives what is selected from it', async () => {
  const rows = await range(5)
    .orderBy(col('id').desc())
    .withColumn('x', col('id').plus(1))
    .filter(col('x').gt(2))
    .select('id')
    .collect()
  expect(rows.map((row) => row.id)).toEqual([4n, 3n, 2n])
})

describe('joins', () => {
  test('by a common column keep it once', async () => {
    const of = async (how: 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti') =>
      (await (orders.join(users, 'user_id', how) as Frame).orderBy('user_id', 'id').collect()).map((row) =>
        Object.values(row).map(String).join(' '),
      )
    expect(await of('inner')).toEqual([
      '7 1 10.00 2024-01-01 [object Object] Ada',
      '7 2 20.50 2024-01-01 [object Object] Ada',
    ])
    expect(await of('left')).toHaveLength(3)
    expect(await of('right')).toEqual([...(await of('inner')), '9 null null null null Bob'])
    expect(await of('full')).toHaveLength(4)
    expect(await of('semi')).toHaveLength(2)
    expect(await of('anti')).toEqual(['8 3 5.25 2024-01-02 null'])
  })

  test('by a condition tell equal names apart by alias, in columns and in SQL text', async () => {
    const joined = orders.alias('o').join(users.alias('u'), col('o.user_id').eq(col('u.user_id')))
    expect(await joined.filter('o.id > 1').select('o.id', 'u.name').collect()).toEqual([{ id: 2n, name: 'Ada' }])
    expect(await codeOf(() => joined.select('user_id').collect())).toMatchObject({
      code: 'COLUMN_AMBIGUOUS',
      at: { file: 'test/data/frame/compile.test.ts' },
    })
    expect(await codeOf(() => joined.collect())).toMatchObject({ code: 'COLUMN_AMBIGUOUS' })
  })

  test('tell equal names apart by the frame a column was taken from', async () => {
    const big = orders.filter(col('amount').gt(6))
    const joined = big.join(users, big.col('user_id').eq(users.col('user_id')), 'left')
    expect(await joined.select(users.col('name'), big.col('user_id')).distinct().collect()).toEqual([
      { name: 'Ada', user_id: 7 },
    ])
  })

  test('of three frames keep every column', async () => {
    const cities = createDataFrame([{ name: 'Ada', city: 'Genf' }])
    const rows = await orders.join(users, 'user_id').join(cities, ['name']).select('id', 'city').orderBy('id').collect()
    expect(rows).toEqual([
      { id: 1n, city: 'Genf' },
      { id: 2n, city: 'Genf' },
    ])
  })
})

describe('errors', () => {
  test('name the column that was meant and the line that named it', async () => {
    const wrong = (orders as Frame).filter(col('amuont').gt(1))
    expect(await codeOf(() => wrong.collect())).toMatchObject({
      code: 'COLUMN_UNKNOWN',
      message: 'filter: the column "amuont" does not exist',
      hint: expect.stringContaining('"amount"'),
      at: { file: 'test/data/frame/compile.test.ts', line: expect.any(Number) },
    })
  })
  test('refuse a sum of truths before the engine is asked', async () => {
    expect(await codeOf(() => users.agg(sum(expr('name is null'))).collect())).toMatchObject({ code: 'COLUMN_TYPE' })
  })
  test('refuse an unbound input, an unknown function and a star in arithmetic', async () => {
    expect(await codeOf(() => frameOf({ op: 'input', name: 'orders' }).collect())).toMatchObject({
      code: 'FRAME_PLAN_INVALID',
    })
    const call = { kind: 'call', fn: 'uper', args: [] } as const
    expect(await codeOf(() => frameOf({ op: 'project', input: users.plan, columns: [call] }).collect())).toMatchObject({
      code: 'FUNCTION_UNKNOWN',
      hint: expect.stringContaining('upper'),
    })
    expect(await codeOf(() => users.select(col('*').plus(1) as never).collect())).toMatchObject({
      code: 'FRAME_PLAN_INVALID',
    })
  })
  test('refuse unions of different widths and by-name unions that lack a column', async () => {
    expect(await codeOf(() => orders.union(users).collect())).toMatchObject({ code: 'FRAME_PLAN_INVALID' })
    expect(await codeOf(() => orders.unionByName(users).collect())).toMatchObject({ code: 'COLUMN_UNKNOWN' })
  })
})

test('unionByName matches by name and fills what is missing with null', async () => {
  const a = createDataFrame([{ x: 1, y: 'a' }])
  const b = createDataFrame([{ z: true, x: 2 }])
  expect(await a.unionByName(b, { allowMissingColumns: true }).orderBy('x').collect()).toEqual([
    { x: 1, y: 'a', z: null },
    { x: 2, y: null, z: true },
  ])
})

test('sets, duplicates, samples and empty frames', async () => {
  const a = createDataFrame([{ v: 1 }, { v: 1 }, { v: 2 }])
  const b = createDataFrame([{ v: 1 }])
  expect(await a.subtract(b).collect()).toEqual([{ v: 2 }])
  expect(await a.exceptAll(b).orderBy('v').collect()).toEqual([{ v: 1 }, { v: 2 }])
  expect(await a.intersect(b).collect()).toEqual([{ v: 1 }])
  expect(await a.distinct().count()).toBe(2)
  expect(await a.withColumn('w', lit(1)).dropDuplicates(['w']).count()).toBe(1)
  const sample = range(10_000).sample(0.1, 3)
  const n = await sample.count()
  expect(n).toBeGreaterThan(500)
  expect(n).toBeLessThan(1500)
  expect(await createDataFrame([], 'a int').count()).toBe(0)
  expect(await a.filter('v > 5').isEmpty()).toBe(true)
})

/** The same steps on arrays of objects, for comparison. */
interface Step {
  readonly name: string
  readonly frame: (frame: Frame) => Frame
  readonly rows: (rows: AnyRow[]) => AnyRow[]
}

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.integer({ min: -3, max: 9 }).map(
    (n): Step => ({
      name: `filter ${n}`,
      frame: (f) => f.filter(col('a').gt(n)),
      rows: (rows) => rows.filter((row) => row.a > n),
    }),
  ),
  fc.integer({ min: -3, max: 3 }).map(
    (n): Step => ({
      name: `add ${n}`,
      frame: (f) => f.withColumn('a', col('a').plus(n)),
      rows: (rows) => rows.map((row) => ({ ...row, a: row.a + n })),
    }),
  ),
  fc.constant<Step>({
    name: 'case',
    frame: (f) => f.withColumn('b', when(col('a').gt(3), col('b')).otherwise(0)),
    rows: (rows) => rows.map((row) => ({ ...row, b: row.a > 3 ? row.b : 0 })),
  }),
  fc.constant<Step>({
    name: 'swap',
    frame: (f) => f.select(col('b').as('a'), col('a').as('b')),
    rows: (rows) => rows.map((row) => ({ a: row.b, b: row.a })),
  }),
  fc.nat({ max: 6 }).map(
    (n): Step => ({
      name: `top ${n}`,
      frame: (f) => f.orderBy('a', 'b').limit(n),
      rows: (rows) => [...rows].sort((p, q) => p.a - q.a || p.b - q.b).slice(0, n),
    }),
  ),
  fc.constant<Step>({
    name: 'distinct',
    frame: (f) => f.distinct(),
    rows: (rows) => [...new Map(rows.map((row) => [`${row.a} ${row.b}`, row])).values()],
  }),
  fc.constant<Step>({
    name: 'group',
    frame: (f) => f.groupBy('a').agg(sum('b').cast('int').as('b')),
    rows: (rows) =>
      [...new Set(rows.map((row) => row.a))].map((a) => ({
        a,
        b: rows.filter((row) => row.a === a).reduce((all, row) => all + row.b, 0),
      })),
  }),
  fc.constant<Step>({
    name: 'self join',
    frame: (f) => f.join(f.select('a').distinct(), 'a', 'semi'),
    rows: (rows) => rows,
  }),
  fc.constant<Step>({
    name: 'union',
    frame: (f) => f.union(f.filter(col('b').gt(2))),
    rows: (rows) => [...rows, ...rows.filter((row) => row.b > 2)],
  }),
)

test('any sequence of steps gives what the same steps give on plain arrays', async () => {
  const row = fc.record({ a: fc.integer({ min: -2, max: 8 }), b: fc.integer({ min: -2, max: 8 }) })
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 12 }),
      fc.array(steps, { maxLength: 6 }),
      async (rows, chain) => {
        const frame = chain.reduce<Frame>((f, step) => step.frame(f), createDataFrame(rows, 'a int, b int'))
        const expected = chain.reduce<AnyRow[]>((r, step) => step.rows(r), rows)
        const key = (one: AnyRow) => `${one.a} ${one.b}`
        expect((await frame.collect()).map(key).sort()).toEqual(expected.map(key).sort())
        // A plan is plain JSON: what comes out of another process computes the same.
        const copy = frameOf(JSON.parse(JSON.stringify(frame)))
        expect(await copy.count()).toBe(expected.length)
      },
    ),
    { numRuns: 60 },
  )
})

test('show prints a table in Spark’s style', async () => {
  const { showText } = await import('../../../src/data/frame/index.ts')
  const frame = createDataFrame([
    { id: 1, name: 'a long name that is cut off' },
    { id: 22, name: null },
  ])
  expect(await showText(frame.plan, 1)).toBe(
    `${['+---+--------------------+', '| id|                name|', '+---+--------------------+', '|  1|a long name that ...|', '+---+--------------------+'].join('\n')}\nonly showing top 1 row`,
  )
  expect(await showText(frame.select(avg('id').as('m')).plan)).toContain('|11.5|')
})

test('a reader refuses addresses it has no store for, by their line', async () => {
  expect(await codeOf(() => read.parquet('hdfs://lake/x/').collect())).toMatchObject({
    code: 'STORE_UNSUPPORTED',
    at: { file: expect.any(String) },
  })
})
