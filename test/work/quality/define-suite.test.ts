import { expectTypeOf } from 'expect-type'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { sql } from '../../../src/base/sql/index.ts'
import { openDuckDb } from '../../../src/data/engine/index.ts'
import { createDataFrame, frameSession, withSession } from '../../../src/data/frame/index.ts'
import {
  type AnyExpectation,
  checkValues,
  defineExpectation,
  defineSuite,
  expectation,
  validate,
  validateFrame,
} from '../../../src/work/quality/index.ts'

const even = defineExpectation({
  type: 'expect_column_values_to_be_even',
  summary: 'Each number is even.',
  kwargs: z.strictObject({ column: z.string(), mostly: z.number().default(1) }),
  check: ({ column: name, mostly }, on) => {
    const column = on.column(name)
    return checkValues(column, mostly, sql`${column.sql} % 2 <> 0`)
  },
})

const suite = defineSuite({
  name: 'numbers',
  parameters: { least: 1 },
  expectations: [
    { type: 'expect_column_values_to_be_between', kwargs: { column: 'n', min_value: { $PARAMETER: 'least' } } },
    { type: 'expect_table_row_count_to_equal', kwargs: { value: 4 }, severity: 'warning' },
    expectation(even, { column: 'n', mostly: 0.5 }),
  ],
})

test('a suite in TypeScript is judged as one of a file, with expectations of your own', async () => {
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  const relation = sql`(values (1), (2), (3), (4)) as t (n)`
  const { results, suite_name } = await validate({ connection, relation, suite, own: [even] })
  expect(suite_name).toBe('numbers')
  expect(results.map(({ success }) => success)).toEqual([true, true, true])
  expect(results[2]?.result).toMatchObject({ unexpected_count: 2, partial_unexpected_list: [1, 3] })
  const unknown = await validate({ connection, relation, suite })
  expect(unknown.results[2]?.exception_info.error).toMatchObject({
    code: 'EXPECTATION_UNKNOWN',
    at: { file: 'defineSuite numbers', path: 'expectations.2' },
  })
})

test('the rows of a frame, or of its plan, are validated where they are computed', async () => {
  await using engine = await openDuckDb()
  await withSession(await frameSession({ engine }), async () => {
    const frame = createDataFrame([{ n: 1 }, { n: 2 }, { n: 0 }]).filter('n > 0')
    for (const data of [frame, { plan: frame.plan }]) {
      const { results, success } = await validateFrame(data, suite, { own: [even] })
      expect(success).toBe(false)
      expect(results.map((one) => one.success)).toEqual([true, false, true])
      expect(results[1]?.result.observed_value).toBe(2)
    }
  })
})

test('names and arguments are checked by the compiler', () => {
  expectTypeOf({ type: 'expect_column_to_exist', kwargs: { column: 'n' } } as const).toExtend<AnyExpectation>()
  // @ts-expect-error there is no such expectation
  defineSuite({ name: 's', expectations: [{ type: 'expect_column_values_to_be_betwen', kwargs: { column: 'n' } }] })
  // @ts-expect-error a column is missing
  defineSuite({ name: 's', expectations: [{ type: 'expect_column_values_to_be_unique', kwargs: {} }] })
  defineSuite({
    name: 's',
    // @ts-expect-error a set is a list
    expectations: [{ type: 'expect_column_values_to_be_in_set', kwargs: { column: 'n', value_set: 1 } }],
  })
  // @ts-expect-error it takes no such argument
  expectation(even, { column: 'n', mosty: 1 })
  defineSuite({
    name: 's',
    expectations: [
      {
        type: 'expect_column_mean_to_be_between',
        kwargs: { column: 'n', max_value: { $PARAMETER: 'most' }, row_condition: 'col("n") > 0' },
        severity: 'info',
      },
    ],
  })
})
