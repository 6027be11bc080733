import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sql } from '../../../../src/base/sql/index.ts'
import { openState } from '../../../../src/base/state/index.ts'
import { openDuckDb } from '../../../../src/data/engine/index.ts'
import {
  keepValidation,
  readPast,
  resultDocs,
  type ValidationResult,
  validate,
} from '../../../../src/work/quality/index.ts'
import { observed } from '../../../../src/work/quality/outcome.ts'
import { median, robustScore } from '../../../../src/work/quality/robust-score.ts'
import { type Stated, suiteOf } from '../suite-of.ts'

const COUNT = 'expect_table_row_count_to_be_usual'
const SHARE = 'expect_column_null_share_to_be_usual'

const SHOWN: Omit<ValidationResult, 'results'> = {
  success: false,
  suite_name: 'usual',
  statistics: {
    evaluated_expectations: 1,
    successful_expectations: 0,
    unsuccessful_expectations: 1,
    success_percent: 0,
  },
  suite_parameters: {},
  meta: {},
}

/** Validates a table of so many rows, the last of which lack a value, day after day; gives the last result. */
async function daily(days: readonly (readonly [day: string, rows: number, missing: number])[], ...stated: Stated[]) {
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  await using state = await openState(':memory:', {})
  let result: ValidationResult | undefined
  for (const [day, rows, missing] of days) {
    const relation = sql`(select case when i < ${BigInt(rows - missing)} then i end as n from range(${BigInt(rows)}) as r (i)) as t`
    const past = await readPast(state, 'raw.orders', day)
    result = await validate({ connection, relation, suite: suiteOf(...stated), past })
    await keepValidation(state, 'raw.orders', result)
  }
  return result?.results ?? []
}

/** So many Wednesdays from the 3rd of January 2024 on, and the Saturday after each, which is quiet. */
function weeks(count: number): (readonly [string, number, number])[] {
  return Array.from({ length: count }, (_, week) => {
    const day = (offset: number) => new Date(Date.UTC(2024, 0, 3 + week * 7 + offset)).toISOString().slice(0, 10)
    return [[day(0), 1000 + (week % 3) * 10, 20 + week] as const, [day(3), 100 + week, 50] as const]
  }).flat()
}

test('a day is compared with days of its weekday: a quiet Saturday is usual, a quiet Wednesday is not', async () => {
  const saturday = await daily([...weeks(5), ['2024-02-10', 104, 52]], [COUNT, {}], [SHARE, { column: 'n' }])
  expect(saturday.map(({ success }) => success)).toEqual([true, true])
  expect(saturday[0]?.result.details).toMatchObject({ history: 5, enough_history: true, median: 102 })
  const wednesday = await daily([...weeks(5), ['2024-02-07', 104, 52]], [COUNT, {}], [SHARE, { column: 'n' }])
  expect(wednesday.map(({ success }) => success)).toEqual([false, false])
  expect(wednesday[0]?.result).toMatchObject({ observed_value: 104, details: { history: 5, median: 1010 } })
  const anyDay = await daily([...weeks(5), ['2024-02-07', 104, 52]], [COUNT, { same_weekday: false }])
  expect(anyDay[0]).toMatchObject({ success: true, result: { details: { history: 10 } } })
})

test('without enough history everything is usual, and the result says so', async () => {
  const results = await daily(
    [...weeks(3), ['2024-01-24', 5, 5]],
    [COUNT, {}],
    [SHARE, { column: 'n', min_history: 3 }],
  )
  expect(results[0]).toMatchObject({ success: true, result: { details: { history: 3, enough_history: false } } })
  expect(results[1]).toMatchObject({ success: false, result: { observed_value: 1, details: { history: 3 } } })
})

test('a day that is validated again counts once, and not for itself', async () => {
  const again = Array.from({ length: 6 }, () => ['2024-02-07', 9, 0] as const)
  const results = await daily([...weeks(5), ...again], [COUNT, {}])
  expect(results[0]).toMatchObject({ success: false, result: { details: { history: 5, median: 1010 } } })
})

test('a row condition has a past of its own', async () => {
  const only: Stated = [COUNT, { row_condition: 'col("n") < 100', same_weekday: false }]
  const results = await daily([...weeks(2), ['2024-02-07', 1000, 0]], only, [COUNT, { same_weekday: false }])
  expect(results[0]).toMatchObject({ success: true, result: { observed_value: 100 } })
  expect(results[1]?.result.details).toMatchObject({ history: 4 })
})

test('sixty days with a weekday pattern and gaps: what breaks the pattern is found, and told beside what is usual', async () => {
  const day = (i: number) => new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10)
  // Quiet at weekends, growing a little, with days that are missing.
  const rowsOn = (i: number) => ([5, 6].includes(i % 7) ? 300 : 1000) + i + ((i * 13) % 9)
  const days = Array.from({ length: 60 }, (_, i) => [day(i), rowsOn(i), 10] as const).filter((_, i) => i % 11 !== 4)
  const usualDay = await daily([...days, [day(60), rowsOn(60), 10]], [COUNT, {}])
  expect(usualDay[0]?.success).toBe(true)
  const [half] = await daily([...days, [day(60), Math.round(rowsOn(60) / 2), 10]], [COUNT, {}])
  expect(half?.success).toBe(false)
  expect(half ? resultDocs([{ ...SHOWN, results: [half] }], { title: 'half', madeAt: new Date(0) }) : '').toMatch(
    /"53\d; usual is 1,03\d(\.5)?"/,
  )
  expect(half ? observed(half) : '').toMatch(/^observed 53\d; usual is 1,03\d(\.5)?, by [78] days$/)
  const quiet = await daily([...days, [day(61), rowsOn(61), 10]], [COUNT, {}])
  expect(quiet[0]?.success).toBe(true)
  const busy = await daily([...days, [day(61), rowsOn(60), 10]], [COUNT, {}])
  expect(busy[0]?.success).toBe(false)
  const [few] = await daily([...days.slice(0, 2), [day(60), 1, 0]], [COUNT, {}])
  expect(few ? observed(few) : '').toMatch(/^observed 1; \d days? of history, too few to tell$/)
})

test('data without a past is refused, not passed', async () => {
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  const { results } = await validate({ connection, relation: sql`(select 1 as n) as t`, suite: suiteOf([COUNT, {}]) })
  expect(results[0]?.exception_info.error?.code).toBe('EXPECTATION_INVALID')
})

test('the score does not depend on unit or origin, and one outlier among the others hardly moves it', () => {
  const few = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 5, maxLength: 30 })
  fc.assert(
    fc.property(few, fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 1, max: 9 }), (others, value, unit) => {
      const scaled = robustScore(
        value * unit + 7,
        others.map((other) => other * unit + 7),
      )
      const score = robustScore(value, others)
      if (Number.isFinite(score)) expect(scaled).toBeCloseTo(score, 6)
      else expect(scaled).toBe(score)
    }),
  )
  expect(median([])).toBeUndefined()
  expect(robustScore(10, [1, 2, 3, 4, 5])).toBeCloseTo(7 / 1.482602, 6)
  expect(robustScore(10, [1, 2, 3, 4, 1e9])).toBeCloseTo(7 / 1.482602, 6)
  expect(robustScore(6, [5, 5, 5, 5, 10])).toBeCloseTo(1 / 1.253314, 6)
  expect(robustScore(6, [5, 5, 5, 5])).toBe(Number.POSITIVE_INFINITY)
})
