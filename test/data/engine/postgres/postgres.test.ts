import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgresConfig } from '../../../../src/base/postgres/index.ts'
import { id, sql } from '../../../../src/base/sql/index.ts'
import { type Engine, openPostgres } from '../../../../src/data/engine/index.ts'
import { freshDatabase, hasPostgres, POSTGRES_HINT } from '../../../services/postgres.ts'
import { describeEngine } from '../conformance.ts'
import type { EngineWords } from '../engine-words.ts'
import { EVERY_POSTGRES_TYPE } from './every-type.ts'

const WORDS: EngineWords = {
  everyType: EVERY_POSTGRES_TYPE,
  numbers: (table, rows) =>
    sql`create table ${table} as select n, 'row ' || n as name from generate_series(0::bigint, ${rows} - 1) n`,
  zeroCharacter: false,
  hugeIntegers: false,
  progress: 'rows',
  arrow: { list: sql`array[n, null]` },
}

describe.skipIf(!hasPostgres)(`PostgreSQL (${POSTGRES_HINT})`, () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>
  const open = (schema?: string) =>
    openPostgres(postgresConfig('shop_db', database.url, {}), schema === undefined ? {} : { schema })
  beforeAll(async () => {
    database = await freshDatabase()
  })
  afterAll(() => database[Symbol.asyncDispose]())

  describeEngine(
    'PostgreSQL',
    () => open(),
    WORDS,
    `create type conformance.letter as enum ('a', 'b'); create domain conformance.small as int check (value < 10);`,
  )
  test('todo', async () => {
    const engine: Engine = await open()
    expect(engine.database).toBe(database.name)
    await using connection = await engine.connect()
    expect(await connection.rows(sql`select 1 as one from ${id('pg_class')} limit 1`)).toEqual([{ one: 1 }])
    await engine[Symbol.asyncDispose]()
  })
})
