import { frameOf } from '../../../../../src/data/frame/index.ts'
import { parseSchema } from '../../../../../src/data/frame/schema-text.ts'
import type { FileCase } from '../file-case.ts'

type Options = Readonly<Record<string, string | number | boolean>>

function csv(name: string, text: string | Uint8Array, options: Options = {}, schema?: string): FileCase {
  return {
    name: `${name} ${JSON.stringify(options)}${schema ? ` as ${schema}` : ''}`,
    frame: frameOf({
      op: 'read',
      format: 'csv',
      paths: ['in.csv'],
      options,
      ...(schema ? { schema: parseSchema(schema) } : {}),
    }),
    files: { 'in.csv': text },
  }
}

const header = { header: true }
const three = 'a string, b string, c string'

/** Odd texts, each read in several ways. */
const TEXTS: Record<string, string> = {
  plain: 'a,b,c\n1,x,2.5\n2,y,3\n',
  'no end of line': 'a,b,c\n1,x,2.5',
  quotes: 'a,b,c\n"1","x,y","2"\n"q""q","it""s",""\n"","",""\n',
  backslashes: 'a,b,c\n"q\\"q",x\\y,\\\n"a\\\\",b,c\n\\"x,y,z\n',
  'quotes inside': 'a,b,c\nx"y,"x"y,"x" y\n"x"y",b,c\n "x", "y,z" ,c\nx",y,z\n',
  'open quote': 'a,b,c\n1,"x,2\n3,y,4\n',
  'open quote at end': 'a,b,c\n1,2,"x\n',
  'many lines in quotes': 'a,b,c\n1,"x\ny",2\n3,"p\r\nq\r\n",4\n',
  'short and long rows': 'a,b,c\n1\n1,2\n1,2,3,4\n1,2,3,4,5\n,\n,,,\n',
  'empty lines': '\n\na,b,c\n\n1,2,3\n   \n\t\n4,5,6\n\n',
  spaces: ' a , b ,c\n 1 , x , " y "\n  , ,\t\n"  p  ",  "q"  ,r\n',
  'carriage returns': 'a,b,c\r1,2,3\r4,5,6\r',
  'windows lines': 'a,b,c\r\n1,2,3\r\n4,,6\r\n',
  'mixed lines': 'a,b,c\r\n1,2,3\n4,5,6\r7,8,9\n',
  comments: '#first\na,b,c\n#1,2,3\n1,#2,3\n "#x",2,3\n',
  unicode: '\ufeffa,b,c\né,\u{1F600},"ß,ü"\n\u00a0,\u2028,\u3000x\n',
  'same names': 'a,A,a\n1,2,3\n',
  'no names': 'a,,\n1,2,3\n',
  'one column': 'a\n1\n""\n\n2\n',
  'only a header': 'a,b,c\n',
  nothing: '',
  nulls: 'a,b,c\nNA,null,\n"NA","null",""\nNaN,-,\\N\n',
  'other separators': 'a;b|c\n1;2|3\n"x;y";"p|q"\n',
  tabs: 'a\tb\tc\n1\t\t3\n"x\ty"\tz\t\n',
}

const READINGS: readonly (readonly [Options, string?])[] = [
  [{}],
  [header],
  [{}, three],
  [header, three],
  [{ header: true, inferSchema: true }],
  [{ header: true, multiLine: true }],
  [{ header: true, escape: '"' }],
  [{ header: true, quote: '' }],
  [{ header: true, quote: "'" }],
  [{ header: true, ignoreLeadingWhiteSpace: true, ignoreTrailingWhiteSpace: true }],
  [{ header: true, mode: 'DROPMALFORMED' }, three],
  [{ header: true, mode: 'FAILFAST' }, three],
  [{ header: true }, `${three}, _corrupt_record string`],
]

const odd = Object.entries(TEXTS).flatMap(([name, text]) =>
  READINGS.map(([options, schema]) => csv(name, text, options, schema)),
)

const separators = [
  csv('sep ;', TEXTS['other separators'] ?? '', { header: true, sep: ';' }),
  csv('delimiter |', TEXTS['other separators'] ?? '', { header: true, delimiter: '|' }),
  csv('tab', TEXTS.tabs ?? '', { header: true, sep: '\\t' }),
  csv('tab', TEXTS.tabs ?? '', { header: true, sep: '\t', inferSchema: true }),
  csv('two characters', 'a||b||c\n1||2|3||"x||y"\n', { header: true, sep: '||' }),
  csv('escape ^', 'a,b\n"x^"y",z^\n"x^^",y\n', { header: true, escape: '^' }),
  csv('a quote behind an escaped escape', 'a,b\n"a\\\\"",b"\n', header),
  csv('escaped escape', 'a,b\n"x\\\\",y\n"x#\\"",y\n', { header: true, charToEscapeQuoteEscaping: '#' }),
  csv('comment', TEXTS.comments ?? '', { header: true, comment: '#' }),
  csv('comment', TEXTS.comments ?? '', { comment: '#' }, three),
  csv('nullValue', TEXTS.nulls ?? '', { header: true, nullValue: 'NA' }),
  csv('nullValue', TEXTS.nulls ?? '', { header: true, nullValue: 'null', emptyValue: 'EMPTY' }),
  csv('emptyValue', TEXTS.quotes ?? '', { header: true, emptyValue: 'EMPTY' }),
  csv('lineSep', 'a,b;1,2;3,4', { header: true, lineSep: ';' }),
  csv('encoding', Buffer.from('a,b\né,ü\n', 'latin1'), { header: true, encoding: 'ISO-8859-1' }),
  csv('encoding', Buffer.from('a,b\né,ü\n', 'utf16le'), { header: true, encoding: 'UTF-16LE', multiLine: true }),
  csv('enforceSchema', TEXTS.plain ?? '', { header: true, enforceSchema: false }, 'a int, b string, c double'),
  csv('enforceSchema', TEXTS.plain ?? '', { header: true, enforceSchema: false }, 'a int, x string, c double'),
  csv('enforceSchema', TEXTS.plain ?? '', { header: true, enforceSchema: true }, 'b string, a string, c string'),
  csv('unescapedQuoteHandling', TEXTS['quotes inside'] ?? '', {
    header: true,
    unescapedQuoteHandling: 'STOP_AT_CLOSING_QUOTE',
  }),
  csv('maxCharsPerColumn', TEXTS.plain ?? '', { header: true, maxCharsPerColumn: 100 }),
]

/** A column of texts as each type. */
const VALUES = [
  '1',
  '-1',
  '+1',
  ' 1',
  '1 ',
  '1.0',
  '1.5',
  '.5',
  '5.',
  '1e3',
  '1E-2',
  '-1e400',
  '9999999999',
  '99999999999999999999',
  '0x10',
  '1_000',
  '007',
  'NaN',
  'nan',
  'Inf',
  '-Inf',
  'Infinity',
  '-Infinity',
  'true',
  'TRUE',
  'True',
  'false',
  'yes',
  't',
  'x',
  '-',
  '1,5',
  '1d',
  '1f',
  '1L',
  '2024-02-29',
  '2024-02-30',
  '2024-2-9',
  '20240229',
  '2024',
  '2024-02',
  '29.02.2024',
  '2024-02-29T12:34:56',
  '2024-02-29 12:34:56',
  '2024-02-29 12:34:56.789',
  '2024-02-29T12:34:56.123456Z',
  '2024-02-29T12:34:56+02:00',
  '2024-02-29 12:34',
  '2024-02-29T25:00:00',
  '128',
  '-129',
  '32768',
  '3.999',
  '123456789.12',
  '1.005',
  '0001-01-01',
  '9999-12-31',
  '10000-01-01',
  '2024-02-29 12:34:56 Europe/Berlin',
  '2024-02-29T12:34:56.1',
]
const TYPES = [
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'float',
  'double',
  'boolean',
  'decimal(10,2)',
  'date',
  'timestamp',
  'timestamp_ntz',
  'binary',
]
const column = VALUES.map((value, i) => `${i}|${value}`).join('\n')
const typed = TYPES.map((type) => csv('values', column, { sep: '|' }, `i int, v ${type}, _corrupt_record string`))
const failing = ['int', 'double', 'date', 'timestamp', 'decimal(10,2)'].map((type) =>
  csv('values', column, { sep: '|', mode: 'DROPMALFORMED' }, `i int, v ${type}`),
)
const single = VALUES.map((value) => csv(`infer ${value}`, `${value}\n`, { sep: '|', inferSchema: true }))
const pairs: readonly (readonly string[])[] = [
  ['1', '2.5'],
  ['1', '9999999999'],
  ['1', 'x'],
  ['1', ''],
  ['1', 'true'],
  ['2024-02-29', '1'],
  ['2024-02-29', '2024-02-29T12:34:56'],
  ['2024-02-29T12:34:56', '2024-02-29T12:34:56Z'],
  ['99999999999999999999', '1.5'],
  ['1', '99999999999999999999'],
  ['true', 'false'],
  ['NaN', '1'],
  ['2024-02-29', 'x'],
  ['1', 'NaN'],
  ['', ''],
]
const merged = pairs.map((values) =>
  csv(`infer ${values.join(' and ')}`, `v|w\n${values.map((v) => `${v}|1`).join('\n')}\n`, {
    sep: '|',
    header: true,
    inferSchema: true,
  }),
)

const times = '31.01.2024|31.01.2024 13:14:15\n1.2.2024|x\n2024-01-31|2024-01-31 01:02:03\n'
const formats = [
  csv(
    'formats',
    times,
    { sep: '|', dateFormat: 'dd.MM.yyyy', timestampFormat: 'dd.MM.yyyy HH:mm:ss' },
    'd date, t timestamp',
  ),
  csv('formats', times, { sep: '|', dateFormat: 'd.M.yyyy' }, 'd date, t string'),
  csv(
    'formats',
    times,
    { sep: '|', dateFormat: 'dd.MM.yyyy', timestampFormat: 'dd.MM.yyyy HH:mm:ss', mode: 'DROPMALFORMED' },
    'd date, t timestamp',
  ),
  csv('formats', times, {
    sep: '|',
    dateFormat: 'dd.MM.yyyy',
    timestampFormat: 'dd.MM.yyyy HH:mm:ss',
    inferSchema: true,
  }),
  csv('formats', '31.01.2024|x\n', { sep: '|', dateFormat: 'dd.MM.yyyy', inferSchema: true }),
  csv(
    'timestampNTZFormat',
    '31.01.2024 13|x\n',
    { sep: '|', timestampNTZFormat: 'dd.MM.yyyy HH' },
    'd timestamp_ntz, x string',
  ),
  csv('preferDate', '2024-01-31|x\n', { sep: '|', preferDate: false, inferSchema: true }),
  csv(
    'nanValue',
    'nix|inf|-inf\nNaN|Inf|1\n',
    { sep: '|', nanValue: 'nix', positiveInf: 'inf', negativeInf: '-inf' },
    'a double, b float, c double',
  ),
  csv('corrupt name', '1|x\ny|2\n', { sep: '|', columnNameOfCorruptRecord: 'bad' }, 'a int, bad string, b int'),
  csv('corrupt name', '1|x\n1|2|3\n5\n', { sep: '|', columnNameOfCorruptRecord: 'bad' }, 'a int, b int, bad string'),
  csv('corrupt of another type', '1|x\n', { sep: '|' }, 'a int, b string, _corrupt_record int'),
  csv('failfast', '1|2\n1|x\n', { sep: '|', mode: 'FAILFAST' }, 'a int, b int'),
  csv('failfast', '1|2\n1\n', { sep: '|', mode: 'FAILFAST' }, 'a int, b int'),
  csv('failfast', '1|2\n1|\n', { sep: '|', mode: 'FAILFAST' }, 'a int, b int'),
  csv('not null', '1|2\n|x\n', { sep: '|' }, 'a int not null, b int'),
  csv('mode in small letters', '1|2\n', { sep: '|', mode: 'dropmalformed' }, 'a int, b int'),
  csv('bad mode', '1|2\n', { sep: '|', mode: 'LOOSE' }, 'a int, b int'),
  csv('bad flag', '1|2\n', { sep: '|', header: 'maybe' }, 'a int, b int'),
  csv('quote of two characters', '1|2\n', { sep: '|', quote: '""' }, 'a int, b int'),
  csv('no separator', '1|2\n', { sep: '' }, 'a int, b int'),
  csv('arrays', '1|2\n', { sep: '|' }, 'a int, b array<int>'),
]

export const cases: readonly FileCase[] = [
  ...odd,
  ...separators,
  ...typed,
  ...failing,
  ...single,
  ...merged,
  ...formats,
]
