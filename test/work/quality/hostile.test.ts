import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as path } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Json } from '../../../src/base/kernel/index.ts'
import { id, join, type Sql, sql } from '../../../src/base/sql/index.ts'
import { type Engine, type EngineConnection, openDuckDb } from '../../../src/data/engine/index.ts'
import { readSuite, validate } from '../../../src/work/quality/index.ts'
import { type Stated, suiteOf } from './suite-of.ts'

let engine: Engine
let connection: EngineConnection
beforeAll(async () => {
  engine = await openDuckDb()
  connection = await engine.connect()
  await connection.execute(sql`create table precious as select 1 as a`)
})
afterAll(async () => {
  await connection[Symbol.asyncDispose]()
  await engine[Symbol.asyncDispose]()
})

const HOSTILE = [
  "'; drop table precious; --",
  '"; drop table precious; --',
  "' or '1'='1",
  'a\0b',
  '$1',
  '{{ ds }}',
  '{batch}',
  '*/ select 1 /*',
  '\\',
  '%_',
  '?',
  ':name',
  '\u2028',
  '🙂\ud800',
]
const piece = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'grapheme', maxLength: 6 }))
// A lone surrogate is no text that any engine holds.
const text = fc
  .array(piece, { maxLength: 3 })
  .map((all) => all.join(''))
  .filter((one) => one.isWellFormed())

async function judged(relation: Sql, ...stated: Stated[]) {
  const { results } = await validate({ connection, relation, suite: suiteOf(...stated), resultFormat: 'COMPLETE' })
  return results
}

function tableOf(name: string, values: readonly string[]): Sql {
  const lines = values.map((value) => sql`(${value})`)
  return sql`(values ${join(lines)}) as t (${id(name)})`
}

describe('hostile texts are values, wherever they stand', () => {
  test('in sets, in columns, in their names and in conditions', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 5 }),
        text.filter((one) => one !== '' && !one.includes('\0')),
        text,
        async (values, name, wanted) => {
          const condition: Json = { type: 'comparison', column: { name }, operator: '==', parameter: wanted }
          const [inSet, unique, counted, like] = await judged(
            tableOf(name, values),
            ['expect_column_values_to_be_in_set', { column: name, value_set: [wanted] }],
            ['expect_column_values_to_be_unique', { column: name }],
            ['expect_table_row_count_to_equal', { value: 1, row_condition: condition }],
            [
              'expect_column_values_to_match_like_pattern',
              { column: name, like_pattern: wanted.replaceAll(/[%_]/g, '%') },
            ],
          )
          const others = values.filter((value) => value !== wanted)
          expect(inSet?.exception_info.exception_message).toBeNull()
          expect(inSet?.result.unexpected_list).toEqual(others)
          expect(unique?.success).toBe(new Set(values).size === values.length)
          expect(counted?.result.observed_value).toBe(values.length - others.length)
          expect(like?.exception_info.raised_exception).toBe(false)
        },
      ),
      { numRuns: 60 },
    )
    expect(await connection.rows(sql`select a from precious`)).toHaveLength(1)
  })

  test('as patterns: matched or refused, and nothing else happens', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (regex) => {
        const [first, second] = await judged(
          tableOf('t', ['a', "b'"]),
          ['expect_column_values_to_match_regex', { column: 't', regex }],
          ['expect_table_row_count_to_equal', { value: 2 }],
        )
        const code = first?.exception_info.error?.code
        expect(code === undefined || code === 'EXPECTATION_INVALID' || code === 'ENGINE_SQL').toBe(true)
        expect(second?.success).toBe(true)
      }),
      { numRuns: 60 },
    )
    expect(await connection.rows(sql`select a from precious`)).toHaveLength(1)
  })

  test('more than one statement in the SQL of a suite is refused', async () => {
    for (const unexpected_rows_query of [
      'select * from {batch}; drop table precious',
      'select 1; select * from {batch}',
    ]) {
      const [result] = await judged(tableOf('t', ['a']), ['unexpected_rows_expectation', { unexpected_rows_query }])
      expect(result?.exception_info.raised_exception).toBe(true)
    }
    expect(await connection.rows(sql`select a from precious`)).toHaveLength(1)
  })
})

describe('a pattern that takes for ever', () => {
  const long = `${'a'.repeat(40)}!`
  test('is quick where the engine has no need to try every way', async () => {
    const [result] = await judged(tableOf('t', [long]), [
      'expect_column_values_to_match_regex',
      { column: 't', regex: '^(a+)+$' },
    ])
    expect(result?.result.unexpected_count).toBe(1)
  })

  test('is ended where it looks around, and the others are judged', async () => {
    const [slow, schema, quick] = await judged(
      tableOf('t', [long, JSON.stringify(long)]),
      ['expect_column_values_to_match_regex', { column: 't', regex: '^(?=(a+)+$)' }],
      ['expect_column_values_to_match_json_schema', { column: 't', json_schema: { pattern: '^(a+)+$' } }],
      ['expect_column_values_to_match_regex', { column: 't', regex: '(?=a)(?!b).' }],
    )
    expect(slow?.exception_info.error).toMatchObject({ code: 'EXPECTATION_INVALID', message: /longer than 5 s/ })
    expect(schema?.exception_info.error).toMatchObject({ code: 'EXPECTATION_INVALID', message: /longer than 5 s/ })
    expect(quick).toMatchObject({ success: true, result: { unexpected_count: 0 } })
  })

  test('a huge pattern and a huge set are refused or computed, not waited for', async () => {
    const values = Array.from({ length: 20_000 }, (_, index) => `v${index}`)
    const [pattern, set] = await judged(
      tableOf('t', ['v7', 'x']),
      ['expect_column_values_to_match_regex', { column: 't', regex: 'a|'.repeat(200_000) }],
      ['expect_column_values_to_be_in_set', { column: 't', value_set: values }],
    )
    expect(pattern?.exception_info.raised_exception || pattern?.success).toBe(true)
    expect(set?.result.unexpected_list).toEqual(['x'])
  })
})

test('each defect of a suite is one error at its place in the file, and the rest is judged', async () => {
  const file = path(await mkdtemp(path(tmpdir(), 'suite-')), 'orders.json')
  await writeFile(
    file,
    `{
  "name": "orders",
  "expectations": [
    { "type": "expect_column_values_to_be_betwen", "kwargs": { "column": "t" } },
    { "type": "expect_column_values_to_be_unique", "kwargs": { "column": "tt" } },
    { "type": "expect_column_values_to_be_in_set", "kwargs": {
        "column": "t",
        "value_set": "a" } },
    { "type": "expect_column_values_to_match_regex", "kwargs": { "column": "t", "regex": "a(" } },
    { "type": "expect_column_values_to_not_be_null", "kwargs": {
        "column": "t",
        "mostly": 2,
        "mosty": 1 } },
    { "type": "expect_column_values_to_match_regex", "kwargs": { "column": "t", "regex": "a{1001}" } },
    { "type": "expect_column_values_to_not_be_null", "kwargs": { "column": "t" } }
  ]
}
`,
  )
  const { results } = await validate({ connection, relation: tableOf('t', ['a']), suite: await readSuite(file) })
  const errors = results.map(({ exception_info: { error } }) => error && [error.code, error.at?.line])
  expect(errors).toEqual([
    ['EXPECTATION_UNKNOWN', 4],
    ['COLUMN_UNKNOWN', 5],
    ['EXPECTATION_INVALID', 8],
    ['EXPECTATION_INVALID', 9],
    ['EXPECTATION_INVALID', 13],
    ['ENGINE_SQL', 14],
    undefined,
  ])
  expect(results[4]?.exception_info.exception_message).toMatch(/mostly: .*; Unrecognized key: "mosty"/)
  expect(results[6]?.success).toBe(true)
})
