import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as f from '../../../src/data/frame/index.ts'
import {
  Column,
  col,
  createDataFrame,
  type FrameSession,
  FUNCTIONS,
  lit,
  Window,
} from '../../../src/data/frame/index.ts'
import { hasPostgres, POSTGRES_HINT } from '../../services/postgres.ts'
import { expectAlike, outcomeOf } from './alike.ts'
import { type BothSessions, openBothSessions } from './both-sessions.ts'
import { KINDS, type Kind, MAX, MIN, SCALAR, values } from './function-cases.ts'
import { areas, casesOfArea } from './spark/areas.ts'
import { functionsIn } from './spark/cases/edge-columns.ts'

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

/** Values of which DuckDB makes something, and PostgreSQL an error: what overflows a double or an integer there. */
const FAILS: Readonly<Record<string, readonly unknown[]>> = {
  x: [1e308, 5e-324],
  // A year that PostgreSQL has not.
  dates: ['0000-01-01'],
  'round n': [MAX, MIN],
} // biome-ignore format: a table
/** Where PostgreSQL computes what DuckDB refuses. */
const MORE = new Set<string>()

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
  ['to_timestamp', f.toTimestamp('t')],
  ['array_join', f.arrayJoin(f.array('x'), ',')],
  ['tryCast', col('t').tryCast('json')],
  ['conversion', col('k').cast('date')],
] // biome-ignore format: a table

/** What else Spark judges; the functions of it that PostgreSQL has not are refused before their arguments are looked at. */
const JUDGED_CASES = (await Promise.all(areas().map(casesOfArea))).flat()
const JUDGED = [...new Set(JUDGED_CASES.flatMap(({ frame }) => functionsIn(frame.plan)))]
const REFUSED_TOO = JUDGED.filter((fn) => typeof FUNCTIONS.get(fn)?.postgres === 'object').map((fn) => {
  const args = fn.endsWith('window') ? [col('v'), lit('1 day')] : [lit('year'), col('v'), col('v')]
  return [fn, new Column({ kind: 'call', fn, args: args.map((one) => one.expr) })] as const
})

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

  test.each([...REFUSED, ...REFUSED_TOO])('%s is refused with its name and the engine (%#)', async (name, column) => {
    const { error } = await outcomeOf(postgres, () => groups.select(column.as('r')))
    expect(error).toMatch(/^ENGINE_UNSUPPORTED .*PostgreSQL/)
    expect(error).toContain(name)
  })
})

test('every function is compared with PostgreSQL, or refused', () => {
  // Groups in sets are compared as plans.
  const tried = [...SCALAR, ...AGGREGATE, ...WINDOW, ...REFUSED]
    .map(([name]) => name)
    .concat(JUDGED, 'grouping', 'grouping_id')
  const refused = [...FUNCTIONS.values()].filter(({ postgres: form }) => typeof form === 'object')
  expect(
    refused.map(({ name }) => name).filter((name) => ![...REFUSED, ...REFUSED_TOO].some(([one]) => one === name)),
  ).toEqual([])
  expect([...FUNCTIONS.keys()].filter((name) => !tried.includes(name))).toEqual([])
})
