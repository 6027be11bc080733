import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DataType, Schema, Value } from '../../../../src/base/kernel/index.ts'
import { decodePath, encodePath } from '../../../../src/data/table/delta/file-path.ts'
import {
  deltaSchema,
  estimatedRows,
  fitSchema,
  formatSchema,
  formatStats,
  parseSchema,
  parseStats,
  partitionText,
} from '../../../../src/data/table/delta/index.ts'

const of = (kind: string) => ({ kind }) as DataType
const table = (...fields: [string, DataType][]): Schema => ({
  fields: fields.map(([name, type]) => ({ name, type, nullable: true })),
})

test('any path survives its way into the log and back, and is plain text there', () => {
  const segment = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('/'))
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 3 }), (segments) => {
      const path = segments.join('/')
      expect(decodePath(encodePath(path))).toBe(path)
      expect(encodePath(path)).toMatch(/^[A-Za-z0-9\-_.!~*'()%=/]*$/)
    }),
  )
  expect(encodePath('day=a%20b/part 1.parquet')).toBe('day=a%2520b/part%201.parquet')
})

test('partition values are written as the protocol says, type by type', () => {
  const cases: [Value, DataType, string | null][] = [
    [null, of('string'), null],
    ['', of('string'), null],
    ['a=b/ü', of('string'), 'a=b/ü'],
    [-7n, of('long'), '-7'],
    [7, of('integer'), '7'],
    [true, of('boolean'), 'true'],
    ['2024-02-29', of('date'), '2024-02-29'],
    ['2024-02-29 10:11:12.5+00', of('timestamp'), '2024-02-29T10:11:12.500000Z'],
    ['2024-02-29T10:11:12Z', of('timestamp'), '2024-02-29T10:11:12.000000Z'],
    ['2024-02-29T10:11:12.000001', of('timestamp_ntz'), '2024-02-29 10:11:12.000001'],
    ['2024-02-29 10:11:12', of('timestamp_ntz'), '2024-02-29 10:11:12'],
    ['1.5', { kind: 'decimal', precision: 10, scale: 2 }, '1.50'],
    ['-012', { kind: 'decimal', precision: 10, scale: 0 }, '-12'],
  ]
  for (const [value, type, text] of cases) expect([value, partitionText(value, type, 'c')]).toEqual([value, text])
})

test('a partition value of the wrong type is refused with the column named', () => {
  for (const [value, kind] of [
    ['x', 'long'],
    ['yes', 'boolean'],
    ['29.2.2024', 'date'],
    ['noon', 'timestamp'],
  ]) {
    expect(() => partitionText(value ?? '', of(kind ?? ''), 'day')).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining('"day"') }),
    )
  }
})

test('statistics keep every digit of longs and decimals', () => {
  const schema = table(
    ['id', of('long')],
    ['price', { kind: 'decimal', precision: 38, scale: 2 }],
    ['name', of('string')],
  )
  const stats = {
    rows: 3,
    min: { id: -9223372036854775808n, price: '-123456789012345678901234567890123456.78', name: 'a"b' },
    max: { id: 9223372036854775807n, price: '0.01', name: 'ü' },
    nulls: { id: 0, price: 1, name: 2 },
  }
  expect(parseStats(formatStats(stats, schema), schema)).toEqual(stats)
})

test('the rows of many files are told from the statistics of some of them and the sizes of all', () => {
  const file = (size: number, rows?: number) =>
    rows === undefined ? { size } : { size, stats: formatStats({ rows, min: {}, max: {}, nulls: {} }, table()) }
  expect(estimatedRows([file(100, 7), file(300, 5)])).toBe(12)
  expect(estimatedRows([file(100, 10), file(300)])).toBe(40)
  expect(estimatedRows(Array.from({ length: 1000 }, () => file(10, 3)))).toBe(3000)
  expect(estimatedRows([file(100)])).toBeUndefined()
  expect(estimatedRows([])).toBeUndefined()
})

test('statistics of text are cut to bounds that still hold', () => {
  const schema = table(['name', of('string')])
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 30, maxLength: 80 }), (text) => {
      const known = parseStats(
        formatStats({ rows: 1, min: { name: text }, max: { name: text }, nulls: {} }, schema),
        schema,
      )
      const bytes = (value: Value | undefined) => Buffer.from(String(value))
      expect(Buffer.compare(bytes(known?.min.name), Buffer.from(text))).toBeLessThanOrEqual(0)
      if (known?.max.name !== undefined) {
        expect(Buffer.compare(bytes(known.max.name), Buffer.from(text))).toBeGreaterThanOrEqual(0)
      }
    }),
  )
})

test('statistics leave out what JSON cannot hold, and partition columns', () => {
  const schema = table(['x', of('double')], ['day', of('date')])
  const text = formatStats(
    { rows: 1, min: { x: Number.NaN, day: '2024-01-01' }, max: { x: 1.5 }, nulls: { x: 0, day: 0 } },
    schema,
    ['day'],
  )
  expect(JSON.parse(text)).toEqual({ numRecords: 1, minValues: {}, maxValues: { x: 1.5 }, nullCount: { x: 0 } })
})

test('damaged statistics count as none', () => {
  const schema = table(['x', of('long')])
  for (const text of ['', 'null', '[]', '{"numRecords":', '{"numRecords":1,"minValues":{"x":1.5}}', undefined]) {
    expect(parseStats(text, schema)).toBeUndefined()
  }
})

const simple = fc.constantFrom<DataType>(of('string'), of('long'), of('timestamp_ntz'), {
  kind: 'decimal',
  precision: 12,
  scale: 3,
})
const type = fc.letrec<{ type: DataType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3 },
    simple,
    tie('type').map((element): DataType => ({ kind: 'array', element, containsNull: true })),
    tie('type').map((value): DataType => ({ kind: 'map', key: of('string'), value, valueContainsNull: false })),
    fc.array(tie('type'), { minLength: 1, maxLength: 3 }).map(
      (types): DataType => ({
        kind: 'struct',
        fields: types.map((member, index) => ({ name: `m${index}`, type: member, nullable: index !== 0 })),
      }),
    ),
  ),
})).type

test('any schema survives its way into the log and back', () => {
  fc.assert(
    fc.property(fc.array(type, { minLength: 1, maxLength: 4 }), (types) => {
      const schema: Schema = {
        fields: types.map((member, index) => ({
          name: `c${index}`,
          type: member,
          nullable: index % 2 === 0,
          metadata: { comment: 'x' },
        })),
      }
      expect(parseSchema(formatSchema(schema))).toEqual(schema)
    }),
  )
})

test('rows are widened where nothing is lost, and every column that does not fit is named', () => {
  const known = table(
    ['id', of('long')],
    ['price', { kind: 'decimal', precision: 12, scale: 2 }],
    ['at', of('timestamp')],
    ['note', of('string')],
  )
  const rows = table(['ID', of('integer')], ['price', of('short')], ['note', of('uuid')])
  expect(fitSchema(rows, known, 'fail')).toBe(known)
  const bad = table(['id', of('double')], ['price', of('long')], ['at', of('timestamp_ntz')], ['extra', of('date')])
  expect(() => fitSchema(bad, known, 'fail')).toThrow(
    expect.objectContaining({
      code: 'DELTA_SCHEMA_MISMATCH',
      data: {
        problems: [
          'column "id" is double in the rows and bigint in the table',
          'column "price" is bigint in the rows and decimal(12,2) in the table',
          'column "at" is timestamp_ntz in the rows and timestamp in the table',
          'column "extra" (date) is not in the table',
        ],
      },
    }),
  )
})

test('members of nested columns are merged like columns', () => {
  const struct = (...names: string[]): DataType => ({
    kind: 'struct',
    fields: names.map((name) => ({ name, type: of('long'), nullable: true })),
  })
  const list = (element: DataType): DataType => ({ kind: 'array', element, containsNull: true })
  const known = table(['items', list(struct('a', 'b'))])
  expect(() => fitSchema(table(['items', list(struct('b', 'c'))]), known, 'fail')).toThrow(/"items.element.c"/)
  expect(fitSchema(table(['items', list(struct('b', 'c'))]), known, 'merge')).toEqual(
    table(['items', list(struct('a', 'b', 'c'))]),
  )
})

test('types that Delta lacks become the next type that holds their values, or are refused', () => {
  const rows = table(['a', of('ubyte')], ['b', of('ulong')], ['c', of('hugeint')], ['d', of('json')])
  expect(deltaSchema(rows).fields.map((field) => field.type)).toEqual([
    of('short'),
    { kind: 'decimal', precision: 20, scale: 0 },
    { kind: 'decimal', precision: 38, scale: 0 },
    of('string'),
  ])
  expect(() => deltaSchema(table(['t', of('time')]))).toThrow(expect.objectContaining({ code: 'TYPE_UNSUPPORTED' }))
  expect(() => deltaSchema(table(['Customer Name', of('string')]))).toThrow(/Customer Name/)
  expect(() => deltaSchema(table(['id', of('long')], ['ID', of('long')]))).toThrow(/"id" and "ID"/)
})
