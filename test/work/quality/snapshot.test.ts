import { describe, expect, test } from 'vitest'
import { postgresConfig } from '../../../src/base/postgres/index.ts'
import { sql } from '../../../src/base/sql/index.ts'
import { type Engine, type EngineConnection, openDuckDb, openPostgres } from '../../../src/data/engine/index.ts'
import { validate } from '../../../src/work/quality/index.ts'
import { freshDatabase, hasPostgres, POSTGRES_HINT } from '../../services/postgres.ts'
import { type Stated, suiteOf } from './suite-of.ts'

/** Expectations that take statements of their own, one of which the engine refuses. */
const STATED: readonly Stated[] = [
  ['expect_table_row_count_to_equal', { value: 3 }],
  ['expect_column_values_to_be_unique', { column: 'n' }],
  ['expect_column_unique_value_count_to_be_between', { column: 'n', min_value: 3, max_value: 3 }],
  ['unexpected_rows_expectation', { unexpected_rows_query: 'select nosuch from {batch}' }],
  ['expect_column_values_to_be_in_set', { column: 'n', value_set: [1, 2] }],
  ['expect_column_most_common_value_to_be_in_set', { column: 'n', value_set: [1, 2, 3], ties_okay: true }],
]

/** A connection beside which somebody else writes a row, equal to one that is there, before each statement but the first. */
function disturbed(connection: EngineConnection, other: EngineConnection): EngineConnection {
  let statements = 0
  return new Proxy(connection, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      if (name !== 'rows') return member.bind(target)
      return async (...given: Parameters<EngineConnection['rows']>) => {
        statements += 1
        if (statements > 1) await other.execute(sql`insert into moving values (3)`)
        return target.rows(...given)
      }
    },
  })
}

async function validated(engine: Engine) {
  await using connection = await engine.connect()
  await using other = await engine.connect()
  await connection.execute(sql`create table moving as select n from (values (1), (2), (3)) as t (n)`)
  const { results } = await validate({
    connection: disturbed(connection, other),
    relation: sql`moving`,
    suite: suiteOf(...STATED),
    resultFormat: 'COMPLETE',
  })
  const [{ rows: after } = { rows: 0n }] = await connection.rows<{ rows: bigint }>(
    sql`select count(*) as rows from moving`,
  )
  return { results, after: Number(after) }
}

/** The rows that an expectation saw: those of one moment, whichever it was. */
function expectOneMoment({ results, after }: Awaited<ReturnType<typeof validated>>): void {
  const rows = Number(results[0]?.result.observed_value)
  expect(after).toBeGreaterThan(rows)
  const threes = rows - 2
  expect(results[1]?.result).toMatchObject({ element_count: rows, unexpected_count: threes > 1 ? threes : 0 })
  expect(results[2]?.result.observed_value).toBe(3)
  expect(results[3]?.exception_info.error?.code).toBe('ENGINE_SQL')
  expect(results[4]?.result).toMatchObject({ element_count: rows, unexpected_count: threes })
  expect(results[4]?.result.unexpected_list).toHaveLength(threes)
}

describe('a table that changes meanwhile is validated as it was at one moment', () => {
  test('in DuckDB', async () => {
    await using engine = await openDuckDb()
    expectOneMoment(await validated(engine))
  })

  test.skipIf(!hasPostgres)(`in PostgreSQL (${POSTGRES_HINT})`, async () => {
    await using database = await freshDatabase()
    await using engine = await openPostgres(postgresConfig('warehouse', database.url, {}), {})
    expectOneMoment(await validated(engine))
  })
})

test.skipIf(!hasPostgres)(`the SQL of a suite writes nothing in PostgreSQL (${POSTGRES_HINT})`, async () => {
  await using database = await freshDatabase()
  await using engine = await openPostgres(postgresConfig('warehouse', database.url, {}), {})
  await using connection = await engine.connect()
  await connection.execute(sql`create sequence counter`)
  const unexpected_rows_query = "select nextval('counter') from {batch}"
  const { results } = await validate({
    connection,
    relation: sql`(values (1)) as t (n)`,
    suite: suiteOf(['unexpected_rows_expectation', { unexpected_rows_query }]),
  })
  expect(results[0]?.exception_info.exception_message).toMatch(/read-only/)
})
