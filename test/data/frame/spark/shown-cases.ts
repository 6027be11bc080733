import { createDataFrame, type Frame } from '../../../../src/data/frame/index.ts'
import { EDGES, type EdgeKind, edgeFrame } from './cases/edge-columns.ts'

/** A frame that is printed: what show(rows, truncate, vertical) or printSchema(level) of PySpark print. */
export type ShownCase = { readonly name: string; readonly frame: Frame } & (
  | { readonly show: readonly [rows: number, truncate: number | boolean, vertical: boolean] }
  | { readonly tree: number | null }
)

const people = createDataFrame(
  [
    [14, 'Tom', 1.5, true, '2024-02-29'],
    [23, 'Alice', 1e10, null, null],
    [16, 'a name that is much longer than twenty characters', Number.NaN, false, '0001-01-01'],
    [19, '日本語のとても長い名前は二十文字を超えます本当に', 1e-5, true, '2024-12-31'],
    [20, 'tab\there\nand a line', -0.1, true, '1969-12-31'],
    [21, '😀😀 emoji Ａｂｃ한국', 123456.789, true, '1969-12-31'],
    [22, '', 12345678, true, '1969-12-31'],
  ],
  'age int, name string, weight double, tall boolean, born date',
)
const nested = createDataFrame(
  [
    [[1, null, 3], { a: 'x', b: [1.5] }, { k: 1 }, 'w6k='],
    [null, { a: null, b: null }, {}, null],
    [[], null, null, ''],
  ],
  'xs array<int>, s struct<a:string,b:array<double>>, m map<string,int>, bytes binary',
)
const deep = createDataFrame(
  [],
  'id bigint, `odd name` decimal(20,3), at timestamp, wall timestamp_ntz, s struct<a:array<struct<b:int,c:map<string,struct<d:date>>>>,e:float>, tiny tinyint, small smallint, ok boolean, raw binary, m map<int,array<string>>',
)
const wide = createDataFrame([[1]], '`日本語` int').withColumnRenamed('日本語', 'ヘッダー')

const shows: readonly (readonly [string, Frame, readonly (readonly [number, number | boolean, boolean])[]])[] = [
  ['people', people, [[20, true, false], [20, false, false], [3, true, false], [1, true, false], [0, true, false], [20, 3, false], [20, 4, false], [20, 10, false], [20, true, true], [2, false, true], [1, 5, true], [20, 0, false], [20, 1, false]]],
  ['nested', nested, [[20, true, false], [20, false, false], [20, true, true]]],
  ['no rows', people.filter('age > 1000'), [[20, true, false], [20, true, true]]],
  ['wide header', wide, [[20, true, false], [20, true, true]]],
  ['a long header', people.select('age').toDF('a_header_that_is_longer_than_twenty'), [[20, true, false], [20, 5, true]]],
] // biome-ignore format: a table

export const shownCases: readonly ShownCase[] = [
  ...shows.flatMap(([name, frame, all]) =>
    all.map((show) => ({ name: `${name}, show(${show.join(', ')})`, frame, show })),
  ),
  ...(Object.keys(EDGES) as EdgeKind[]).map((kind) => ({
    name: `edges of ${kind}`,
    frame: edgeFrame(kind),
    show: [100, false, false] as const,
  })),
  ...[null, 0, 1, 2, 3, 4].map((tree) => ({ name: `the schema down to ${tree ?? 'all'}`, frame: deep, tree })),
  { name: 'the schema of nested', frame: nested, tree: null },
]
