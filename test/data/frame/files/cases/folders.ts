import { frameOf } from '../../../../../src/data/frame/index.ts'
import { parseSchema } from '../../../../../src/data/frame/schema-text.ts'
import type { FileCase } from '../file-case.ts'

type Options = Readonly<Record<string, string | number | boolean>>

/** Files that hold their own number each, by their paths. */
function folders(
  name: string,
  paths: readonly string[],
  {
    read = ['in'],
    options = {},
    schema = 'x int',
    format = 'csv',
  }: { read?: readonly string[]; options?: Options; schema?: string; format?: 'csv' | 'text' } = {},
): FileCase {
  return {
    name: `${name} ${read.join(' ')} ${JSON.stringify(options)} as ${schema}`,
    frame: frameOf({ op: 'read', format, paths: read, options, schema: parseSchema(schema) }),
    files: Object.fromEntries(paths.map((path, i) => [`in/${path}`, `${i + 1}\n`])),
  }
}

const column = (values: readonly string[]) => values.map((value, i) => `p=${value}/${i}.csv`)

const VALUES: readonly (readonly string[])[] = [
  ['1', '2'],
  ['1', '9999999999'],
  ['1', '99999999999999999999'],
  ['9999999999', '99999999999999999999'],
  ['1', '1.5'],
  ['9999999999', '1.5'],
  ['1.5', '2.5'],
  ['1e3', '.5'],
  ['01', '2'],
  ['-1', '+1'],
  ['1', 'a'],
  ['2024-02-29', '2024-03-01'],
  ['2024-02-29', '1'],
  ['2024-02-29', 'x'],
  ['2024-02-30', '2024-02-29'],
  ['2024-2-9', '2024-02-29'],
  ['2024-02-29 12%3A34%3A56', '2024-02-29 00%3A00%3A00'],
  ['2024-02-29', '2024-02-29 12%3A34%3A56'],
  ['2024-02', '2024-03'],
  ['true', 'false'],
  ['__HIVE_DEFAULT_PARTITION__', '1'],
  ['__HIVE_DEFAULT_PARTITION__', '__HIVE_DEFAULT_PARTITION__'],
  ['__HIVE_DEFAULT_PARTITION__', '2024-02-29'],
  ['a%2Fb', 'c%25d'],
  ['a b', 'ü€'],
  ['%41', '%zz'],
  ['NaN', '1.5'],
  ['1d', '2'],
  ['', 'x'],
  ['a=b', 'c'],
  ['99999999999999999999', '1.5'],
  ['1', '__HIVE_DEFAULT_PARTITION__', '9999999999'],
]

export const cases: readonly FileCase[] = [
  ...VALUES.map((values) => folders(`values ${values.join(' and ')}`, column(values))),
  folders('two columns', ['a=1/b=x/0.csv', 'a=2/b=y/0.csv']),
  folders('typed by the schema', ['a=1/b=x/0.csv', 'a=2/b=y/0.csv'], { schema: 'x int, b string, a string' }),
  folders('typed by the schema, first', ['a=1/0.csv', 'a=2/0.csv'], { schema: 'a bigint, x int' }),
  folders('different columns', ['a=1/0.csv', 'b=2/0.csv']),
  folders('different depths', ['a=1/0.csv', 'a=2/b=1/0.csv']),
  folders('files beside folders', ['0.csv', 'a=2/0.csv']),
  folders('names in other letters', ['a=1/0.csv', 'A=2/0.csv']),
  folders('a name that is escaped', ['a%20b=1/0.csv']),
  folders('plain folders', ['0.csv', 'sub/1.csv']),
  folders('plain folders only', ['sub/1.csv', 'sub/2.csv']),
  folders('plain folders below partitions', ['a=1/sub/0.csv', 'a=2/0.csv']),
  folders('partitions below plain folders', ['sub/a=1/0.csv', 'sub/a=2/0.csv']),
  folders('hidden ones', ['0.csv', '_1.csv', '.2.csv', '_tmp/3.csv', 'a._COPYING_']),
  folders('hidden partition', ['_a=1/0.csv']),
  folders('any ending', ['0', '1.dat', '2.json', '3.csv']),
  folders('recursive', ['0.csv', 'sub/1.csv', 'a=1/2.csv'], { options: { recursiveFileLookup: true } }),
  folders('by name', ['0.csv', '1.txt', '12.csv'], { options: { pathGlobFilter: '*.csv' } }),
  folders('by name', ['0.csv', '1.txt', '12.csv'], { options: { pathGlobFilter: '[0-1]?.csv' } }),
  folders('one partition', ['a=1/0.csv', 'a=2/0.csv'], { read: ['in/a=1'] }),
  folders('one partition with basePath', ['a=1/0.csv', 'a=2/0.csv'], {
    read: ['in/a=1'],
    options: { basePath: '$DIR/in' },
  }),
  folders('one file with basePath', ['a=1/b=2/0.csv'], {
    read: ['in/a=1/b=2/0.csv'],
    options: { basePath: '$DIR/in' },
  }),
  folders('basePath in the middle', ['a=1/b=2/0.csv'], { read: ['in/a=1/b=2'], options: { basePath: '$DIR/in/a=1' } }),
  folders('basePath elsewhere', ['a=1/0.csv', 'b=1/0.csv'], { read: ['in/a=1'], options: { basePath: '$DIR/in/b=1' } }),
  folders('patterns', ['a=1/0.csv', 'a=2/1.csv', 'a=3/2.csv'], { read: ['in/a={1,2}'] }),
  folders('patterns', ['a=1/0.csv', 'a=2/1.csv', 'a=3/2.csv'], { read: ['in/*'] }),
  folders('patterns', ['a=1/0.csv', 'a=2/1.csv', 'a=3/2.csv'], { read: ['in/*/[01].csv'] }),
  folders('patterns with basePath', ['a=1/0.csv', 'a=2/1.csv', 'a=3/2.csv'], {
    read: ['in/a=[23]'],
    options: { basePath: '$DIR/in' },
  }),
  folders('nothing fits', ['a=1/0.csv'], { read: ['in/*.parquet'] }),
  folders('nothing there', ['a=1/0.csv'], { read: ['in/none'] }),
  folders('two places', ['a/0.csv', 'b/1.csv'], { read: ['in/a', 'in/b'] }),
  folders('the same place twice', ['a/0.csv'], { read: ['in/a', 'in/a'] }),
  folders('text', ['0.txt', '1.txt'], { format: 'text', schema: 'value string' }),
  folders('text in partitions', ['p=1/0.txt', 'p=x/1.txt'], { format: 'text', schema: 'value string' }),
]
