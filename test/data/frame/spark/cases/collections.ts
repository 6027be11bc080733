import * as f from '../../../../../src/data/frame/index.ts'
import { type Column, col, createDataFrame, lit } from '../../../../../src/data/frame/index.ts'

const given = createDataFrame(
  [
    [0, [3, 1, null, 2, 3], [1, 5, null], [1.5, Number.NaN, null], ['b', 'a', null], { p: 1, q: 'z' }, [{ p: 1, q: 'x' }, { p: 2, q: null }], [[1], [2, null]], { a: 1, b: null }, 2, 'a:1,b:2', 'a'],
    [1, [], [1], [], [], { p: null, q: '' }, [], [], {}, 0, '', 'b'],
    [2, null, [1, 2], null, null, null, null, null, null, null, null, null],
    [3, [1, 2, 3, 4, 5], [], [0, -1, Number.POSITIVE_INFINITY], ['', 'äö', 'Z', 'a'], { p: 7, q: null }, [null], [[], null], { a: 5, c: 6 }, -1, 'k:v:w,x', 'c'],
    [4, [null, null], [9, 9], [2, 1, 2], ['a', 'a', 'b'], { p: -1, q: 'é' }, [{ p: 3, q: 'w' }], [[9, 8], [7]], { z: 0 }, 5, 'one', 'z'],
    [5, [2147483647, -2147483648], [7, 6, 5], [0.1], ['x'], { p: 0, q: 'a' }, [{ p: null, q: 'n' }, { p: 1, q: 'm' }], [[1]], { a: -3 }, 1, ':,:', ''],
  ],
  'i int, xs array<int>, ys array<int>, ds array<double>, ts array<string>, s struct<p:int,q:string>, ss array<struct<p:int,q:string>>, xx array<array<int>>, m map<string,int>, n int, t string, k string',
) // biome-ignore format: a table

/** Columns of one row each. */
const COLUMNS: readonly Column[] = [
  f.size('xs'), f.size('m'), f.cardinality('xs'), f.cardinality('m'), f.arraySize('ts'), f.arraySize('m'),
  f.array('n', lit(1)), f.array('n', lit(1.5)), f.array('i', col('n').cast('bigint')), f.array('xs', 'ys'), f.array('t', 'k'),
  f.arrayContains('xs', 1), f.arrayContains('xs', col('n')), f.arrayContains('ts', 'a'), f.arrayContains('ds', Number.NaN), f.arrayContains('xs', 'a'), f.arrayContains('t', 'a'),
  f.arrayDistinct('xs'), f.arrayDistinct('ds'), f.arrayDistinct('ts'), f.arrayDistinct('xx'), f.arrayDistinct('ss'), f.arrayDistinct('n'),
  f.arrayExcept('xs', 'ys'), f.arrayIntersect('xs', 'ys'), f.arrayUnion('xs', 'ys'), f.arraysOverlap('xs', 'ys'), f.arrayUnion('xs', 'ds'), f.arrayExcept('ts', 'ts'), f.arrayUnion('xs', 'ts'), f.arrayIntersect('xx', 'xx'), f.arraysOverlap('ts', f.array('k')),
  f.arrayAppend('xs', 9), f.arrayAppend('xs', null), f.arrayAppend('xs', col('n')), f.arrayPrepend('xs', 4), f.arrayPrepend('ts', 'new'), f.arrayAppend('xs', 'a'), f.arrayAppend('xx', col('ys')),
  f.arrayCompact('xs'), f.arrayCompact('ts'), f.arrayCompact('xx'), f.arrayCompact('n'), f.arrayRemove('xs', 3), f.arrayRemove('xs', col('n')), f.arrayRemove('ts', 'a'), f.arrayRemove('xs', null),
  f.arrayInsert('xs', 2, 7), f.arrayInsert('xs', 1, 7), f.arrayInsert('xs', 8, 7), f.arrayInsert('xs', -1, 7), f.arrayInsert('xs', -3, 7), f.arrayInsert('xs', -9, 7), f.arrayInsert('xs', 0, 7), f.arrayInsert('ts', 2, 'n'), f.arrayInsert('xs', col('n'), 7),
  f.arrayJoin('ts', ','), f.arrayJoin('ts', ',', '?'), f.arrayJoin('xs', '-'), f.arrayJoin('n', ','),
  f.arrayMax('xs'), f.arrayMin('xs'), f.arrayMax('ds'), f.arrayMin('ds'), f.arrayMax('ts'), f.arrayMin('ts'), f.arrayMax('xx'), f.arrayMax('n'),
  f.arrayPosition('xs', 3), f.arrayPosition('ts', 'a'), f.arrayPosition('xs', col('n')), f.arrayPosition('ds', Number.NaN),
  f.arrayRepeat('n', 2), f.arrayRepeat('t', 0), f.arrayRepeat('xs', 2), f.arrayRepeat('t', -1), f.arrayRepeat('t', col('n')),
  f.sortArray('xs'), f.sortArray('xs', false), f.sortArray('ds'), f.sortArray('ts'), f.sortArray('ts', false), f.sortArray('ss'), f.sortArray('xx'), f.arraySort('xs'), f.arraySort('ds'), f.arraySort('ts'),
  f.arraySort('ys', (a, b) => b.minus(a)), f.arraySort('ts', (a, b) => f.length(a).minus(f.length(b))),
  f.arraysZip('xs', 'ys'), f.arraysZip('xs', 'ts'), f.arraysZip('xs', f.array(lit(1))), f.arraysZip('xs'), f.arraysZip(col('xs').as('one'), 'ds'), f.arraysZip('n', 'xs'),
  f.concat('xs', 'ys'), f.concat('xs', 'ds'), f.concat('xs'), f.concat('ts', f.array('k')), f.concat('xs', 'ys', 'xs'), f.concat('t', 'k'), f.concat('xx', 'xx'),
  f.elementAt('xs', 1), f.elementAt('xs', -1), f.elementAt('xs', 0), f.elementAt('xs', 4), f.elementAt('m', 'a'), f.elementAt('m', col('k')), f.elementAt('xs', col('n')), f.elementAt('ss', 1), f.elementAt('t', 1),
  f.tryElementAt('xs', lit(1)), f.tryElementAt('xs', lit(9)), f.tryElementAt('xs', lit(-9)), f.tryElementAt('m', lit('a')), f.tryElementAt('xs', lit(0)), f.get('xs', 0), f.get('xs', 9), f.get('xs', -1), f.get('xs', col('n')),
  f.flatten('xx'), f.flatten('xs'), f.flatten(f.array('xs', 'ys')), f.reverse('xs'), f.reverse('ts'), f.reverse('t'), f.reverse('xx'),
  f.slice('xs', 1, 2), f.slice('xs', 2, 10), f.slice('xs', -2, 1), f.slice('xs', -9, 2), f.slice('xs', 0, 1), f.slice('xs', 1, -1), f.slice('xs', 1, 0), f.slice('ts', 2, 2), f.slice('xs', 9, 1), f.slice('xs', col('n'), lit(2)),
  f.sequence(lit(1), 'n'), f.sequence('n', lit(3)), f.sequence(lit(1), lit(9), 'n'), f.sequence(lit(5n), lit(1n), lit(-2n)), f.sequence(lit(1), lit(1), lit(0)), f.sequence(lit('2024-01-30').cast('date'), lit('2024-02-02').cast('date')), f.sequence(lit('2024-02-02').cast('date'), lit('2024-01-30').cast('date')),
  f.sequence(lit('2024-01-31').cast('date'), lit('2024-04-30').cast('date'), f.makeYmInterval(lit(0), lit(1))), f.size(f.shuffle('xs')), f.sortArray(f.shuffle('xs')),
  f.createMap('k', 'n'), f.createMap(lit('a'), 'n', lit('b'), lit(1)), f.createMap(lit('a'), lit(1), lit('a'), lit(2)), f.createMap('n', 't'), f.createMap('n', lit(1.5), lit(100), 'i'),
  f.mapConcat('m', f.createMap(lit('x'), lit(1))), f.mapConcat('m', 'm'), f.mapConcat('m'), f.mapContainsKey('m', 'a'), f.mapContainsKey('m', col('k')), f.mapEntries('m'), f.mapKeys('m'), f.mapValues('m'), f.mapKeys('xs'),
  f.mapFromArrays('ys', 'xs'), f.mapFromArrays(f.array(lit('a'), lit('b')), f.array('i', 'n')), f.mapFromArrays(f.array('k'), f.array('i')), f.mapFromEntries('ss'), f.mapFromEntries(f.mapEntries('m')), f.mapFromEntries('xs'),
  f.strToMap('t'), f.strToMap('t', ',', ':'), f.strToMap('t', ':', ','), f.strToMap('t', '[,:]', 'v'),
  f.struct(col('n').plus(1), 't'), f.struct(col('n').cast('string'), lit(1)), f.struct('s.p', col('s').getItem('q')), f.struct(col('s').getField('p')), f.struct(col('xs').getItem(0), col('m').getItem('a')), f.struct(f.struct('n')), f.struct(f.upper('t'), 'n', f.greatest('n', 'n')), f.struct(col('n').plus(1).as('b'), col('n').plus(2)), f.struct('s.*', f.upper('t')).as('all'), f.struct(f.when(col('n').gt(0), col('t'))), f.toJson(f.struct(col('n').plus(1), 't')),
  f.struct('n', 't'), f.struct(col('n').as('a'), 's'), f.struct('xs'), f.namedStruct(lit('x'), 'n', lit('y'), 't'), f.namedStruct(lit('x'), 'xs'), f.namedStruct(lit('x')),
  col('s').getField('p'), col('s').getField('q'), col('s').getField('zz'), col('s').getItem('p'), col('ss').getField('p'), col('m').getItem('a'), col('m').getItem(col('k')), col('xs').getItem(0), col('xs').getItem(4), col('xs').getItem(-1), col('xs').getItem(col('n')), col('ss').getItem(0), col('s.p'), col('xx').getItem(0), f.upper(col('s.q')),
  col('s').withField('r', lit(1)), col('s').withField('p', lit('new')), col('s').withField('P', col('n')), col('s').dropFields('p'), col('s').dropFields('zz'), col('s').dropFields('p', 'q'), col('n').withField('a', 1),
  f.transform('xs', (x) => x.plus(1)), f.transform('xs', (x, i) => x.multiply(i)), f.transform('ys', (x) => x.plus(1)), f.transform('ts', (x) => f.upper(x)), f.transform('xx', (x) => f.size(x)), f.transform('xx', (x) => f.transform(x, (y) => y.plus(f.size(x)))), f.transform('ys', (x) => x.plus(col('n'))), f.transform('ss', (x) => x.getField('p')), f.transform('ys', (x, i) => f.struct(x.as('v'), i.as('at'))), f.transform('n', (x) => x),
  f.transform('ys', (x) => lit(10).divide(x.minus(5))), f.transform('ds', (x) => x.cast('int')), f.transform('xx', (x) => f.arrayDistinct(x)), f.transform('xx', (x) => f.filter(x, (y, i) => y.gt(i))), f.transform('ys', (x) => f.when(x.gt(1), 'big').otherwise('small')),
  f.filter('xs', (x) => x.gt(1)), f.filter('xs', (_x, i) => i.eq(0)), f.filter('ts', (x) => x.isNull()), f.filter('xs', (x) => x.plus(1) as never), f.filter('ss', (x) => x.getField('p').gt(1)),
  f.exists('xs', (x) => x.gt(2)), f.exists('ts', (x) => x.eq('a')), f.exists('ys', (x) => x.eq(col('n'))), f.exists('xs', (x) => x.isNull()), f.forall('xs', (x) => x.gt(0)), f.forall('ys', (x) => x.gt(0)), f.forall('ts', (x) => x.isNotNull()),
  f.aggregate('ys', lit(0), (a, x) => a.plus(x)), f.aggregate('ys', lit(0), (a, x) => a.plus(f.coalesce(x, lit(0))), (a) => a.multiply(2)), f.aggregate('ds', lit(0.5), (a, x) => a.plus(x)), f.aggregate('ts', lit(''), (a, x) => f.concat(a, f.coalesce(x, lit('?')))), f.aggregate('ys', lit(0), (a, x) => a.plus(x.multiply(1.5))), f.aggregate('ys', lit(0n), (a, x) => a.plus(x)), f.reduce('ys', lit(1), (a, x) => a.multiply(f.coalesce(x, lit(1)))), f.reduce('xs', lit(0), (a, x) => a.plus(x), (a) => f.coalesce(a, lit(-1))), f.aggregate('xs', f.struct(lit(0).as('n'), lit(0).as('s')), (a, x) => f.struct(a.getField('n').plus(1).as('n'), f.coalesce(x, lit(0)).as('s')), (a) => a.getField('n')), f.aggregate('ys', 'xs', (a, x) => f.arrayAppend(a, x)),
  f.zipWith('xs', 'ys', (x, y) => x.plus(y)), f.zipWith('xs', 'ts', (x, y) => f.struct(x.as('x'), y.as('y'))), f.zipWith('ys', 'ys', (x, y) => f.coalesce(x, y)), f.zipWith('xs', 'ds', (x, y) => x.plus(y)),
  f.mapFilter('m', (_k, v) => v.gt(0)), f.mapFilter('m', (k) => k.eq('a')), f.transformKeys('m', (k) => f.upper(k)), f.transformKeys('m', () => lit('a')), f.transformKeys('m', (k, v) => f.concat(k, v.cast('string'))), f.transformValues('m', (_k, v) => v.plus(1)), f.transformValues('m', (k, v) => f.struct(k.as('k'), v.as('v'))), f.mapZipWith('m', f.createMap(lit('a'), 'n'), (_k, a, b) => f.coalesce(a, b)), f.mapZipWith('m', 'm', (_k, a, b) => a.plus(b)), f.mapZipWith('m', f.createMap(lit('q'), 't'), (k, a, b) => f.concat(k, f.coalesce(a.cast('string'), lit('-')), f.coalesce(b, lit('-')))),
  f.explode('xs').plus(1), f.array(f.explode('xs')), f.transform('xs', (x) => f.explode(f.array(x))),
] // biome-ignore format: a table

/** Columns that make rows. */
const GENERATORS: readonly (readonly Column[])[] = [
  ...[f.explode('xs'), f.explodeOuter('xs'), f.explode('m'), f.explodeOuter('m'), f.posexplode('xs'), f.posexplodeOuter('xs'), f.posexplode('m'), f.posexplodeOuter('m'), f.inline('ss'), f.inlineOuter('ss'), f.explode('ss'), f.explode('xx'), f.explode('n'), f.inline('xs')].map((one) => ['i', one] as unknown as Column[]),
  [col('i'), f.explode('xs').as('q')], [col('i'), f.posexplode('xs').alias('at', 'of')], [f.explode('m').alias('a', 'b'), col('i')], [f.posexplode('xs').as('one')], [f.explode('xs').alias('a', 'b')],
  [f.explode('xs'), f.explode('ys').as('y')], [f.explode('xs'), f.posexplode('m').alias('p', 'k', 'v'), col('i')],
  [col('i'), f.stack(lit(2), 'n', lit(1), lit(3))], [f.stack(lit(2), 'n', 'i')], [f.stack(lit(3), 'n', lit(1.5), 'i', lit(2))], [f.stack(lit(1), 't', 'n').alias('x', 'y')],
  [col('i'), f.jsonTuple(lit('{"a":1,"b":"x","c":{"d":[1,2]},"e":null}'), 'a', 'b', 'c', 'e', 'zz')], [f.jsonTuple('t', 'a')], [f.jsonTuple(lit('{"a":1}'), 'a').as('one')],
  [f.explode(f.array('n', lit(1)))], [f.explode(f.transform('ys', (x) => x.multiply(2)))], [f.explode(f.flatten('xx')), col('*')],
] // biome-ignore format: a table

/** Steps over what a generator made. */
const STEPS = [
  ['withColumn of explode', given.withColumn('xs', f.explode('xs')).select('i', 'xs', 'n')],
  ['withColumn of posexplode', given.withColumn('q', f.posexplode('xs'))],
  ['filter after explode', given.select('i', f.explode('xs').as('x')).filter(col('x').gt(1))],
  ['group after explode', given.select(f.explode('ts').as('x')).groupBy('x').agg(f.count('*').as('c'))],
  ['explode twice', given.select('i', f.explode('xx').as('x')).select('i', f.explode('x'))],
  ['explode after filter and limit', given.filter(col('i').lt(4)).select(f.explode('ys'))],
  ['filter by a lambda', given.filter(f.exists('xs', (x) => x.gt(2))).select('i')],
  ['group of a lambda', given.groupBy(f.size('ys')).agg(f.sum(f.aggregate('ys', lit(0), (a, x) => a.plus(f.coalesce(x, lit(0))))).as('s'))],
  ['explode of an aggregate', given.agg(f.collectList('n').as('all')).select(f.explode(f.sortArray('all')))],
] as const // biome-ignore format: a table

export const cases = [
  ...COLUMNS.map((column) => ({ name: `${column}`, frame: given.select('i', column), eachRow: true as const })),
  ...GENERATORS.map((columns) => ({ name: `rows of ${columns.join(', ')}`, frame: given.select(...columns) })),
  ...STEPS.map(([name, frame]) => ({ name, frame })),
]
