import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvRows, inferSeed } from '../../../src/work/model/seed-csv.ts'

const types = (text: string): string[] =>
  inferSeed(text, { file: 's.csv', delimiter: ',', types: new Map() }).columns.map(({ type }) => type)

test('columns get the types that dbt infers', () => {
  expect(
    types('a,b,c,d,e,f,g,h\n1,1.5,2024-01-31,2024-01-31 10:00:00,2024-01-31T10:00:00Z,true,x,\n,2,,,,FALSE,1,'),
  ).toEqual([
    'integer',
    'double',
    'date',
    'timestamp without time zone',
    'timestamp without time zone',
    'boolean',
    'text',
    'integer',
  ])
})

test('numbers without a fraction are whole, and wide where they must be', () => {
  expect(types('a,b\n1.0,3000000000\n2.0,1')).toEqual(['integer', 'bigint'])
})

test('a date that does not exist makes the column text', () => {
  expect(types('a\n2024-02-30')).toEqual(['text'])
})

test('every table survives being written and read as CSV', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é') })
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 4 }),
      fc.array(fc.array(cell, { minLength: 4, maxLength: 4 }), { maxLength: 5 }),
      (width, rows) => {
        const table = rows.map((row) => row.slice(0, width))
        const text = table.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')).join('\r\n')
        expect([...csvRows(text, ',', 's.csv')].map(({ cells }) => cells)).toEqual(table)
      },
    ),
  )
})

test('a row of another width is refused with its line', () => {
  expect(() => types('a,b\n1,"x\ny"\n1,2,3')).toThrow(
    expect.objectContaining({ code: 'MODEL_INVALID', at: { file: 's.csv', line: 4 } }),
  )
})

test('a quote that is never closed is refused with the line it opens on', () => {
  expect(() => types('a\n1\n"x\n\n')).toThrow(expect.objectContaining({ at: { file: 's.csv', line: 3 } }))
})
