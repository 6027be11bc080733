import { parseText } from '../../../../../src/data/frame/compile/parse-text.ts'
import { type Column, createDataFrame, type Frame } from '../../../../../src/data/frame/index.ts'

/** Edge values of each type that functions of numbers and times are tried with: the type and the values. */
export const EDGES = {
  int: ['int', [null, 0, 1, -1, 2, 5, 7, -7, 12, 20, 21, 25, 100, 2147483647, -2147483648]],
  tinyint: ['tinyint', [null, 0, 5, -1, 127, -128]],
  smallint: ['smallint', [null, 0, 5, -1, 32767, -32768]],
  bigint: ['bigint', [null, 0n, 1n, -1n, 5n, 12n, 255n, 32768n, 32769n, -32769n, 9007199254740993n, 9223372036854775807n, -9223372036854775808n]],
  double: ['double', [
    null, 0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 0.4, -0.4, 2.675, -2.675, 1.005, 0.1, 1e-5, 1e-7, 1e-10, 123456.789, 1e15,
    1234567890123456, 9e15, 1e16, 1e20, 0.49999999999999994, 1e308, -1e308, 5e-324, Number.NaN, Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY, 15, 25, -25, 45.5, 14.999999999,
  ]],
  float: ['float', [null, 0, 1.5, 2.5, -2.675, 1e30, Number.NaN, Number.POSITIVE_INFINITY]],
  decimal: ['decimal(10,2)', [null, '0.00', '1.00', '-1.00', '1.25', '-1.25', '2.50', '3.75', '15.00', '-25.00', '99999999.99', '-99999999.99']],
  wide: ['decimal(38,10)', [null, '0', '1.0000000005', '-1.25', '1234567890123456789012345678.0123456789']],
  text: ['string', [null, '', '1', '-25', ' 12 ', 'abc', 'NaN', 'ff', '10', '-10', '18446744073709551615', '18446744073709551616', 'zz', '7fffffffffffffff', '-9223372036854775809']],
  boolean: ['boolean', [null, true, false]],
  binary: ['binary', [null, '', 'AQ==', '/wE=', 'w6k=']],
  date: ['date', [null, '1970-01-01', '2024-02-29', '2023-12-31', '2024-01-31', '2024-12-30', '2000-02-29', '1900-02-28', '1582-10-10', '1582-10-15', '9998-12-31', '0002-01-01', '2021-01-03', '1969-12-31']],
  timestamp: ['timestamp', [
    null, '1970-01-01T00:00:00Z', '2024-02-29T13:45:10.123456Z', '2024-02-29T23:59:59.999999Z', '1969-12-31T23:59:59.5Z',
    '2024-12-31T00:00:00Z', '2024-03-10T02:30:00Z', '2024-03-10T07:30:00Z', '2024-11-03T05:30:00Z', '2024-11-03T06:30:00Z',
    '2024-03-31T01:30:00Z', '1900-01-01T00:00:00Z', '1883-11-18T12:00:00Z', '0002-01-01T00:00:00Z', '9998-12-31T23:59:59.999999Z',
    '1582-10-10T01:02:03Z',
  ]],
  timestamp_ntz: ['timestamp_ntz', [null, '1970-01-01T00:00:00', '2024-02-29T13:45:10.123456', '2024-03-10T02:30:00', '2024-11-03T01:30:00', '1969-12-31T23:59:59.5', '0002-01-01T00:00:00']],
  dates: ['string', [
    null, '', '2024-02-29', '2023-02-29', '2024-2-9', ' 2024-02-09 ', '2024/02/09', '2024-02-09 10:00:00', '2024-02-09T10:00:00Z',
    '2024-13-01', '2024', '2024-05', '20240209', '2024-02-09 25:00:00', '2024-02-09 10:00', '2024-02-09 10:00:00.1234567+02',
    'nonsense', '1900-02-29', '2024-02-09 10:00:00-05:30', '2024-02-09 10:00:00 America/New_York', '2024-02-09 1:2:3',
    '2024-02-30', '09.02.2024', 'Feb 9 2024', '2024-02-09 10:00:00.5', '99-02-09',
  ]],
} as const // biome-ignore format: a table
export type EdgeKind = keyof typeof EDGES

/** A frame with an edge value a row in the column `v`, and its number `i`. */
export function edgeFrame(kind: EdgeKind): Frame {
  const [type, all] = EDGES[kind]
  const rows = all.map((value, i) => [
    i,
    kind === 'binary' && value !== null ? Buffer.from(String(value), 'base64') : value,
  ])
  return createDataFrame(rows, `i int, v ${type}`)
}

/** A column over `v`, and the kinds of `v` it is tried with. */
export interface ColumnCase {
  readonly kinds: readonly EdgeKind[]
  readonly column: Column
  /** How its values are compared: doubles by nearly all of their digits, or one value of the whole frame. */
  readonly by?: 'approximate' | 'grouped'
}

/** A column tried with kinds of values, written with spaces in between. */
export function on(kinds: string, column: Column, by?: 'approximate' | 'grouped'): ColumnCase {
  return { kinds: kinds.split(' ') as EdgeKind[], column, ...(by ? { by } : {}) }
}

/** A case of the harness for each kind; every row is judged by itself where one fails. */
export function casesOf(table: readonly ColumnCase[]) {
  return table.flatMap(({ kinds, column, by }) =>
    kinds.map((kind) => ({
      name: `${column} of ${kind}`,
      frame: by === 'grouped' ? edgeFrame(kind).agg(column) : edgeFrame(kind).select('i', column),
      ...(by === 'grouped' ? {} : { eachRow: true as const }),
      ...(by === 'approximate' ? { approximate: true as const } : {}),
    })),
  )
}

/** The functions that an expression calls, by their names in plans. */
export function functionsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value).flatMap(functionsIn)
  if ('kind' in value && value.kind === 'sql' && 'parts' in value)
    return functionsIn(parseText(value.parts as string[]))
  return 'kind' in value && value.kind === 'call' && 'fn' in value ? [String(value.fn), ...inner] : inner
}
