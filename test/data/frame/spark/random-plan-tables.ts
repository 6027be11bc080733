import { createDataFrame, type Frame } from '../../../../src/data/frame/index.ts'
import type { RandomSource } from './random-source.ts'

/** Types of columns in random tables, as Spark writes them. */
export type Kind = keyof typeof VALUES

/** A column that a random plan can use, with its type. */
export interface KnownColumn {
  readonly name: string
  readonly kind: Kind
}

/** A frame under way, and what it has. */
export interface RandomFrame {
  // biome-ignore lint/suspicious/noExplicitAny: the row is random
  readonly frame: Frame<any>
  readonly columns: readonly KnownColumn[]
  /** The most rows it can have. */
  readonly rows: number
}

const TEXTS = [
  'a',
  'b',
  'B',
  'ab',
  'Äöß',
  '日本語',
  '🙂x',
  ' a ',
  '',
  '12',
  '-3.5',
  '2024-02-29',
  'x,y,z',
  '%_',
  "o'k",
  'NULL',
  'true',
]
/** Usual values of each type, and values at its edges. Fractions are binary, so that sums are exact in any order. */
const VALUES = {
  int: [[0, 1, -1, 2, 3, 7, 12, 100], [2147483647, -2147483648]],
  bigint: [[0n, 1n, -1n, 5n, 42n, 1000n, -77n], [9223372036854775807n, -9223372036854775808n, 9007199254740993n]],
  smallint: [[0, 1, -2, 9, 300], [32767, -32768]],
  tinyint: [[0, 1, -3, 8], [127, -128]],
  double: [[0, 1, -1, 0.5, 2.25, -3.75, 100.0625, 12], [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1e15, 1.7976931348623157e308]],
  float: [[0, 1.5, -2.25, 8], [Number.NaN, Number.POSITIVE_INFINITY, 16777216, -0]],
  string: [TEXTS.slice(0, 8), TEXTS],
  boolean: [[true, false], [true, false]],
  date: [['2024-02-29', '2024-01-31', '2023-12-31', '1970-01-01'], ['0001-01-01', '9999-12-31', '1582-10-15', '1900-02-28']],
  timestamp: [['2024-02-29T13:45:10.123456Z', '2024-03-31T01:30:00Z', '1970-01-01T00:00:00Z'], ['1969-12-31T23:59:59.5Z', '0002-01-01T00:00:00Z', '9999-12-31T23:59:59.999999Z']],
  timestamp_ntz: [['2024-02-29T13:45:10.123456', '2024-11-03T01:30:00', '1970-01-01T00:00:00'], ['1969-12-31T23:59:59.5', '0002-01-01T00:00:00']],
  'decimal(10,2)': [['0.00', '1.25', '-3.50', '19.99', '100.00'], ['99999999.99', '-99999999.99']],
  'decimal(20,0)': [['0', '7', '-12'], ['99999999999999999999']],
  'decimal(38,18)': [['0', '1.5', '-2.000000000000000001'], ['12345678901234567890.123456789012345678']],
  binary: [['AQ==', 'w6k='], ['', '/wE=']],
  'array<int>': [[[1, 2, 3], [3, 1], []], [[null], [2, null, 2], [2147483647, 0]]],
  'array<string>': [[['a', 'b'], ['b']], [[], [null, ''], ['日本', 'a', 'a']]],
  'struct<p:int,q:string>': [[{ p: 1, q: 'x' }, { p: 2, q: 'y' }], [{ p: null, q: null }, { p: 1, q: null }]],
  'map<string,int>': [[{ a: 1, b: 2 }, { b: 3 }], [{}, { a: null, '': 0 }]],
} as const // biome-ignore format: a table

export const KINDS = Object.keys(VALUES) as Kind[]
const COMMON: readonly Kind[] = [
  'int',
  'bigint',
  'double',
  'string',
  'string',
  'boolean',
  'date',
  'timestamp',
  'decimal(10,2)',
]

/** Values that stand in a table's column. */
export function randomValue(kind: Kind, source: RandomSource, edges: number): unknown {
  if (source.chance(0.15)) return null
  const [usual, edge] = VALUES[kind] as readonly [readonly unknown[], readonly unknown[]]
  const value = source.pick(source.chance(edges) ? edge : usual)
  return kind === 'binary' ? Buffer.from(String(value), 'base64') : value
}

/**
 * A table of few rows: a key `k` that has few values, and columns of random types. Names begin with `prefix`, so that
 * those of two tables differ but for the key.
 */
export function randomTable(source: RandomSource, prefix: string): RandomFrame {
  const edges = source.pick([0, 0, 0.05, 0.3])
  const key = source.pick(['int', 'int', 'string'] as const)
  const kinds = Array.from({ length: source.whole(2, 5) }, () => source.pick(source.chance(0.7) ? COMMON : KINDS))
  const columns: KnownColumn[] = [
    { name: 'k', kind: key },
    ...kinds.map((kind, i) => ({ name: `${prefix}${i + 1}`, kind })),
  ]
  const rows = source.chance(0.05) ? 0 : source.whole(1, 9)
  const values = Array.from({ length: rows }, () => [
    source.chance(0.1) ? null : key === 'int' ? source.whole(1, 4) : source.pick(['a', 'b', 'B', '']),
    ...kinds.map((kind) => randomValue(kind, source, edges)),
  ])
  const schema = columns.map(({ name, kind }) => `${name} ${kind}`).join(', ')
  return { frame: createDataFrame(values, schema), columns, rows }
}
