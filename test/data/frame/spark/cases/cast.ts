import { col, createDataFrame } from '../../../../../src/data/frame/index.ts'
import type { SparkCase } from '../spark-case.ts'
import { EDGES, type EdgeKind, edgeFrame } from './edge-columns.ts'

const v = col('v')
const TARGETS = [
  'tinyint', 'int', 'bigint', 'float', 'double', 'decimal(10,2)', 'decimal(38,10)', 'string', 'boolean', 'binary', 'date', 'timestamp', 'timestamp_ntz',
] // biome-ignore format: a list

const casts: SparkCase[] = (Object.keys(EDGES) as EdgeKind[]).flatMap((kind) =>
  TARGETS.map((to) => ({
    name: `cast ${kind} as ${to}`,
    frame: edgeFrame(kind).select('i', v.cast(to).as('r')),
    eachRow: true as const,
  })),
)

const TEXTS = [
  null, '', ' ', '0', '+5', '-0', ' 7\t', '1.5', '1.', '.5', '1e3', '1E-2', '1.5d', '2f', '0x10', 'NaN', 'nan', 'Infinity', '-inf', '+Infinity',
  'true', 'T', ' yes ', 'off', 'on', 'N', '128', '2147483648', '9223372036854775808', '1e400', '99999999.995', '1_000', '1,000', '١', 'null', '12L',
] // biome-ignore format: a list
const texts = createDataFrame(
  TEXTS.map((text, i) => [i, text]),
  'i int, v string',
)

const ofText: SparkCase[] = TARGETS.flatMap((to) => [
  { name: `cast odd text as ${to}`, frame: texts.select('i', v.cast(to).as('r')), eachRow: true as const },
  { name: `try_cast odd text as ${to}`, frame: texts.select('i', v.tryCast(to).as('r')) },
])

const tried: SparkCase[] = (['int', 'bigint', 'double', 'decimal', 'wide', 'dates', 'timestamp'] as const).flatMap(
  (kind) =>
    ['tinyint', 'int', 'decimal(4,1)', 'float', 'timestamp', 'date'].map((to) => ({
      name: `try_cast ${kind} as ${to}`,
      frame: edgeFrame(kind).select('i', v.tryCast(to).as('r')),
    })),
)

const DOUBLES = [
  0.1, 1, 100, 9999999, 10000000, 12345678.9, 0.001, 0.00099, 1.5e-5, 1e21, 1.7976931348623157e308, 4.9e-324, 123456789012345680, -0.00012345, 3.0e10,
] // biome-ignore format: a list
const doubles = createDataFrame(
  DOUBLES.map((one, i) => [i, one]),
  'i int, v double',
)
const nested = createDataFrame(
  [
    [1, [1, null, 3], { a: 1, b: 'x' }, [1.5, 1e10]],
    [2, [], { a: null, b: '' }, null],
    [3, null, null, [Number.NaN]],
  ],
  'i int, xs array<int>, s struct<a:int,b:string>, ds array<double>',
)

export const cases: readonly SparkCase[] = [
  ...casts,
  ...ofText,
  ...tried,
  { name: 'doubles as text', frame: doubles.select('i', v.cast('string').as('r')) },
  { name: 'floats as text', frame: doubles.select('i', v.cast('float').cast('string').as('r')) },
  {
    name: 'arrays as text',
    frame: nested.select('i', col('xs').cast('string').as('xs'), col('ds').cast('string').as('ds')),
  },
  { name: 'structs as text', frame: nested.select('i', col('s').cast('string').as('s')) },
  {
    name: 'arrays as arrays',
    frame: nested.select('i', col('xs').cast('array<string>').as('a'), col('ds').cast('array<bigint>').as('b')),
    eachRow: true,
  },
  { name: 'structs as structs', frame: nested.select('i', col('s').cast('struct<x:double,y:string>').as('s')) },
  { name: 'an array as a number', frame: nested.select('i', col('xs').cast('int').as('r')) },
]
