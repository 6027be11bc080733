import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgresConfig } from '../../../src/base/postgres/index.ts'
import { join, type Sql, sql } from '../../../src/base/sql/index.ts'
import { type Engine, type EngineConnection, openDuckDb, openPostgres } from '../../../src/data/engine/index.ts'
import { type ExpectationResult, validate } from '../../../src/work/quality/index.ts'
import { freshDatabase, hasPostgres, POSTGRES_HINT } from '../../services/postgres.ts'
import { CASES, ORDERS } from './cases.ts'
import { type Stated, suiteOf } from './suite-of.ts'

describe.skipIf(!hasPostgres)(`expectations on PostgreSQL (${POSTGRES_HINT})`, () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>
  let engines: Engine[]
  let postgres: EngineConnection
  let duckdb: EngineConnection
  beforeAll(async () => {
    database = await freshDatabase()
    const server = await openPostgres(postgresConfig('warehouse', database.url, {}), {})
    const embedded = await openDuckDb()
    engines = [server, embedded]
    postgres = await server.connect()
    duckdb = await embedded.connect()
  })
  afterAll(async () => {
    await postgres[Symbol.asyncDispose]()
    await duckdb[Symbol.asyncDispose]()
    for (const engine of engines) await engine[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  async function judged(
    connection: EngineConnection,
    relation: Sql,
    stated: readonly Stated[],
  ): Promise<readonly ExpectationResult[]> {
    return (await validate({ connection, relation, suite: suiteOf(...stated), resultFormat: 'COMPLETE' })).results
  }

  /** Everything but the query that finds the rows, and the order of rows, which no engine promises. */
  const comparable = (results: readonly ExpectationResult[]) =>
    results.map(({ success, result, exception_info }) => {
      const { unexpected_index_query: _, unexpected_list, partial_unexpected_list, ...rest } = result
      return {
        success,
        ...rest,
        // The last digit of a mean depends on the order of adding.
        ...(typeof rest.observed_value === 'number'
          ? { observed_value: Number(rest.observed_value.toPrecision(12)) }
          : {}),
        unexpected_list: unexpected_list?.map((one) => JSON.stringify(one)).sort(),
        shown: partial_unexpected_list?.length,
        error: exception_info.error?.code,
      }
    })

  test.each(CASES)('%s %j', async (type, kwargs, success, seen) => {
    const { results } = await validate({
      connection: postgres,
      relation: ORDERS,
      suite: suiteOf([type, kwargs]),
      resultFormat: 'BASIC',
    })
    expect(results[0]?.exception_info.exception_message).toBeNull()
    expect(results[0]).toMatchObject({ success, result: seen })
  })

  test('row conditions select the same rows', async () => {
    const conditions = [
      'col("status") == "paid"',
      "col('amount') > 10.5",
      'col("day") <= date("2024-01-02")',
      { type: 'comparison', column: { name: 'id' }, operator: 'IN', parameter: [1, 2] },
    ]
    const stated = conditions.map((row_condition): Stated => {
      return ['expect_table_row_count_to_equal', { value: 2, row_condition }]
    })
    expect(comparable(await judged(postgres, ORDERS, stated))).toEqual(comparable(await judged(duckdb, ORDERS, stated)))
  })

  const letters = fc.constantFrom('a', 'B', 'é', 'ß', '5', '_', '%', '.', '\n', '\\', ' ', '😀', '-')
  const word = fc.array(letters, { maxLength: 4 }).map((all) => all.join(''))
  const rows = fc.array(
    fc.record({
      n: fc.option(fc.integer({ min: -3, max: 3 })),
      x: fc.option(fc.constantFrom(0, -1.5, 2.25, Number.NaN, Number.POSITIVE_INFINITY)),
      t: fc.option(word),
      at: fc.option(fc.constantFrom('2024-02-29 23:59:59.999999', '2024-03-01', '1969-12-31 10:00:00')),
      flag: fc.option(fc.boolean()),
    }),
    { minLength: 1, maxLength: 12 },
  )
  const column = fc.constantFrom('n', 'x', 't', 'moment', 'flag')
  const pattern = fc.constantFrom(
    'a',
    '^[A-Z]',
    '.',
    '^.{2}$',
    '\\w',
    '[^a]',
    '^\\S+$',
    '\\bB',
    '(?i)b',
    '(?s)a.',
    '\\x61',
    '\\.',
    '[\\d_]$',
    'a|B',
  )
  const like = word.map((text) => text.replaceAll('a', '%'))
  const one: fc.Arbitrary<Stated> = fc.oneof(
    column.map((name): Stated => ['expect_column_values_to_be_unique', { column: name }]),
    column.map((name): Stated => ['expect_column_unique_value_count_to_be_between', { column: name, max_value: 3 }]),
    column.map((name): Stated => ['expect_column_values_to_not_be_null', { column: name, mostly: 0.5 }]),
    fc.tuple(column, fc.constantFrom('min', 'max')).map(([name, which]): Stated => {
      return [`expect_column_${which}_to_be_between`, { column: name, min_value: 0 }]
    }),
    // The sum of nothing is 0 in pandas, which DuckDB follows, and unknown in PostgreSQL.
    fc.constantFrom('mean', 'median').map((what): Stated => {
      return [`expect_column_${what}_to_be_between`, { column: 'n', min_value: 0 }]
    }),
    fc.tuple(column, column).map(([a, b]): Stated => {
      return ['expect_compound_columns_to_be_unique', { column_list: a === b ? [a, 'n'] : [a, b] }]
    }),
    word.map((bound): Stated => ['expect_column_values_to_be_between', { column: 't', min_value: bound }]),
    fc.constantFrom('2024-02-29', '2024-03-01T00:00:00+02:00', '2024-03-01T00:00:00Z').map((bound): Stated => {
      return ['expect_column_values_to_be_between', { column: 'moment', max_value: bound }]
    }),
    fc.array(word, { maxLength: 3 }).map((set): Stated => {
      return ['expect_column_distinct_values_to_equal_set', { column: 't', value_set: set }]
    }),
    fc.constant<Stated>(['expect_column_values_to_be_in_set', { column: 'n', value_set: [1, 2.5, '3', true] }]),
    fc.constant<Stated>(['expect_column_values_to_be_between', { column: 'n', min_value: -1.5, max_value: 1.5 }]),
    pattern.map((regex): Stated => ['expect_column_values_to_match_regex', { column: 't', regex }]),
    like.map((like_pattern): Stated => ['expect_column_values_to_match_like_pattern', { column: 't', like_pattern }]),
    fc.nat(3).map((value): Stated => ['expect_column_value_lengths_to_equal', { column: 't', value }]),
  )

  test('any suite over any rows is judged as DuckDB judges it', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.array(one, { minLength: 1, maxLength: 12 }), async (values, stated) => {
        const lines = values.map(
          ({ n, x, t, at, flag }) => sql`(cast(${n} as integer), cast(${x} as double precision), cast(${t} as text),
            cast(${at} as timestamp), cast(${flag} as boolean))`,
        )
        const relation = sql`(values ${join(lines)}) as t (n, x, t, moment, flag)`
        const [here, there] = [await judged(postgres, relation, stated), await judged(duckdb, relation, stated)]
        expect(comparable(here)).toEqual(comparable(there))
      }),
      { numRuns: 40 },
    )
  })

  test.each(['\\pL', '(?P<name>a)', '(?x)a', '(?i)é'])(
    'the pattern %j, which it cannot say, is refused',
    async (regex) => {
      const [result] = await judged(postgres, ORDERS, [
        ['expect_column_values_to_match_regex', { column: 'email', regex }],
      ])
      expect(result?.exception_info.error).toMatchObject({ code: 'EXPECTATION_INVALID' })
    },
  )
})
