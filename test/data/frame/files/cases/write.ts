import { createDataFrame, type Frame } from '../../../../../src/data/frame/index.ts'
import type { FileCase, FileWrite } from '../file-case.ts'

function write(
  name: string,
  frame: Frame,
  format: FileWrite['format'],
  options: FileWrite['options'] = {},
  partitionBy?: readonly string[],
): FileCase {
  return {
    name: `${format}: ${name} ${JSON.stringify(options)}${partitionBy ? ` by ${partitionBy.join(', ')}` : ''}`,
    frame,
    write: { format, options, ...(partitionBy ? { partitionBy } : {}) },
  }
}

const TEXTS = [
  'plain',
  '',
  null,
  'a,b',
  'say "x"',
  '"q"',
  "it's",
  'back\\slash',
  '\\',
  '\\"',
  'tab\there',
  'line\nbreak',
  'carriage\rreturn',
  'both\r\nends',
  ' lead',
  'trail ',
  ' ',
  '\t',
  '#hash',
  'é\u{1F600}',
  ';',
  '|',
  'NULL',
  'null',
  '""',
  '"',
  'a"b',
  '{"j":1}',
  '\u0001',
  '/slash',
  '<b>&',
  '\u2028',
]
const texts = createDataFrame(
  TEXTS.map((t, i) => [i, t]),
  'i int, t string',
)
const numbers = createDataFrame(
  [
    [1, 1, '1', '1.5', 1.5, 0.1, true, '1.50'],
    [-128, 32767, '9223372036854775807', '1e10', 1e10, 1e-7, false, '-123456.78'],
    [null, null, null, null, null, null, null, null],
    [0, 0, '0', 'NaN', Number.NaN, Number.POSITIVE_INFINITY, true, '0.00'],
    [0, 0, '0', '0', 0, Number.NEGATIVE_INFINITY, true, '0.01'],
    [0, 0, '0', '3.4e38', 1.7976931348623157e308, 1e7, true, '99999999.99'],
    [0, 0, '0', '1', 100, 12345678.9, true, '1'],
  ].map((row) => row as unknown[]),
  'b tinyint, s smallint, l bigint, f float, d double, e double, o boolean, c decimal(10,2)',
)
const times = createDataFrame(
  [
    ['2024-02-29', '2024-02-29T12:34:56.789123Z', '2024-02-29 12:34:56.789123'],
    ['0001-01-01', '1900-01-01T00:00:00Z', '1900-01-01 00:00:00'],
    ['9999-12-31', '2024-06-30T23:59:59.100Z', '2024-06-30 23:59:59.1'],
    [null, null, null],
  ],
  'd date, t timestamp, n timestamp_ntz',
)
const nested = createDataFrame(
  [
    [1, { x: 1, y: 'a' }, [1, null, 3], { k: 1, l: null }, [{ z: 'q' }, null]],
    [2, { x: null, y: null }, [], {}, []],
    [3, null, null, null, null],
  ],
  'i int, s struct<x:int,y:string>, a array<int>, m map<string,int>, n array<struct<z:string>>',
)
const parted = createDataFrame(
  [
    [1, 'a', 'x/y', '2024-02-29'],
    [2, 'b', 'p=q', null],
    [3, null, '50%', '2024-03-01'],
    [4, '', 'é ü', '2024-03-01'],
    [5, 'a', 'a:b*c?"d', '2024-02-29'],
    [6, "it's", 'x#y{z}[w]^v\\u', '2024-02-29'],
  ],
  'i int, k string, v string, d date',
)
const binary = createDataFrame([[1, 'aGVsbG8=']], 'i int, t string')

export const cases: readonly FileCase[] = [
  write('texts', texts, 'csv'),
  write('texts', texts, 'csv', { header: true }),
  write('texts', texts, 'csv', { escape: '"' }),
  write('texts', texts, 'csv', { sep: ';' }),
  write('texts', texts, 'csv', { sep: '\t' }),
  write('texts', texts, 'csv', { sep: '||' }),
  write('texts', texts, 'csv', { quoteAll: true }),
  write('texts', texts, 'csv', { quote: "'" }),
  write('texts', texts, 'csv', { escapeQuotes: false }),
  write('texts', texts, 'csv', { nullValue: 'NULL' }),
  write('texts', texts, 'csv', { emptyValue: '' }),
  write('texts', texts, 'csv', { emptyValue: 'EMPTY', nullValue: 'NA' }),
  write('texts', texts, 'csv', { ignoreLeadingWhiteSpace: false, ignoreTrailingWhiteSpace: false }),
  write('numbers', numbers, 'csv'),
  write('times', times, 'csv'),
  write('times', times, 'csv', {
    dateFormat: 'dd.MM.yyyy',
    timestampFormat: 'dd.MM.yyyy HH:mm:ss.SSSSSS',
    timestampNTZFormat: 'yyyy/MM/dd HH:mm',
  }),
  write('nested', nested, 'csv'),
  write('parted', parted, 'csv', { header: true }, ['k']),
  write('parted', parted, 'csv', {}, ['d', 'v']),
  write('parted', parted, 'csv', {}, ['i', 'k', 'v', 'd']),
  write('names', createDataFrame([[1, 2]], '`a,b` int, ` c "d" ` int'), 'csv', { header: true }),
  write('no rows', createDataFrame([], 'a int, b string'), 'csv', { header: true }),
  write('texts', texts, 'json'),
  write('texts', texts, 'json', { ignoreNullFields: false }),
  write('numbers', numbers, 'json'),
  write('times', times, 'json'),
  write('times', times, 'json', { dateFormat: 'dd.MM.yyyy', timestampFormat: 'dd.MM.yyyy HH:mm:ss' }),
  write('nested', nested, 'json'),
  write('nested', nested, 'json', { ignoreNullFields: false }),
  write('parted', parted, 'json', {}, ['k', 'd']),
  write('names', createDataFrame([[1, 2]], '`a"b` int, `é c` int'), 'json'),
  write('no rows', createDataFrame([], 'a int, b string'), 'json'),
  write('texts', texts.select('t'), 'text'),
  write('texts', texts, 'text'),
  write('numbers', numbers.select('b'), 'text'),
  write('parted', parted.select('v', 'k'), 'text', {}, ['k']),
  write('lineSep', binary.select('t'), 'text', { lineSep: '|' }),
  write('lineSep', binary, 'csv', { lineSep: '|' }),
]
