import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as f from '../../../src/data/frame/index.ts'
import {
  type Column,
  col,
  createDataFrame,
  type Frame,
  type FrameSession,
  FUNCTIONS,
  lit,
  Window,
} from '../../../src/data/frame/index.ts'
import { hasPostgres, POSTGRES_HINT } from '../../services/postgres.ts'
import { expectAlike, outcomeOf } from './alike.ts'
import { type BothSessions, openBothSessions } from './both-sessions.ts'

let duckdb: FrameSession
let postgres: FrameSession
let both: BothSessions | undefined
beforeAll(async () => {
  if (!hasPostgres) return
  both = await openBothSessions()
  duckdb = both.duckdb
  postgres = both.postgres
})
afterAll(() => both?.[Symbol.asyncDispose]())

const MIN = -2147483648
const MAX = 2147483647
const LONG = [null, 0n, 1n, -1n, 5n, 12n, 255n, -4096n, 9007199254740993n, 9223372036854775807n, -9223372036854775808n]
const INT = [null, 0, 1, -1, 2, 3, 7, -7, 25, 100, MAX, MIN]
const DOUBLE = [
  null, 0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 2.675, 0.1, 1e-5, 1e-7, 123456.789, 1e15, 1234567890123456, 9e15, 1e16, 1e20,
  0.49999999999999994, 1e308, 5e-324, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY,
] // biome-ignore format: a table
const DECIMAL = [null, '0.00', '1.00', '-1.00', '1.25', '-1.25', '2.50', '3.75', '99999999.99', '-99999999.99']
const TEXT = [
  null, '', ' ', 'a', 'Abc', ' Ab ', 'spark sql', 'a,b,,c', 'ünïcödé', '日本語', '\ta\u00a0', '%a_b\\c', "o'clock", 'x'.repeat(70),
] // biome-ignore format: a table
const DAY = [
  null,
  '1970-01-01',
  '2024-02-29',
  '2023-12-31',
  '2024-01-31',
  '2024-12-30',
  '1900-02-28',
  '9999-12-31',
  '0001-01-01',
]
const AT = [
  null, '1970-01-01T00:00:00Z', '2024-02-29T13:45:10.123456Z', '2024-02-29T23:59:59.999999Z', '1969-12-31T23:59:59.500000Z',
  '2024-12-31T00:00:00Z',
] // biome-ignore format: a table
const BOOL = [null, true, false]
const TAGS = [null, [], ['a'], ['b', 'a', 'a', null], ['', 'ü', 'Z', 'a']]
const NUMS = [null, [], [1], [3, 1, 2, 1], [5, null, -1]]
const JSONS = [null, '{}', '{"a":{"b":"c"},"n":1,"t":[1,2,"x"],"z":null}', '{"a":{"b":5}}', '[1]']
const DIGITS = [
  null, '', '0', ' 12 ', '-7', '+5', '1.5', '2.5', '-2.5', '1e3', '.5', '5.', 'abc', '1a', '99999999999', '2147483647.4', '2147483648',
  'nan', '-inf', 'Infinity', '--1', '1 2', '9223372036854775807',
] // biome-ignore format: a table
const DATES = [
  null, '', '2024-02-29', '2023-02-29', '2024-2-9', ' 2024-02-09 ', '2024/02/09', '2024-02-09 10:00:00', '2024-02-09T10:00:00Z', '2024-13-01',
  '2024-00-10', '2024-04-31', 'today', 'Jan 5 2024', '20240209', '2024-02-09 25:00:00', '2024-02-09 10:00', '2024-02-09 10:00:00.1234567+02',
  'nonsense', '0000-01-01', '1900-02-29', '2000-02-29', '2024-02-09 10:00:00-05:30',
] // biome-ignore format: a table
const BOOLS = [null, 'true', 'FALSE', 't', 'F', '1', '0', 'yes', 'no', 'on', 'off', 'tr', '']

const KINDS = {
  n: ['int', INT], l: ['bigint', LONG], x: ['double', DOUBLE], d: ['decimal(10,2)', DECIMAL], s: ['string', TEXT], day: ['date', DAY],
  at: ['timestamp', AT], b: ['boolean', BOOL], tags: ['array<string>', TAGS], nums: ['array<int>', NUMS], j: ['string', JSONS],
  digits: ['string', DIGITS], dates: ['string', DATES], bools: ['string', BOOLS],
} as const // biome-ignore format: a table
type Kind = keyof typeof KINDS

/** A frame with an edge value a row in the column `v`, and its number. */
function values(kind: Kind, only?: number): Frame {
  const [type, all] = KINDS[kind]
  const rows = all.map((value, i) => [i, value]).filter(([i]) => only === undefined || i === only)
  return createDataFrame(rows, `i int, v ${type}`)
}

const v = col('v')
/** Every function of one row: its name, the kinds of values it is tried with, and what is computed of the column `v`. */
const SCALAR: readonly (readonly [name: string, kinds: readonly Kind[], column: Column])[] = [
  ['eq', ['n', 'l', 'x', 'd'], v.eq(1)],
  ['eq', ['s'], v.eq('a')],
  ['eq', ['day', 'at'], v.eq('2024-02-29')],
  ['eq', ['b'], v.eq(true)],
  ['eq', ['x'], v.eq(Number.NaN)],
  ['ne', ['n', 'x', 'd'], v.ne(1)],
  ['lt', ['n', 'x', 'd'], v.lt(1.5)],
  ['lt', ['s'], v.lt('a')],
  ['le', ['day'], v.le('2024-02-29')],
  ['le', ['s'], v.le('b')],
  ['gt', ['x', 'l'], v.gt(1)],
  ['gt', ['s'], v.gt('Z')],
  ['ge', ['x', 'n'], v.ge(1)],
  ['ge', ['at'], v.ge(new Date('2024-02-29T13:45:10.123Z'))],
  ['eq_null_safe', ['n', 'x'], v.eqNullSafe(null)],
  ['eq_null_safe', ['n'], v.eqNullSafe(1)],
  ['and', ['b'], v.and(true)],
  ['and', ['b'], v.and(null)],
  ['or', ['b'], v.or(null)],
  ['not', ['b'], v.not()],
  ['is_null', ['n', 's', 'tags'], v.isNull()],
  ['is_not_null', ['x'], v.isNotNull()],
  ['add', ['n', 'x', 'd', 'l'], v.plus(1)],
  ['add', ['d'], v.plus(col('v'))],
  ['add', ['n'], v.plus(0.5)],
  ['add', ['d'], v.plus(0.5)],
  ['add', ['day'], v.plus(1)],
  ['subtract', ['n', 'x', 'd'], v.minus(2)],
  ['subtract', ['day'], v.minus(lit('2024-01-01').cast('date'))],
  ['multiply', ['n', 'x', 'd'], v.multiply(2)],
  ['multiply', ['d'], v.multiply(col('v'))],
  ['multiply', ['d'], v.multiply(lit('1.5').cast('decimal(5,3)'))],
  ['divide', ['n', 'x', 'd', 'l'], v.divide(3)],
  ['divide', ['n', 'x', 'd'], v.divide(0)],
  ['divide', ['n'], lit(1).divide(v)],
  ['divide', ['d'], v.divide(lit('1.5').cast('decimal(5,3)'))],
  ['mod', ['n', 'l', 'd'], v.mod(3)],
  ['mod', ['n'], v.mod(0)],
  ['negative', ['x', 'd', 'n'], v.neg()],
  ['like', ['s'], v.like('%a%')],
  ['like', ['s'], v.like('%\\%')],
  ['ilike', ['s'], v.ilike('%AB%')],
  ['rlike', ['s'], v.rlike('^\\s*[A-Z]\\w+')],
  ['rlike', ['s'], v.rlike('\\bsql\\b|b')],
  ['rlike', ['s'], v.rlike('(?i)abc|.ü?n')],
  ['contains', ['s'], v.contains('a')],
  ['contains', ['s'], v.contains('')],
  ['startswith', ['s'], v.startsWith(' ')],
  ['endswith', ['s'], v.endsWith('c')],
  ['endswith', ['s'], v.endsWith('')],
  ['substring', ['s'], v.substr(2, 3)],
  ['substring', ['s'], f.substring('v', -3, 2)],
  ['substring', ['s'], f.substring('v', 0, 2)],
  ['get_item', ['tags', 'nums'], v.getItem(0)],
  ['get_item', ['tags'], v.getItem(2)],
  ['in', ['n', 'l', 'x', 'd'], v.isin(1, 7)],
  ['in', ['day'], v.isin('2024-02-29', '1970-01-01')],
  ['in', ['s'], v.isin(['a', ''])],
  ['in', ['n'], v.isin()],
  ['abs', ['n', 'x', 'd', 'l'], f.abs('v')],
  ['sqrt', ['n', 'x', 'd'], f.sqrt('v')],
  ['cbrt', ['n', 'x'], f.cbrt('v')],
  ['exp', ['n', 'x', 'd'], f.exp('v')],
  ['ln', ['n', 'x', 'd'], f.ln('v')],
  ['log', ['x'], f.log('v')],
  ['log2', ['n', 'x', 'd'], f.log2('v')],
  ['log10', ['n', 'x'], f.log10('v')],
  ['sin', ['n', 'd'], f.sin('v')],
  ['cos', ['n', 'd'], f.cos('v')],
  ['tan', ['n'], f.tan('v')],
  ['asin', ['x', 'n'], f.asin('v')],
  ['acos', ['x', 'n'], f.acos('v')],
  ['atan', ['x'], f.atan('v')],
  ['atan2', ['x'], f.atan2('v', lit(2))],
  ['radians', ['x', 'n'], f.radians('v')],
  ['degrees', ['n', 'd'], f.degrees('v')],
  ['pow', ['n', 'x', 'd'], f.pow('v', 2)],
  ['pow', ['n', 'x'], f.pow('v', lit(0.5))],
  ['pow', ['n', 'x'], f.pow('v', -1)],
  ['signum', ['n', 'x', 'd'], f.signum('v')],
  ['ceil', ['n', 'x', 'd', 'l'], f.ceil('v')],
  ['floor', ['n', 'x', 'd', 'l'], f.floor('v')],
  ['round', ['n', 'x', 'd', 'l'], f.round('v')],
  ['round', ['x', 'd', 'n'], f.round('v', 1)],
  ['round', ['x', 'd'], f.round('v', 2)],
  ['round', ['x', 'd', 'n'], f.round('v', -1)],
  ['bround', ['n', 'x', 'd'], f.bround('v')],
  ['bround', ['x', 'd'], f.bround('v', 1)],
  ['pmod', ['n', 'd'], f.pmod('v', 4)],
  ['greatest', ['n', 'x', 'd'], f.greatest('v', lit(1))],
  ['greatest', ['s'], f.greatest('v', lit('Z'), lit('é'))],
  ['least', ['n', 'x', 'd'], f.least('v', lit(2.5))],
  ['factorial', ['n'], f.factorial('v')],
  ['hex', ['n', 'l', 's'], f.hex('v')],
  ['bin', ['n', 'l'], f.bin('v')],
  ['shiftleft', ['n', 'l'], f.shiftLeft('v', 3)],
  ['shiftright', ['n', 'l'], f.shiftRight('v', 2)],
  ['shiftright', ['n', 'l'], f.shiftRight('v', 40)],
  ['bit_count', ['n', 'l'], f.bitCount('v')],
  ['pi', ['n'], f.pi()],
  ['e', ['n'], f.e()],
  ['rand', ['n'], f.rand().lt(1)],
  ['upper', ['s'], f.upper('v')],
  ['upper', ['b'], f.upper(v.cast('string'))],
  ['lower', ['s'], f.lower('v')],
  ['initcap', ['s'], f.initcap('v')],
  ['trim', ['s'], f.trim('v')],
  ['ltrim', ['s'], f.ltrim('v')],
  ['rtrim', ['s'], f.rtrim('v')],
  ['length', ['s'], f.length('v')],
  ['reverse', ['s'], f.reverse('v')],
  ['ascii', ['s'], f.ascii('v')],
  ['concat', ['s', 'n', 'x', 'd', 'b', 'day', 'at', 'l'], f.concat('v', lit('!'), 'v')],
  ['concat', ['s'], f.concat('v')],
  ['concat_ws', ['s', 'x', 'b'], f.concatWs('-', 'v', lit(null).cast('string'), 'v')],
  ['left', ['s'], f.left('v', 2)],
  ['left', ['s'], f.left('v', -1)],
  ['right', ['s'], f.right('v', 2)],
  ['lpad', ['s'], f.lpad('v', 4, '*')],
  ['lpad', ['s'], f.lpad('v', -1, 'xy')],
  ['rpad', ['s'], f.rpad('v', 5, 'äb')],
  ['repeat', ['s', 'n'], f.repeat('v', 2)],
  ['repeat', ['s'], f.repeat('v', -1)],
  ['regexp_replace', ['s'], f.regexpReplace('v', '(s)(p|q)', '$2$1')],
  ['regexp_replace', ['s'], f.regexpReplace('v', '[a-c]+', '<\\0>')],
  ['regexp_replace', ['s'], f.regexpReplace('v', '\\s', '')],
  ['regexp_extract', ['s'], f.regexpExtract('v', '(\\w+) (\\w+)', 2)],
  ['regexp_extract', ['s'], f.regexpExtract('v', '[^,]+', 0)],
  ['regexp_extract', ['s'], f.regexpExtract('v', '^(.*),(.*)$', 1)],
  ['replace', ['s'], f.replace('v', 'a', 'bb')],
  ['replace', ['s'], f.replace('v', '', 'x')],
  ['translate', ['s'], f.translate('v', 'ab ', 'x')],
  ['split', ['s'], f.split('v', ',')],
  ['split', ['s'], f.split('v', '\\s+')],
  ['substring_index', ['s'], f.substringIndex('v', ',', 2)],
  ['substring_index', ['s'], f.substringIndex('v', ',', -2)],
  ['substring_index', ['s'], f.substringIndex('v', ',', 0)],
  ['instr', ['s'], f.instr('v', 'a')],
  ['instr', ['s'], f.instr('v', '')],
  ['md5', ['s'], f.md5('v')],
  ['sha2', ['s'], f.sha2('v', 256)],
  ['base64', ['s'], f.base64('v')],
  ['unbase64', ['s'], f.unbase64(f.base64('v'))],
  ['format_number', ['n', 'l'], f.formatNumber('v', 2)],
  ['format_number', ['n'], f.formatNumber('v', 0)],
  ['format_string', ['s'], f.formatString('%s: %d%%', 'v', 'i')],
  ['current_date', ['n'], f.currentDate().ge(lit('2024-01-01').cast('date'))],
  ['current_timestamp', ['n'], f.currentTimestamp().gt(lit('2024-01-01').cast('timestamp'))],
  ...[f.year, f.quarter, f.month, f.weekOfYear, f.dayOfWeek, f.weekday, f.dayOfMonth, f.dayOfYear, f.hour, f.minute, f.second].map(
    (part) => [part.definition.name, ['day', 'at'], part('v')] as const,
  ),
  ['date_add', ['day', 'at'], f.dateAdd('v', -31)],
  ['date_sub', ['day'], f.dateSub('v', 1)],
  ['datediff', ['day', 'at'], f.dateDiff('v', lit('2024-03-01').cast('date'))],
  ['add_months', ['day'], f.addMonths('v', 1)],
  ['add_months', ['day', 'at'], f.addMonths('v', -13)],
  ['months_between', ['day', 'at'], f.monthsBetween('v', lit('2024-01-31').cast('date'))],
  ['months_between', ['day'], f.monthsBetween('v', lit('1996-10-30 10:30:00'))],
  ['last_day', ['day', 'at'], f.lastDay('v')],
  ...(['year', 'quarter', 'month', 'week'] as const).map((unit) => ['trunc', ['day', 'at'], f.trunc('v', unit)] as const),
  ...(['year', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'] as const).map(
    (unit) => ['date_trunc', ['at', 'day'], f.dateTrunc(unit, 'v')] as const,
  ),
  ['date_format', ['day', 'at'], f.dateFormat('v', "yyyy-MM-dd'T'HH:mm:ss.SSS")],
  ['date_format', ['day', 'at'], f.dateFormat('v', "EEEE, d. MMMM yy; EEE dd MMM; h:mm a 'o''clock' DDD D H m s SSSSSS")],
  ['to_date', ['day', 'at', 'dates'], f.toDate('v')],
  ['to_date', ['dates'], f.toDate('v', 'yyyy-MM-dd')],
  ['to_date', ['dates'], f.toDate('v', 'yyyy/M/d')],
  ['to_timestamp', ['day', 'at', 'dates'], f.toTimestamp('v')],
  ['to_timestamp', ['dates'], f.toTimestamp('v', 'yyyy-MM-dd HH:mm:ss')],
  ['unix_timestamp', ['day', 'at'], f.unixTimestamp('v')],
  ['unix_timestamp', ['dates'], f.unixTimestamp('v', 'yyyy-MM-dd')],
  ['from_unixtime', ['n'], f.fromUnixtime('v')],
  ['from_unixtime', ['n'], f.fromUnixtime('v', 'dd.MM.yyyy')],
  ['timestamp_seconds', ['n'], f.timestampSeconds('v')],
  ['make_date', ['n'], f.makeDate(lit(2024), v.mod(12).plus(1).cast('int'), 1)],
  ['coalesce', ['n', 'x', 'd', 'l'], f.coalesce('v', lit(3))],
  ['coalesce', ['s', 'day'], f.coalesce(lit(null), 'v')],
  ['isnull', ['s'], f.isnull('v')],
  ['isnotnull', ['s'], f.isnotnull('v')],
  ['isnan', ['x', 'n'], f.isnan('v')],
  ['nvl', ['n', 'x'], f.nvl('v', lit(1.5))],
  ['ifnull', ['d'], f.ifnull('v', lit(1))],
  ['nullif', ['n'], f.nullif('v', 1)],
  ['nanvl', ['x'], f.nanvl('v', lit(7))],
  ['array', ['n', 's', 'x'], f.array('v', 'v')],
  ['size', ['tags', 'nums'], f.size('v')],
  ['array_contains', ['tags'], f.arrayContains('v', 'a')],
  ['array_contains', ['nums'], f.arrayContains('v', 1)],
  ['array_distinct', ['tags', 'nums'], f.sortArray(f.arrayDistinct('v'))],
  ['sort_array', ['tags', 'nums'], f.sortArray('v')],
  ['sort_array', ['tags'], f.sortArray('v', false)],
  ['array_max', ['tags', 'nums'], f.arrayMax('v')],
  ['array_min', ['tags', 'nums'], f.arrayMin('v')],
  ['array_position', ['tags'], f.arrayPosition('v', 'a')],
  ['array_join', ['tags', 'nums'], f.arrayJoin('v', '+')],
  ['element_at', ['tags', 'nums'], f.elementAt('v', -1)],
  ['element_at', ['tags'], f.elementAt('v', 2)],
  ['slice', ['tags', 'nums'], f.slice('v', 2, 2)],
  ['get_json_object', ['j'], f.getJsonObject('v', '$.a.b')],
  ['get_json_object', ['j'], f.getJsonObject('v', '$.t[1]')],
  ['get_json_object', ['j'], f.getJsonObject('v', '$.z')],
  ['when', ['n', 'x'], f.when(v.gt(0), v).otherwise(0.5)],
  ['when', ['d'], f.when(v.gt(0), v)],
  ['when', ['s'], f.when(v.eq('a'), 'A').otherwise(v)],
  ...(['int', 'bigint', 'tinyint', 'double', 'decimal(12,3)', 'string', 'boolean'] as const).flatMap((to) => [
    ['cast', ['n', 'l', 'd', 'digits'] as const, v.cast(to)] as const,
    ['tryCast', ['n', 'l', 'd', 'digits'] as const, v.tryCast(to)] as const,
  ]),
  ['cast', ['x'], v.cast('string')],
  ['cast', ['x'], v.cast('int')],
  ['cast', ['x'], v.cast('bigint')],
  ['cast', ['x'], v.cast('decimal(20,2)')],
  ['tryCast', ['x'], v.tryCast('int')],
  ['tryCast', ['x'], v.tryCast('bigint')],
  ['cast', ['b', 'day', 'at', 's'], v.cast('string')],
  ['cast', ['b'], v.cast('int')],
  ['cast', ['bools'], v.cast('boolean')],
  ['tryCast', ['bools'], v.tryCast('boolean')],
  ['cast', ['dates', 'at'], v.cast('date')],
  ['cast', ['dates', 'day'], v.cast('timestamp')],
  ['tryCast', ['dates'], v.tryCast('date')],
  ['tryCast', ['dates'], v.tryCast('timestamp')],
  ['tryCast', ['dates'], v.tryCast('timestamp_ntz')],
] // biome-ignore format: a table

/** Values of which DuckDB makes something, and PostgreSQL an error: what overflows a double or an integer there. */
const FAILS: Readonly<Record<string, readonly unknown[]>> = {
  x: [1e308, 5e-324],
  // A year that PostgreSQL has not.
  dates: ['0000-01-01'],
  'round n': [MAX, MIN],
} // biome-ignore format: a table
/** Where PostgreSQL computes what DuckDB refuses. */
const MORE = new Set(['bround n', 'shiftleft n', 'shiftleft l'])

const groups = createDataFrame(
  [
    { k: 1, g: 'a', v: 1, x: 1.5, t: 'a', b: true, d: '1.10', day: '2024-01-31' },
    { k: 2, g: 'a', v: 2, x: 2.25, t: 'Z', b: false, d: '2.20', day: '2024-02-29' },
    { k: 3, g: 'b', v: 2, x: -3.5, t: 'ü', b: true, d: '3.30', day: null },
    { k: 4, g: 'b', v: MAX, x: 1e6, t: null, b: null, d: null, day: '1999-12-31' },
    { k: 5, g: null, v: MAX, x: 0.1, t: 'a', b: true, d: '99999999.99', day: '2024-02-29' },
    { k: 6, g: null, v: null, x: null, t: '', b: true, d: '-0.01', day: '2024-02-29' },
  ],
  'k int, g string, v int, x double, t string, b boolean, d decimal(10,2), day date',
)

const AGGREGATE: readonly (readonly [name: string, column: Column])[] = [
  ...(['v', 'k', 'x', 'd'] as const).flatMap((name) => [
    ['sum', f.sum(name)] as const,
    ['avg', f.avg(name)] as const,
    ['min', f.min(name)] as const,
    ['max', f.max(name)] as const,
    ['median', f.median(name)] as const,
    ['percentile', f.percentile(name, 0.3)] as const,
    ['stddev', f.stddev(name)] as const,
  ]),
  ['sum', f.sum(col('v').cast('bigint'))],
  ['sum', f.sum(col('d').multiply(col('k')))],
  ['sum_distinct', f.sumDistinct('v')],
  ['mean', f.mean(col('k').cast('bigint'))],
  ['min', f.min('t')],
  ['max', f.max('t')],
  ['min', f.min('day')],
  ['max', f.max('b')],
  ['min', f.min('b')],
  ['mode', f.mode(lit(3))],
  ['stddev_pop', f.stddevPop('k')],
  ['variance', f.variance('k')],
  ['var_pop', f.varPop('d')],
  ['corr', f.corr('k', 'x')],
  ['corr', f.corr('k', lit(1))],
  ['covar_samp', f.covarSamp('k', 'x')],
  ['covar_pop', f.covarPop('k', 'd')],
  ['first', f.first(lit('one'))],
  ['last', f.last(lit(1.5))],
  ['any_value', f.anyValue(lit(3))],
  ['max_by', f.maxBy('k', 't')],
  ['min_by', f.minBy('d', 'k')],
  ['max_by', f.maxBy('t', 'k')],
  ['bool_and', f.boolAnd('b')],
  ['bool_or', f.boolOr('b')],
  ['count_if', f.countIf(col('v').eq(2))],
  ['count', f.count()],
  ['count', f.count('t')],
  ['count_distinct', f.countDistinct('t')],
  ['count_distinct', f.countDistinct('t', 'v')],
  ['collect_list', f.sortArray(f.collectList('t'))],
  ['collect_set', f.collectSet('t')],
  ['collect_set', f.collectSet('v')],
  ['approx_count_distinct', f.approxCountDistinct('t')],
  ['percentile_approx', f.percentileApprox('k', 0.5)],
  ['percentile_approx', f.percentileApprox('x', 0.9)],
] // biome-ignore format: a table

const byK = Window.orderBy('k')
const WINDOW: readonly (readonly [name: string, column: Column])[] = [
  ['row_number', f.rowNumber().over(byK)],
  ['rank', f.rank().over(Window.orderBy('v'))],
  ['rank', f.rank().over(Window.orderBy(col('t').desc()))],
  ['dense_rank', f.denseRank().over(Window.partitionBy('g').orderBy('t'))],
  ['percent_rank', f.percentRank().over(byK)],
  ['cume_dist', f.cumeDist().over(byK)],
  ['ntile', f.ntile(4).over(byK)],
  ['lag', f.lag('d').over(byK)],
  ['lag', f.lag('t', 1, 'none').over(byK)],
  ['lead', f.lead('x', 2, 0).over(byK)],
  ['nth_value', f.nthValue('v', 2).over(byK)],
  ['sum', f.sum('k').over(byK)],
  ['sum', f.sum('d').over(byK.rowsBetween(-1, Window.currentRow))],
  ['sum', f.sum('k').over(byK.rangeBetween(-2, 1))],
  ['avg', f.avg('k').over(Window.partitionBy('g'))],
  ['avg', f.avg('x').over(Window.partitionBy('g'))],
  ['min', f.min('t').over(Window.partitionBy('g'))],
  ['max', f.max('b').over(byK)],
  ['first', f.first('t').over(byK)],
  ['last', f.last('k').over(byK)],
  ['any_value', f.anyValue('g').over(Window.partitionBy('g'))],
  ['count', f.count().over(Window.partitionBy('g'))],
  ['count_if', f.countIf(col('k').gt(2)).over(byK)],
  ['collect_list', f.collectList('v').over(byK)],
  ['stddev', f.stddev('k').over(byK)],
  ['corr', f.corr('k', 'x').over(byK)],
] // biome-ignore format: a table

const REFUSED: readonly (readonly [name: string, column: Column])[] = [
  ['mod', col('x').mod(2)],
  ['pmod', f.pmod('x', 2)],
  ['levenshtein', f.levenshtein('t', lit('a'))],
  ['sha1', f.sha1('t')],
  ['format_number', f.formatNumber('x', 2)],
  ['format_string', f.formatString('%5.2f', 'x')],
  ['to_json', f.toJson('k')],
  ['from_json', f.fromJson('t', 'a int')],
  ['struct', f.struct('k')],
  ['get_field', col('t').getField('a')],
  ['flatten', f.flatten('t')],
  ['map_keys', f.mapKeys('t')],
  ['map_values', f.mapValues('t')],
  ['skewness', f.skewness('x')],
  ['kurtosis', f.kurtosis('x')],
  ['median', f.median('x').over(byK)],
  ['collect_set', f.collectSet('t').over(byK)],
  ['count_distinct', f.countDistinct('t').over(byK)],
  ['regexp_extract', f.regexpExtract('t', 'a|ab', 0)],
  ['regexp_replace', f.regexpReplace('t', 'a+?', '')],
  ['split', f.split('t', '(?P<x>a)')],
  ['rlike', col('t').rlike('\\p{L}')],
  ['conversion', f.dateTrunc('day', 'k')],
  ['to_date', f.toDate('t', 'EEEE')],
  ['array_join', f.arrayJoin(f.array('x'), ',')],
  ['tryCast', col('t').tryCast('json')],
  ['conversion', col('k').cast('date')],
] // biome-ignore format: a table

type Case = (typeof SCALAR)[number]

/** Compares columns all at once; where one fails, in halves, and a single one row by row. */
async function compare(kind: Kind, cases: readonly Case[]): Promise<void> {
  const columns = cases.map(([name, , column], i) => column.as(`${name}_${i}`))
  const computed = (only?: number) => () =>
    values(kind, only)
      .select('i', ...columns)
      .orderBy('i')
  const all = await outcomeOf(duckdb, computed())
  const other = await outcomeOf(postgres, computed())
  if (all.error === undefined && other.error === undefined) return expectAlike(all, other, true)
  if (cases.length > 1) {
    const half = Math.ceil(cases.length / 2)
    await compare(kind, cases.slice(0, half))
    return compare(kind, cases.slice(half))
  }
  const name = `${cases[0]?.[0]} ${kind}`
  const mayFail = [...(FAILS[kind] ?? []), ...(FAILS[name] ?? [])]
  for (const [i, value] of KINDS[kind][1].entries()) {
    const [one, two] = [await outcomeOf(duckdb, computed(i), false), await outcomeOf(postgres, computed(i), false)]
    if (one.error === undefined && two.error === undefined) expectAlike(one, two, true)
    else if (one.error === undefined && !mayFail.includes(value)) expect.fail(`${name} of ${value}: ${two.error}`)
    else if (two.error === undefined && !MORE.has(name))
      expect.fail(`${name} of ${value} fails in DuckDB: ${one.error}`)
  }
}

describe.skipIf(!hasPostgres)(`functions in PostgreSQL (${POSTGRES_HINT})`, () => {
  test.each(Object.keys(KINDS) as Kind[])('functions of %s give what DuckDB gives, of the same type', async (kind) => {
    await compare(
      kind,
      SCALAR.filter(([, kinds]) => kinds.includes(kind)),
    )
  })

  test('aggregates give what DuckDB gives, of the same type', async () => {
    for (const frame of [groups, groups.filter(lit(false)), groups.filter(col('k').eq(1))]) {
      const all = () => frame.agg(...AGGREGATE.map(([name, column], i) => column.as(`${name}_${i}`)))
      expectAlike(await outcomeOf(duckdb, all), await outcomeOf(postgres, all))
    }
    const grouped = () => groups.groupBy('g').agg(...AGGREGATE.map(([name, column], i) => column.as(`${name}_${i}`)))
    expectAlike(await outcomeOf(duckdb, grouped), await outcomeOf(postgres, grouped))
  })

  test('windows give what DuckDB gives, of the same type', async () => {
    const all = () => groups.select('k', ...WINDOW.map(([name, column], i) => column.as(`${name}_${i}`)))
    expectAlike(await outcomeOf(duckdb, all), await outcomeOf(postgres, all))
  })

  test('explode gives a row for each element', async () => {
    const exploded = () => values('tags').select('i', f.explode('v').as('tag'))
    expectAlike(await outcomeOf(duckdb, exploded), await outcomeOf(postgres, exploded))
  })

  test.each(REFUSED)('%s is refused with its name and the engine (%#)', async (name, column) => {
    const { error } = await outcomeOf(postgres, () => groups.select(column.as('r')))
    expect(error).toMatch(/^ENGINE_UNSUPPORTED .*PostgreSQL/)
    expect(error).toContain(name)
  })
})

test('every function is compared with PostgreSQL, or refused', () => {
  const tried = [...SCALAR, ...AGGREGATE, ...WINDOW, ...REFUSED].map(([name]) => name)
  const refused = [...FUNCTIONS.values()].filter(({ postgres: form }) => typeof form === 'object')
  expect(refused.map(({ name }) => name).filter((name) => !REFUSED.some(([one]) => one === name))).toEqual([])
  expect([...FUNCTIONS.keys()].filter((name) => !tried.includes(name))).toEqual(['explode'])
})
