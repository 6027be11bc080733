import * as f from '../../../../../src/data/frame/index.ts'
import { type Column, col, createDataFrame, lit } from '../../../../../src/data/frame/index.ts'
import type { SparkCase } from '../spark-case.ts'
import { casesOf, EDGES, on } from './edge-columns.ts'

const ALL = Object.keys(EDGES).join(' ')
const TEXTS = [
  null, '', 'a', 'abc', 'abcd', 'Hello World', 'äöüß ÀÉ', '日本語テキスト', '🦀 crab 🦀', 'x'.repeat(31), 'y'.repeat(32), 'z'.repeat(33), 'seventy bytes '.repeat(5), 'é'.repeat(100),
] // biome-ignore format: a list
const texts = createDataFrame(
  TEXTS.map((text, i) => [i, text]),
  'i int, v string',
)
const nested = createDataFrame(
  [
    [0, [1, null, -3], { a: 'x', b: 1.5 }, [[1n], null, []]],
    [1, [], { a: null, b: Number.NaN }, []],
    [2, null, null, null],
    [3, [7], { a: '', b: -0 }, [[null, 5n]]],
  ],
  'i int, xs array<int>, s struct<a:string,b:double>, xss array<array<bigint>>',
)
const of = (frame: f.Frame, columns: readonly Column[]): SparkCase[] =>
  columns.map((column) => ({ name: `${column}`, frame: frame.select('i', column), eachRow: true }))

const v = col('v')

export const cases: readonly SparkCase[] = [
  ...casesOf([
    on(ALL, f.hash('v')), on(ALL, f.xxhash64('v')), on('int text double', f.hash('v', 'i')), on('bigint wide timestamp', f.xxhash64('i', 'v', lit('x'))),
    on('int bigint', f.hash(lit(null), 'v', lit(1.5), lit(true))), on('decimal', f.hash(v.plus(1))), on('decimal', f.xxhash64(v.multiply(v))),
    on('text binary', f.crc32('v')), on('int boolean', f.crc32('v')), on('text binary', f.sha('v')), on('text binary', f.sha1('v')), on('int', f.sha1('v')), on('text binary', f.md5('v')),
    ...([0, 224, 256, 384, 512] as const).flatMap((bits) => on('text binary', f.sha2('v', bits))), on('text', f.sha2('v', 300 as 0)),
    on('text int', f.expr('hash(v, i)').as('h')), on('text', f.expr('crc32(v) + 1').as('h')),
  ]),
  ...of(texts, [f.hash('v'), f.xxhash64('v'), f.crc32('v'), f.sha('v'), f.sha2('v', 512)]),
  ...of(nested, [f.hash('xs'), f.hash('s'), f.hash('xss'), f.hash('xs', 's', 'xss'), f.xxhash64('xs'), f.xxhash64('s', 'xss'), f.hash(f.createMap('i', 'i')), f.hash()]),
] // biome-ignore format: lists
