import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Json } from '../../../src/base/kernel/index.ts'
import { join, type Sql, sql } from '../../../src/base/sql/index.ts'
import { type Engine, type EngineConnection, openDuckDb } from '../../../src/data/engine/index.ts'
import { validate } from '../../../src/work/quality/index.ts'
import { suiteOf } from './suite-of.ts'

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

function texts(...all: readonly (string | null)[]): Sql {
  return sql`(values ${join(all.map((one) => sql`(cast(${one} as varchar))`))}) as t (x)`
}

async function unexpected(type: string, kwargs: Record<string, Json>, relation: Sql): Promise<unknown> {
  const suite = suiteOf([type, { column: 'x', ...kwargs }])
  const { results } = await validate({ connection, relation, suite, resultFormat: 'COMPLETE' })
  return results[0]?.exception_info.exception_message ?? results[0]?.result.unexpected_list
}

describe('a strftime format is read as Python reads it', () => {
  test.each<[string, string[], string[]]>([
    ['%Y-%m-%d', ['2024-02-29', '2024-2-9', '0001-01-01'], ['2023-02-29', '24-01-01', '2024-01-01 ', '0000-01-01']],
    ['%d.%m.%y', ['29.02.00', '31.12.99'], ['29.02.99', '31.04.20']],
    ['%d %B, %I:%M %p', ['05 March,  07:30 pm', '5 MARCH, 12:00 AM'], ['05 Mrch, 07:30 pm', '05 March, 13:00 pm']],
    ['%H:%M:%S.%f%z', ['23:59:59.123456+02:00', '0:0:0.1Z'], ['24:00:00.0Z', '23:59:60.0Z']],
    ['100%% (%Y)', ['100% (1999)'], ['100%% (1999)']],
  ])('%s', async (strftime_format, good, bad) => {
    const found = await unexpected(
      'expect_column_values_to_match_strftime_format',
      { strftime_format },
      texts(...good, ...bad, null),
    )
    expect(found).toEqual(bad)
  })

  test('and a directive that strptime does not have is refused', async () => {
    const type = 'expect_column_values_to_match_strftime_format'
    expect(await unexpected(type, { strftime_format: '%Q' }, texts('x'))).toContain('%Q')
  })
})

test('JSON is what Python reads as JSON, and hostile texts stay values', async () => {
  const good = ['{}', '[1, NaN, -Infinity]', ' "a" ', 'null', '1e5', String.raw`"\ud800"`]
  const bad = ['', '{bad', "'; drop table t; --", '{"a": NaNa}', '"\n"', '[1,]', '[nan]']
  expect(await unexpected('expect_column_values_to_be_json_parseable', {}, texts(...good, ...bad, null))).toEqual(bad)
})

test('a moment is what dateutil reads as one', async () => {
  const good = [
    '2024-01-31T10:15:00Z',
    '31/12/2023',
    'Jan of 99',
    '5pm',
    'Tue 3 Feb, 10h30',
    '20240131T1015',
    '12:30 GMT+3',
  ]
  const bad = ['', 'yesterday', '2024-13-45', '2024-02-30', '10:61', '24:00', 'am', '1.2.3.4']
  expect(await unexpected('expect_column_values_to_be_dateutil_parseable', {}, texts(...good, ...bad))).toEqual(bad)
})

test('a JSON Schema judges nested members, references and types', async () => {
  const json_schema = {
    $defs: { positive: { type: 'integer', exclusiveMinimum: 0 } },
    type: 'object',
    required: ['n'],
    properties: {
      n: { $ref: '#/$defs/positive' },
      tags: { type: 'array', items: { enum: ['a', 'b'] }, uniqueItems: true },
    },
    additionalProperties: false,
  }
  const good = ['{"n": 1}', '{"n": 2.0, "tags": ["a", "b"]}']
  const bad = ['{"n": 0}', '{"tags": []}', '{"n": 1, "m": 2}', '{"n": 1, "tags": ["a", "a"]}', '[]', 'null']
  expect(
    await unexpected('expect_column_values_to_match_json_schema', { json_schema }, texts(...good, ...bad)),
  ).toEqual(bad)
})

test('rows are compared with the one before them, over missing values', async () => {
  const numbers = sql`(select unnest([1, 2, null, 2, 1, 5]) as x) as t`
  expect(await unexpected('expect_column_values_to_be_increasing', {}, numbers)).toEqual([1])
  expect(await unexpected('expect_column_values_to_be_increasing', { strictly: true }, numbers)).toEqual([2, 1])
  expect(await unexpected('expect_column_values_to_be_decreasing', {}, numbers)).toEqual([2, 5])
  const many = sql`(select i as x from range(300000) as r (i)) as t`
  expect(await unexpected('expect_column_values_to_be_increasing', { strictly: true }, many)).toEqual([])
})
