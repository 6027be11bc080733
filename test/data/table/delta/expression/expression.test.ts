import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Schema } from '../../../../../src/base/kernel/index.ts'
import { sql } from '../../../../../src/base/sql/index.ts'
import { type Engine, type EngineConnection, openDuckDb } from '../../../../../src/data/engine/index.ts'
import { Expressions } from '../../../../../src/data/table/delta/expression/table-expression.ts'

let engine: Engine
let connection: EngineConnection
beforeAll(async () => {
  engine = await openDuckDb({ threads: 1 })
  connection = await engine.connect()
})
afterAll(async () => {
  await connection[Symbol.asyncDispose]()
  await engine[Symbol.asyncDispose]()
})

const schema: Schema = {
  fields: [
    { name: 'id', type: { kind: 'long' }, nullable: true },
    { name: 'name', type: { kind: 'string' }, nullable: true },
    { name: 'Sold At', type: { kind: 'timestamp' }, nullable: true },
    { name: 'day', type: { kind: 'date' }, nullable: true },
    {
      name: 'at',
      type: { kind: 'struct', fields: [{ name: 'city', type: { kind: 'string' }, nullable: true }] },
      nullable: true,
    },
  ],
}
const over = new Expressions([{ alias: 't', schema }])
const ROW = sql`(select 7::bigint as id, 'it''s 50%' as name, timestamptz '2024-02-29 10:11:12+00' as "Sold At",
  date '2024-02-29' as day, {'city': 'Łódź'} as at)`

async function answerTo(text: string) {
  const [row] = await connection.rows<{ value: unknown }>(
    sql`select cast(${over.sql(text)} as varchar) as value from ${ROW} as t`,
  )
  return row?.value
}

// What Spark 4 answers to the same text.
test.each([
  ['id > 5 AND NOT name IS NULL', 'true'],
  ['id between 1 and 3 or t.ID = 7', 'true'],
  ['id IN (1, 2, 3)', 'false'],
  ['id not in (1, 2, 3)', 'true'],
  ["name = 'it\\'s 50%'", 'true'],
  ['name = "it\'s 50%"', 'true'],
  ["name like 'it%50\\\\%'", 'true'],
  ["name LIKE '%x'", 'false'],
  ["name RLIKE '[0-9]+'", 'true'],
  ['id <=> null', 'false'],
  ['null <=> null', 'true'],
  ['id is distinct from 7', 'false'],
  ['id + 1 * 2 - -3', '12'],
  ['id / 2', '3.5'],
  ['id div 2', '3'],
  ['-id % 4', '-3'],
  ['cast(2.9 as int)', '2'],
  ["cast('12' as bigint) + 1", '13'],
  ['case when id > 9 then 1 when id > 5 then 2 else 3 end', '2'],
  ["case id when 7 then 'seven' end", 'seven'],
  ['year(`Sold At`) * 100 + month(`Sold At`)', '202402'],
  ["date_format(`Sold At`, 'yyyy-MM-dd HH')", '2024-02-29 10'],
  ["date_trunc('MONTH', `Sold At`) = timestamp '2024-02-01 00:00:00'", 'true'],
  ['cast(`Sold At` as date) = day', 'true'],
  ["day >= date '2024-02-29'", 'true'],
  ['date_add(day, 1)', '2024-03-01'],
  ['dayofweek(day)', '5'],
  ["concat(name, null) is null and concat('a', 1) = 'a1'", 'true'],
  ["upper(substring('abcdef', 0, 2)) || substr('abcdef', -2)", 'ABef'],
  ['at.city', 'Łódź'],
  ['t.at.city', 'Łódź'],
  ['coalesce(null, id)', '7'],
  ['if(id > 1, 1.5, 2)', '1.5'],
  ['pmod(-7, 3)', '2'],
  ['-- a comment\nid = /* seven */ 7', 'true'],
  ['true != false', 'true'],
])('%s means what it means in Spark', async (text, expected) => {
  expect(await answerTo(text)).toBe(expected)
})

test.each([
  ['nope > 1', 'COLUMN_UNKNOWN'],
  ['t.nope > 1', 'COLUMN_UNKNOWN'],
  ['sha2(name, 256)', 'DELTA_EXPRESSION_UNSUPPORTED'],
  ['id > (select 1)', 'DELTA_EXPRESSION_UNSUPPORTED'],
  ['id >', 'DELTA_EXPRESSION_UNSUPPORTED'],
  ['id > 1; drop table x', 'DELTA_EXPRESSION_UNSUPPORTED'],
  ["name = 'open", 'DELTA_EXPRESSION_UNSUPPORTED'],
  ['constructor(id)', 'DELTA_EXPRESSION_UNSUPPORTED'],
  [`${'('.repeat(5000)}1${')'.repeat(5000)}`, 'DELTA_EXPRESSION_UNSUPPORTED'],
])('%s is refused by name', (text, code) => {
  expect(() => over.sql(text)).toThrow(expect.objectContaining({ code }))
})

test('a name that both sides have must say whose it is', () => {
  const both = new Expressions([
    { alias: 't', schema },
    { alias: 's', schema },
  ])
  expect(() => both.sql('id = 1')).toThrow(expect.objectContaining({ code: 'COLUMN_AMBIGUOUS' }))
  expect(() => both.sql('t.id = s.id')).not.toThrow()
})

test('what an expression says of columns is known, what it does not say is left open', () => {
  expect(
    over.condition("id >= 3 and 5 > id and name in ('a', 'b') and upper(name) = 'A' and day is not null", 't'),
  ).toEqual({
    kind: 'and',
    of: [
      {
        kind: 'and',
        of: [
          {
            kind: 'and',
            of: [
              {
                kind: 'and',
                of: [
                  { kind: 'compare', column: 'id', is: 'ge', value: '3', type: 'integer' },
                  { kind: 'compare', column: 'id', is: 'lt', value: '5', type: 'integer' },
                ],
              },
              {
                kind: 'or',
                of: [
                  { kind: 'compare', column: 'name', is: 'eq', value: 'a', type: 'string' },
                  { kind: 'compare', column: 'name', is: 'eq', value: 'b', type: 'string' },
                ],
              },
            ],
          },
          { kind: 'and', of: [] },
        ],
      },
      { kind: 'null', column: 'day', isNull: false },
    ],
  })
})
