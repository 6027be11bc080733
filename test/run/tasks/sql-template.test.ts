import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inline, sql } from '../../../src/base/sql/index.ts'
import { openDuckDb } from '../../../src/data/engine/index.ts'
import { bindTemplate, inputBindings, runBindings } from '../../../src/run/tasks/sql-template.ts'

const values = {
  ds: '2024-02-29',
  dataIntervalStart: '2024-02-29T00:00:00.000Z',
  dataIntervalEnd: '2024-03-01T00:00:00.000Z',
  runId: 'r1',
  pipeline: 'p',
  task: 't',
  tryNumber: 1,
  vars: { country: "Côte d'Ivoire", limit: 5 },
}
const bindings = { ...runBindings(values), ...inputBindings(['my totals']) }
const bound = (text: string) => inline(bindTemplate(text, bindings, 'sql/x.sql'), 'duckdb')

test.each([
  ["where d = '{{ ds }}'", "where d = '2024-02-29'"],
  ["where path like 'day={{ ds }}/%' and n = '{{ds_nodash}}'", "where path like 'day=2024-02-29/%' and n = '20240229'"],
  ['where c = \'{{ var("country") }}\'', "where c = 'Côte d''Ivoire'"],
  ["select 'it''s {{ ds }}'", "select 'it''s 2024-02-29'"],
  [
    'select "{{ ds }}" -- {{ nothing }}\n/* {{ nothing }} */',
    'select "{{ ds }}" -- {{ nothing }}\n/* {{ nothing }} */',
  ],
  ['select 1 limit {{ vars.limit }}', 'select 1 limit 5'],
])('%s is bound as a value', (text, expected) => {
  expect(bound(text)).toBe(expected)
})

test('outside quotes a value keeps its type, and an input is its quoted name', async () => {
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  await connection.script('create table "my totals" as select date \'2024-02-29\' as d')
  const query = bindTemplate(
    'select {{ ds }} + 1 as next_day, {{ data_interval_end }} - {{ data_interval_start }} as length, count(*) as n from "my totals" where d = {{ ds }}',
    bindings,
  )
  expect(await connection.rows(query)).toEqual([
    { next_day: expect.stringMatching(/^2024-03-01/), length: expect.anything(), n: 1n },
  ])
})

test.each([
  ['select {{ d }}\n', 'TEMPLATE_VALUE', 1],
  ["select 1;\nselect '{{ nothing }}'", 'TEMPLATE_VALUE', 2],
  ['select 1\n{% if x %} {% endif %}', 'TEMPLATE_VALUE', 2],
])('%j is refused with its line', (text, code, line) => {
  expect(() => bound(text)).toThrow(
    expect.objectContaining({ code, at: expect.objectContaining({ file: 'sql/x.sql', line }) }),
  )
})

test('no value, whatever it holds, becomes code', async () => {
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  await fc.assert(
    fc.asyncProperty(
      fc
        .oneof(fc.string(), fc.constantFrom("'; drop table x; --", "''", "\\'", '{{ ds }}', '$$', '*/'))
        .filter((text) => !text.includes('\0')),
      async (country) => {
        const all = runBindings({ ...values, vars: { country } })
        const query = bindTemplate("select '{{ vars.country }}' as quoted, {{ vars.country }} as bare", all)
        expect(await connection.rows(sql`${query}`)).toEqual([{ quoted: country, bare: country }])
        const [row] = await connection.rows<{ quoted: string }>(
          bindTemplate(inline(query, 'duckdb').replaceAll('{{', '{ {'), all),
        )
        expect(row?.quoted).toBe(country.replaceAll('{{', '{ {'))
      },
    ),
    { numRuns: 60 },
  )
})
