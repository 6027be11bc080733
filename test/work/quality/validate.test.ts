import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Json } from '../../../src/base/kernel/index.ts'
import { join, type Sql, sql } from '../../../src/base/sql/index.ts'
import { type Engine, type EngineConnection, openDuckDb } from '../../../src/data/engine/index.ts'
import {
  type ExpectationResult,
  expectationTypes,
  type ResultFormat,
  type ResultFormatName,
  validate,
} from '../../../src/work/quality/index.ts'
import { CASES, ORDERS } from './cases.ts'
import { type Stated, suiteOf } from './suite-of.ts'

let engine: Engine
let connection: EngineConnection
beforeAll(async () => {
  engine = await openDuckDb()
  connection = await engine.connect()
})
afterAll(async () => {
  await connection[Symbol.asyncDispose]()
  await engine[Symbol.asyncDispose]()
})

async function outcome(
  stated: Stated,
  relation: Sql = ORDERS,
  resultFormat: ResultFormatName | ResultFormat = 'BASIC',
): Promise<ExpectationResult> {
  const result = await validate({ connection, relation, suite: suiteOf(stated), resultFormat })
  const [first] = result.results
  if (!first) throw new Error('no result')
  return first
}

describe('each expectation judges as Great Expectations does', () => {
  test.each(CASES)('%s %j', async (type, kwargs, success, seen) => {
    const result = await outcome([type, kwargs])
    expect(result.exception_info.exception_message).toBeNull()
    expect(result.success).toBe(success)
    expect(result.result).toMatchObject(seen)
  })

  test('and every kind of expectation is in that list', () => {
    const tried = new Set(CASES.map(([type]) => type))
    const untried = expectationTypes()
      .map(({ type }) => type)
      .filter((type) => !tried.has(type))
    // These differ from a tried one by a word, or need rows in order (parse-and-order.test.ts) or a past (past.test.ts).
    expect(untried).toEqual([
      'expect_table_row_count_to_be_usual',
      'expect_column_null_share_to_be_usual',
      'expect_column_values_to_be_increasing',
      'expect_column_values_to_be_decreasing',
      'expect_column_values_to_match_json_schema',
      'expect_column_values_to_not_match_like_pattern',
      'expect_column_values_to_match_like_pattern_list',
      'expect_table_columns_to_match_ordered_list',
      'expect_column_type_to_be',
    ])
  })
})

describe('row conditions', () => {
  const judged = async (row_condition: Json, relation?: Sql) =>
    (await outcome(['expect_table_row_count_to_equal', { value: 2, row_condition }], relation)).result.observed_value

  test.each<[Json, number]>([
    ['col("status") == "paid"', 2],
    ["col('amount') > 10.5", 2],
    ['col("email").notNull()', 4],
    ['col("day") <= date("2024-01-02")', 2],
    [{ type: 'comparison', column: { name: 'id' }, operator: 'IN', parameter: [1, 2] }, 2],
    [{ type: 'nullity', column: { name: 'day' }, is_null: true }, 1],
    [
      {
        type: 'or',
        conditions: [
          { type: 'comparison', column: { name: 'id' }, operator: '==', parameter: 1 },
          { type: 'nullity', column: { name: 'email' }, is_null: true },
        ],
      },
      2,
    ],
  ])('%j selects %i rows', async (condition, rows) => {
    expect(await judged(condition)).toBe(rows)
  })

  test('values are bound: a quote in one is no SQL', async () => {
    expect(await judged(`col("email") == "x' or '1'='1"`)).toBe(0)
  })

  test.each<[string, number]>([
    ['id > 1', 4],
    ["status == 'paid' and amount > 0", 1],
    ['status != "paid" | id == 1', 4],
    ['~(id in [1, 2]) & (day.isnull() or country in ("FR",))', 2],
    ['id == "1"', 0],
    ['`part_a` <= part_b', 1],
    ['not email.notnull()', 1],
  ])('text for pandas is read as DataFrame.query reads it: %s', async (row_condition, rows) => {
    const kwargs = { value: rows, row_condition, condition_parser: 'pandas' }
    expect((await outcome(['expect_table_row_count_to_equal', kwargs])).result.observed_value).toBe(rows)
  })

  test.each([
    ['id > 1', 'spark'],
    ['id.abs() > 1', 'pandas'],
    ['id > 1; drop table t', 'pandas'],
    ['@x > 1', 'pandas'],
  ])('what is not understood is refused, not guessed at: %s (%s)', async (row_condition, condition_parser) => {
    const result = await outcome([
      'expect_column_values_to_be_unique',
      { column: 'id', row_condition, condition_parser },
    ])
    expect(result.exception_info.error?.code).toBe('EXPECTATION_INVALID')
  })
})

test.each<[string, Record<string, Json>]>([
  ['expect_column_values_to_be_between', { column: 'email', min_value: 'a' }],
  ['expect_column_values_to_be_between', { column: 'amount', min_value: 10, max_value: 1 }],
  ['expect_column_values_to_be_between', { column: 'day', min_value: '2024-02-01', max_value: '2024-01-01' }],
  ['expect_column_values_to_be_increasing', { column: 'email' }],
  ['expect_column_values_to_match_json_schema', { column: 'status', json_schema: { type: 'object' } }],
  ['expect_table_columns_to_match_set', { column_set: null }],
  ['expect_table_column_count_to_equal', { value: 9, row_condition: 'col("id") == 1' }],
  [
    'expect_table_row_count_to_equal',
    {
      value: 9,
      row_condition: {
        type: 'and',
        conditions: [
          { type: 'nullity', column: { name: 'id' }, is_null: false },
          { type: 'or', conditions: [{ type: 'nullity', column: { name: 'day' }, is_null: true }] },
        ],
      },
    },
  ],
])('what Great Expectations refuses is refused: %s %j', async (type, kwargs) => {
  const { exception_info } = await outcome([type, kwargs])
  expect(exception_info.error).toMatchObject({ code: 'EXPECTATION_INVALID', hint: expect.stringMatching(/\w/) })
})

test('a number is compared with the numbers that texts are', async () => {
  const mixed = sql`(values (1, '1'), (2, '2.0'), (3, 'abc'), (4, null)) as t (n, s)`
  const { result } = await outcome(
    ['expect_column_pair_values_to_be_equal', { column_A: 'n', column_B: 's' }],
    mixed,
    'COMPLETE',
  )
  expect(result.unexpected_list).toEqual([
    [3, 'abc'],
    [4, null],
  ])
})

describe('a defect of one expectation', () => {
  const good: Stated = ['expect_column_values_to_be_between', { column: 'id', min_value: 1 }]

  test.each<[string, Stated, string, RegExp]>([
    [
      'an unknown name',
      ['expect_column_values_to_be_betwen', {}],
      'EXPECTATION_UNKNOWN',
      /Did you mean "expect_column_values_to_be_between"/,
    ],
    [
      'a missing column',
      ['expect_column_values_to_be_null', { column: 'emial' }],
      'COLUMN_UNKNOWN',
      /Did you mean "email"/,
    ],
    [
      'a wrong argument',
      ['expect_column_values_to_be_null', { column: 'email', mosty: 1 }],
      'EXPECTATION_INVALID',
      /Did you mean "mostly"/,
    ],
    ['no bound', ['expect_column_values_to_be_between', { column: 'id' }], 'EXPECTATION_INVALID', /at least one/],
    [
      'a bound of another type',
      ['expect_column_values_to_be_between', { column: 'day', min_value: 3 }],
      'EXPECTATION_INVALID',
      /type of the column/,
    ],
    [
      'an unknown parameter',
      ['expect_table_row_count_to_equal', { value: { $PARAMETER: 'n' } }],
      'EXPECTATION_INVALID',
      /none/,
    ],
    [
      'a pattern that is none',
      ['expect_column_values_to_match_regex', { column: 'email', regex: '(' }],
      'EXPECTATION_INVALID',
      /Python/,
    ],
    [
      'a pattern the engine refuses',
      ['expect_column_values_to_match_regex', { column: 'email', regex: 'a{1001}' }],
      'ENGINE_SQL',
      /(?:)/,
    ],
  ])('%s is told with its place, and the others are judged', async (_, bad, code, hint) => {
    const { results, success, statistics } = await validate({
      connection,
      relation: ORDERS,
      suite: suiteOf(good, bad, good),
    })
    expect(results.map((result) => result.success)).toEqual([true, false, true])
    expect(success).toBe(false)
    expect(statistics).toMatchObject({ evaluated_expectations: 3, successful_expectations: 2 })
    const { exception_info } = results[1] ?? {}
    expect(exception_info).toMatchObject({
      raised_exception: true,
      error: { code, at: { file: 'suites/test.json', line: 2 } },
    })
    expect(exception_info?.error?.hint ?? '').toMatch(hint)
  })

  test('is not a cancelled run: that is thrown', async () => {
    const signal = AbortSignal.abort()
    await expect(validate({ connection, relation: ORDERS, suite: suiteOf(good), signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    })
  })
})

describe('result formats', () => {
  const between: Stated = ['expect_column_values_to_be_in_set', { column: 'n', value_set: [0] }]
  const numbers = sql`(select i % 3 as n, i from range(90) as r (i)) as numbers`

  test('BOOLEAN_ONLY tells nothing but success', async () => {
    expect((await outcome(between, numbers, 'BOOLEAN_ONLY')).result).toEqual({})
  })
  test('BASIC lists twenty values', async () => {
    const { result } = await outcome(between, numbers, 'BASIC')
    expect(result.partial_unexpected_list).toHaveLength(20)
    expect(result).not.toHaveProperty('partial_unexpected_counts')
  })
  test('SUMMARY counts the listed values, most frequent first', async () => {
    const { result } = await outcome(between, numbers, { result_format: 'SUMMARY', partial_unexpected_count: 5 })
    expect(result.partial_unexpected_list).toEqual([1, 2, 1, 2, 1])
    expect(result.partial_unexpected_counts).toEqual([
      { value: 1, count: 3 },
      { value: 2, count: 2 },
    ])
  })
  test('COMPLETE lists all, with the columns that identify a row', async () => {
    const format: ResultFormat = { result_format: 'COMPLETE', unexpected_index_column_names: ['i'] }
    const { result } = await outcome(between, numbers, format)
    expect(result.unexpected_list).toHaveLength(60)
    expect(result.unexpected_index_list?.[0]).toEqual({ n: 1, i: 1 })
    expect(result.unexpected_index_query).toContain('select')
  })
})

test('COMPLETE lists 200 values and counts among them, but names every row by its columns', async () => {
  const numbers = sql`(select i % 3 as n, i from range(900) as r (i)) as numbers`
  const stated: Stated = ['expect_column_values_to_be_in_set', { column: 'n', value_set: [0] }]
  const plain = (await outcome(stated, numbers, 'COMPLETE')).result
  expect(plain.unexpected_list).toHaveLength(200)
  expect(plain.partial_unexpected_counts).toEqual([
    { value: 1, count: 100 },
    { value: 2, count: 100 },
  ])
  const format: ResultFormat = { result_format: 'COMPLETE', unexpected_index_column_names: ['i'] }
  const named = (await outcome(stated, numbers, format)).result
  expect(named.unexpected_list).toHaveLength(200)
  expect(named.unexpected_index_list).toHaveLength(600)
})

test('a relation without rows meets checks of rows, and its percentages are null', async () => {
  const none = sql`(select 1 as id where false) as none`
  const result = await outcome(['expect_column_values_to_be_between', { column: 'id', min_value: 5 }], none)
  expect(result).toMatchObject({
    success: true,
    result: { element_count: 0, unexpected_count: 0, unexpected_percent: null },
  })
})

test('where narrows what is validated', async () => {
  const { results } = await validate({
    connection,
    relation: ORDERS,
    where: sql`id = ${4}`,
    suite: suiteOf(['expect_table_row_count_to_equal', { value: 2 }]),
  })
  expect(results[0]?.success).toBe(true)
})

test('counts equal those of a model in JavaScript, whatever the values', async () => {
  const value = fc.option(fc.integer({ min: -4, max: 4 }), { nil: null })
  await fc.assert(
    fc.asyncProperty(
      fc.array(value, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: -4, max: 4 }),
      async (values, least) => {
        const relation = sql`(values ${join(values.map((one) => sql`(cast(${one} as integer))`))}) as t (n)`
        const present = values.filter((one) => one !== null)
        const suite = suiteOf(
          ['expect_column_values_to_be_between', { column: 'n', min_value: least }],
          ['expect_column_values_to_be_unique', { column: 'n' }],
          ['expect_column_unique_value_count_to_be_between', { column: 'n' }],
        )
        const { results } = await validate({ connection, relation, suite, resultFormat: 'COMPLETE' })
        const low = present.filter((one) => one < least)
        expect(results[0]?.result.unexpected_list).toEqual(low)
        const repeated = present.filter((one) => present.indexOf(one) !== present.lastIndexOf(one))
        expect(results[1]?.result.unexpected_count).toBe(repeated.length)
        expect([...(results[1]?.result.unexpected_list ?? [])].sort()).toEqual([...repeated].sort())
        expect(results[2]?.result.observed_value).toBe(new Set(present).size)
      },
    ),
    { numRuns: 25 },
  )
})
