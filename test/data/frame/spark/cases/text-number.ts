import * as f from '../../../../../src/data/frame/index.ts'
import { type Column, createDataFrame, lit } from '../../../../../src/data/frame/index.ts'
import type { SparkCase } from '../spark-case.ts'
import { casesOf, on } from './edge-columns.ts'

const decimals = createDataFrame(
  [null, '0', '1', '-1', '12.5', '-12.5', '1234.567', '-1234.567', '0.05', '-0.5', '1234567', '123', '99999.99', '-0.001'].map((value, i) => [i, value]),
  'i int, v decimal(20,3)',
) // biome-ignore format: a list
const texts = createDataFrame(
  [
    null, '12.5', ' 12.5', '12.5 ', '1,234.5', '-12.5', '+12.5', '12.5-', '12.5+', '$12.5', '-$12.5', '$-12.5', '<12.5>', '<$12.5>', '12', '012', '.5', '0.50', '', 'abc',
    '1234', '12,34', '1 2', '<12>', '<12', '12>', '12.', '012.5', '012.50', '1', '-1', '1-', '1 -', '- 1', '$ 1', ',12', '1,,2', '１',
  ].map((value, i) => [i, value]),
  'i int, v string',
) // biome-ignore format: a list
const FORMATS = [
  '999', '000', '999.99', '000.00', '9,999.99', '0,000.00', '9G999D9', '.99', '9.', '9.S', '9.MI', '9.PR', 'S999.9', '999.9S', 'MI9,999.9', '9,999.9MI', '$999.9', '$9,999.99', '9,999.99PR',
  'S$999.9', '$999.9PR', 'S9,999PR', 'MI9,999S', 'S9,999MI', 's9d9', '0', '9,9', '0999', '9909', '999.90', '99,99,99.99', '9999999999999999.999', 'S0,000.0',
] // biome-ignore format: a list
const WRONG = [
  '',
  '9S9',
  'S9S',
  '999.9.9',
  'MI',
  'S',
  '9$',
  '99a',
  'PR9',
  '9PRS',
  'SMI9',
  '9,',
  '.',
  '9,.9',
  ',9',
  '9.9G9',
  '$$9',
  '$S9',
  '9S$',
  'L9',
]
const of = (frame: f.Frame, columns: readonly Column[]): SparkCase[] =>
  columns.map((column) => ({ name: `${column}`, frame: frame.select('i', column), eachRow: true }))

const printed = createDataFrame(
  [
    [0, null, null, null, null, null, null],
    [1, 42, 42n, 1.5, 'ab', true, '1.50'],
    [2, -42, -1n, -2.5, 'äöü', false, '-0.01'],
    [3, 0, 9223372036854775807n, 0, '', true, '0.00'],
    [4, 2147483647, -9223372036854775808n, 12345.678, 'x'.repeat(12), false, '99.99'],
    [5, -2147483648, 1234567n, Number.NaN, '🦀', true, null],
    [6, 65, 5n, Number.POSITIVE_INFINITY, 'A b', true, null],
    [7, 7, 8n, 1e10, 'tab\t', true, null],
    [8, 7, 8n, 0.00012345, null, true, null],
    [9, 7, 8n, 2.0005, null, true, null],
    [10, 7, 8n, 999999.95, null, true, null],
    [11, 7, 8n, 1e-10, null, true, null],
  ],
  'i int, n int, l bigint, x double, s string, b boolean, d decimal(4,2)',
)
const PATTERNS: readonly (readonly [pattern: string, columns: readonly string[]])[] = [
  ['%s %s %s %s %s %s', ['n', 'l', 'x', 's', 'b', 'd']], ['%d|%5d|%-5d|%05d', ['n', 'l', 'n', 'n']], ['%,d %+d % d %(d', ['l', 'l', 'n', 'n']], ['%x %X %o %#x', ['n', 'l', 'n', 'l']],
  ['%f', ['x']], ['%.2f|%10.1f|%-10.1f|%010.2f', ['x', 'x', 'x', 'x']], ['%,.2f %+.0f %(.1f', ['x', 'x', 'x']], ['%e %.2e %E', ['x', 'x', 'x']], ['%g %.3g', ['x', 'x']],
  ['%5s|%-5s|%.1s|%S', ['s', 's', 's', 's']], ['%2$s %1$s', ['n', 's']], ['%s %<s', ['n']], ['%b %B', ['b', 's']], ['%c', ['n']], ['%%%n', []], ['abc', []], ['%s', []], ['%d', ['x']], ['%d', ['s']], ['%f', ['n']], ['%d', ['d']], ['%q', ['n']], ['%', ['n']], ['50% of', ['n']],
] // biome-ignore format: a list

export const cases: readonly SparkCase[] = [
  ...of(decimals, [...FORMATS, ...WRONG].map((format) => f.toChar('v', lit(format)))),
  ...of(texts, [...FORMATS, ...WRONG].map((format) => f.tryToNumber('v', lit(format)))),
  ...of(texts, ['99.9', 'S$999.99', '9,999PR', '9'.repeat(39)].map((format) => f.toNumber('v', lit(format)))),
  ...casesOf([
    on('int bigint smallint double float wide text', f.toChar('v', lit('S9,999,999,990.00'))), on('boolean', f.toChar('v', lit('9'))),
    on('date timestamp timestamp_ntz', f.toChar('v', lit('yyyy-MM-dd')).as('t')), on('binary', f.toChar('v', lit('hex')).as('t')), on('binary', f.toVarchar('v', lit('base64')).as('t')), on('binary', f.toChar('v', lit('nope')).as('t')),
    on('int', f.toVarchar('v', lit('9999')).as('t')), on('int text', f.toNumber('v', lit('S9999999999'))), on('text', f.expr("try_to_number(v, 'S99')").as('t')),
  ]),
  ...of(printed, PATTERNS.flatMap(([pattern, columns]) => [f.formatString(pattern, ...columns), f.printf(lit(pattern), ...columns)])),
  ...casesOf([on('int bigint smallint tinyint double float decimal text date timestamp boolean', f.formatString('<%s>', 'v'))]),
  ...casesOf([on('float', f.formatString('%.3f %e', 'v', 'v')), on('text', f.printf('v', 'i'))]),
] // biome-ignore format: lists
