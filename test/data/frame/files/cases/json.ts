import { frameOf } from '../../../../../src/data/frame/index.ts'
import { parseSchema } from '../../../../../src/data/frame/schema-text.ts'
import type { FileCase } from '../file-case.ts'

type Options = Readonly<Record<string, string | number | boolean>>

function json(name: string, text: string, options: Options = {}, schema?: string): FileCase {
  return {
    name: `${name} ${JSON.stringify(options)}${schema ? ` as ${schema}` : ''}`,
    frame: frameOf({
      op: 'read',
      format: 'json',
      paths: ['in.json'],
      options,
      ...(schema ? { schema: parseSchema(schema) } : {}),
    }),
    files: { 'in.json': text },
  }
}

/** Odd texts, each read in several ways. */
const TEXTS: Record<string, string> = {
  plain: '{"a":1,"b":"x","c":[1,2]}\n{"a":2,"b":"y","c":[]}\n',
  'other orders': '{"b":"x","a":1}\n{"c":[true],"a":2.5}\n{}\n',
  'empty lines': '\n\n{"a":1}\n   \n\t\n{"a":2}\n\n',
  'broken lines': '{"a":1}\n{"a":\n{"a":3}\nxyz\n{"a":4\n',
  'no objects': '1\n"x"\nnull\n[]\n{"a":1}\n[1,2]\n',
  'arrays of objects': '[{"a":1},{"a":2,"b":"x"}]\n{"a":3}\n[]\n',
  'single quotes': "{'a':'it\\'s','b':\"q\"}\n{'a':'say \"x\"'}\n",
  'names without quotes': '{a:1,b_2:"x:y"}\n',
  comments: '/* one */ {"a":1 /* two */, "b":"/* no */"}\n{"a":2} // three\n',
  'leading zeros': '{"a":007,"b":"007"}\n{"a":-01}\n',
  'trailing comma': '{"a":1,}\n{"a":[1,2,]}\n{"a":",}"}\n',
  'kinds of one column': '{"a":1}\n{"a":"x"}\n{"a":true}\n{"a":null}\n{"a":1.5}\n{"a":{"b":1}}\n{"a":[1]}\n',
  'numbers of one column': '{"a":1,"b":1,"c":true}\n{"a":1.5,"b":null,"c":1}\n{"a":1e3,"b":3,"c":null}\n',
  nested:
    '{"s":{"x":1,"y":{"z":"t"}},"l":[{"k":1},{"v":"x"}]}\n{"s":{"x":2.5},"l":[{"k":null}]}\n{"s":null,"l":null}\n',
  'only nulls': '{"a":null,"b":[],"c":{},"d":[null],"e":1}\n',
  unicode: '{"é":"\\u00e9\\ud83d\\ude00","a b":"\\n\\t\\"","":1}\n',
  'same names': '{"a":1,"A":2}\n',
  'big numbers': '{"a":9223372036854775807,"b":9223372036854775808,"c":123456789012345678901234567890}\n',
  'not finite': '{"a":NaN,"b":Infinity,"c":-Infinity}\n',
  'windows lines': '{"a":1}\r\n{"a":2}\r\n',
  nothing: '',
  'text as it is': '{"a":{"b" : 1.50, "c":[ 1, 2.0 ]},"d":1.10,"e":1e2,"f":true}\n',
}

const READINGS: readonly (readonly [Options, string?])[] = [
  [{}],
  [{ mode: 'DROPMALFORMED' }],
  [{ mode: 'FAILFAST' }],
  [{ primitivesAsString: true }],
  [{ dropFieldIfAllNull: true }],
  [{}, 'a int, b string'],
  [{}, 'a string, b string, _corrupt_record string'],
  [{}, 'a bigint, _corrupt_record string'],
  [{ mode: 'DROPMALFORMED' }, 'a int, b string'],
  [{ mode: 'FAILFAST' }, 'a int'],
]

const odd = Object.entries(TEXTS).flatMap(([name, text]) =>
  READINGS.map(([options, schema]) => json(name, text, options, schema)),
)

const options = [
  json('single quotes', TEXTS['single quotes'] ?? '', { allowSingleQuotes: false }),
  json('names without quotes', TEXTS['names without quotes'] ?? '', { allowUnquotedFieldNames: true }),
  json('comments', TEXTS.comments ?? '', { allowComments: true }),
  json('leading zeros', TEXTS['leading zeros'] ?? '', { allowNumericLeadingZeros: true }),
  json('one object', '{\n "a": 1,\n "b": [1,\n 2]\n}\n', { multiLine: true }),
  json('one array', '[\n {"a": 1},\n {"a": 2, "b": "x"}\n]', { multiLine: true }),
  json('broken', '[\n {"a": 1},\n {"a": \n', { multiLine: true }),
  json('broken', '[\n {"a": 1},\n {"a": \n', { multiLine: true }, 'a int, _corrupt_record string'),
  json('lineSep', '{"a":1};{"a":2}', { lineSep: ';' }),
  json('corrupt name', TEXTS['broken lines'] ?? '', { columnNameOfCorruptRecord: 'bad' }),
  json('corrupt type', TEXTS['broken lines'] ?? '', {}, 'a int, _corrupt_record int'),
  json(
    'dates',
    '{"d":"31.01.2024","t":"31.01.2024 13:14:15"}\n{"d":"x","t":1}\n',
    { dateFormat: 'dd.MM.yyyy', timestampFormat: 'dd.MM.yyyy HH:mm:ss' },
    'd date, t timestamp',
  ),
  json(
    'nested misfits',
    '{"s":{"x":1,"y":"q"},"l":[1,2]}\n{"s":{"x":"bad","y":"q"},"l":[1,"x",3]}\n{"s":[],"l":{}}\n',
    {},
    's struct<x:int,y:string>, l array<int>, _corrupt_record string',
  ),
  json(
    'maps',
    '{"m":{"a":1,"b":2}}\n{"m":{"a":"x"}}\n{"m":{}}\n{"m":[]}\n',
    {},
    'm map<string,int>, _corrupt_record string',
  ),
  json(
    'structs in arrays',
    '{"l":[{"k":1},{"k":"x"},{"j":2},null]}\n',
    {},
    'l array<struct<k:int,j:int>>, _corrupt_record string',
  ),
  json('bad mode', '{"a":1}\n', { mode: 'LOOSE' }, 'a int'),
]

/** A value as each type. */
const VALUES = [
  '1',
  '-1',
  '128',
  '40000',
  '9999999999',
  '1.5',
  '1.0',
  '1e2',
  '99999999999999999999',
  'true',
  'null',
  '"1"',
  '"1.5"',
  '"x"',
  '""',
  '"true"',
  '"NaN"',
  '"Infinity"',
  '"-INF"',
  'NaN',
  '"2024-02-29"',
  '"2024-2-9"',
  '"2024-02-30"',
  '"2024-02-29T12:34:56"',
  '"2024-02-29 12:34:56.789"',
  '"2024-02-29T12:34:56Z"',
  '"2024-02-29T12:34:56+02:00"',
  '"2024"',
  '1700000000',
  '{"a":1}',
  '[1, 2]',
  '"aGk="',
  '123456.789',
  '0.005',
  '"12.345"',
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
  'string',
  'array<int>',
  'map<string,int>',
  'struct<a:int>',
]
const lines = VALUES.map((value, i) => `{"i":${i},"v":${value}}`).join('\n')
const typed = TYPES.map((type) => json('values', lines, {}, `i int, v ${type}, _corrupt_record string`))

export const cases: readonly FileCase[] = [...odd, ...options, ...typed]
