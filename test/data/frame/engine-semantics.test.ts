import { describe, expect, test } from 'vitest'
import {
  avg,
  col,
  collectList,
  concat,
  createDataFrame,
  type Frame,
  lit,
  stddev,
  sum,
} from '../../../src/data/frame/index.ts'

/** The value `r` of a frame's only row, or the code of the error. */
async function answer(frame: Frame): Promise<unknown> {
  try {
    return (await frame.collect())[0]?.r
  } catch (thrown) {
    return (thrown as { code: string }).code
  }
}

const v = col('v')
const of = (type: string, ...values: unknown[]) =>
  createDataFrame(values.map((value) => [value]) as never, `v ${type}`) as Frame

/** Each kind of difference: the frame, what Spark answers, and what DuckDB does by itself. */
const DIFFERENCES: readonly (readonly [string, Frame, spark: unknown, engine: unknown])[] = [
  ['division by zero', of('int', 1).select(v.divide(0).as('r')), 'FRAME_VALUE', Number.POSITIVE_INFINITY],
  ['a remainder of a division by zero', of('int', 1).select(v.mod(0).as('r')), 'FRAME_VALUE', null],
  ['sums of bigint beyond 64 bits', of('bigint', 2n ** 63n - 1n, 1n).agg(sum('v').as('r')), 'FRAME_VALUE', 2n ** 63n],
  ['a quotient of decimals', of('decimal(10,2)', '1.00').select(v.divide(3).as('r')), '0.333333', 1 / 3],
  ['an average of decimals', of('decimal(10,2)', '1.00', '2.00').agg(avg('v').as('r')), '1.500000', 1.5],
  ['a product of decimals', of('decimal(10,2)', '1.50').select(v.multiply(v).as('r')), '2.2500', '2.2500'],
  [
    'a product of decimals beyond 18 digits',
    of('decimal(18,2)', '9999999999999999.99').select(v.multiply(v).as('r')),
    '99999999999999999800000000000000.0001',
    'FRAME_VALUE',
  ],
  ['a fraction as a whole number', of('double', 2.7).select(v.cast('int').as('r')), 2, 3],
  ['text as a whole number', of('string', '2.7').select(v.cast('int').as('r')), 'FRAME_VALUE', 3],
  ['text in arithmetic', of('string', '2').select(v.plus(lit(1)).as('r')), 3n, 'ENGINE_SQL'],
  ['a double as text', of('double', 1e10).select(v.cast('string').as('r')), '1.0E10', '10000000000.0'],
  [
    'a timestamp as text',
    of('timestamp', '2024-02-29T12:00:00Z').select(v.cast('string').as('r')),
    '2024-02-29 12:00:00',
    '2024-02-29 12:00:00+00',
  ],
  ['the spread of what is not finite', of('double', 1, Number.NaN).agg(stddev('v').as('r')), Number.NaN, 'ENGINE_SQL'],
  ['null among joined texts', of('string', null).select(concat(lit('a'), 'v').as('r')), null, 'a'],
  ['all values of none', of('int', null).filter(v.isNotNull()).agg(collectList('v').as('r')), [], null],
  ['the order of nulls', of('int', 1, null).orderBy('v').select(v.as('r')), null, 1],
]

describe('a frame with the engine’s semantics', () => {
  test.each(DIFFERENCES)('%s', async (_name, frame, spark, engine) => {
    expect([await answer(frame), await answer(frame.engineSemantics())]).toEqual([spark, engine])
  })

  test('opts out by itself: other sides and later steps are Spark’s', async () => {
    const ten = of('double', 2.7)
    const cut = v.cast('int').as('r')
    expect(await answer(ten.select('v').engineSemantics().select(cut))).toBe(2)
    const both = ten
      .select(cut)
      .engineSemantics()
      .crossJoin(ten.select(v.cast('int').as('s')))
    expect(await both.collect()).toEqual([{ r: 3, s: 2 }])
  })

  test('is one step of the plan, and the SQL is bare', async () => {
    const { explainText } = await import('../../../src/data/frame/index.ts')
    const frame = of('decimal(10,2)', '1.00')
      .agg(sum(v.multiply(v)).as('r'))
      .engineSemantics()
    const text = await explainText(frame.plan)
    expect(text).toMatch(/^== Plan ==\nEngineSemantics/)
    expect(text).toMatch(/select sum\(\("t1"\."v" \* "t1"\."v"\)\) as "r"/)
    expect(JSON.parse(JSON.stringify(frame.plan)).op).toBe('engineSemantics')
  })
})
