import { col, createDataFrame, type Frame } from '../../../../../src/data/frame/index.ts'

const wide = createDataFrame(
  [['B', 3, 4, 1.5], ['A', 1, 2, null], [null, 5, 6, 0.5]],
  'id string, units int, pieces bigint, weight double',
) // biome-ignore format: a table
const mixed = createDataFrame(
  [[1, 'x', '2.50', '2024-01-31', { a: 1, b: 'y' }], [2, null, '-0.01', null, null]],
  'n int, t string, d decimal(10,2), day date, s struct<a:int,b:string>',
) // biome-ignore format: a table

const shapes: readonly (readonly [string, Frame])[] = [
  ['transpose', wide.transpose()],
  ['transpose by a column', wide.select('units', 'pieces', 'weight').transpose('pieces')],
  ['transpose of one row', wide.filter(col('id').eq('A')).transpose('id')],
  ['transpose of no rows', wide.filter(col('units').gt(100)).transpose()],
  ['transpose of an index alone', wide.select('id').transpose()],
  ['transpose of texts', mixed.select('n', 't').transpose('n')],
  ['transpose of text and numbers', mixed.select('n', 't', 'd').transpose('n')],
  ['to in another order', mixed.to('t string, n int')],
  ['to wider numbers', mixed.to('n bigint, d decimal(20,4)')],
  ['to text', mixed.to('n string, d string, day string')],
  ['to narrower numbers', mixed.to('n tinyint, d int')],
  ['to numbers from text', mixed.to('t int')],
  ['to timestamps from dates', mixed.to('day timestamp')],
  ['to a column that is missing', mixed.to('n int, extra double')],
  ['to members in another order', mixed.to('s struct<b:string,a:bigint>')],
  ['to a member that is missing', mixed.to('s struct<a:int,c:string>')],
  ['to names of another case', mixed.to('N int, T string')],
  ['columns of a pattern', mixed.select(mixed.colRegex('`[nd].*`'))],
  ['columns but one', mixed.select(mixed.colRegex('`(n)?+.+`'))],
  ['columns of a pattern in capitals', mixed.select(mixed.colRegex('`DAY|T`'), col('n').as('m'))],
  ['a name that is no pattern', mixed.select(mixed.colRegex('n'))],
  ['a pattern that no column has', mixed.select('n', mixed.colRegex('`zzz`'))],
  ['with metadata', wide.withMetadata('id', { of: 'things' }).select('id')],
  ['an alias with metadata', wide.select(col('id').alias('name', { metadata: { of: 'things' } }))],
] // biome-ignore format: a table

export const cases = shapes.map(([name, frame]) => ({ name, frame }))
