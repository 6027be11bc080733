import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgresConfig } from '../../../../src/base/postgres/index.ts'
import { join, literal, type Sql, sql } from '../../../../src/base/sql/index.ts'
import { type Engine, openDuckDb, openPostgres } from '../../../../src/data/engine/index.ts'
import { type Profile, profileTable, proposeSuite, readSuite, validate } from '../../../../src/work/quality/index.ts'
import { personalByName } from '../../../../src/work/quality/profile/personal-data.ts'
import { freshDatabase, hasPostgres, POSTGRES_HINT } from '../../../services/postgres.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(joinPath(tmpdir(), 'millrace-profile-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Rows as a table expression, in both engines. */
interface Drawn {
  readonly whole: number | null
  readonly real: number | null
  readonly word: string | null
  readonly flag: boolean | null
}

function table(rows: readonly Drawn[]): Sql {
  const row = ({ whole, real, word, flag }: Drawn) => sql`(${literal(whole)}, ${literal(real)}, ${literal(word)}, ${literal(flag)})` // biome-ignore format: one line
  const none = { whole: null, real: null, word: null, flag: null }
  const values = join([none, ...rows].map(row))
  return sql`(select cast(whole as integer) as whole, cast(real as double precision) as real, cast(word as varchar) as word, cast(flag as boolean) as flag from (values ${values}) as given(whole, real, word, flag) offset 1) as t`
}

const drawn = fc.array(
  fc.record<Drawn>({
    whole: fc.option(fc.integer({ min: -50, max: 50 })),
    real: fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true })),
    word: fc.option(fc.oneof(fc.constantFrom('paid', 'open', ' x ', '', 'É9'), fc.string({ maxLength: 8 }))).map((text) => text?.replaceAll('\0', '') ?? null), // biome-ignore format: one line
    flag: fc.option(fc.boolean()),
  }),
  { maxLength: 40 },
)

/** What the profile must say, by plain computation. */
function expected(rows: readonly Drawn[], name: keyof Drawn) {
  const values = rows.map((row) => row[name]).filter((value) => value !== null)
  const distinct = new Set(values.map((value) => (Object.is(value, -0) ? 0 : value))).size
  return { missing: rows.length - values.length, distinct, unique: values.length > 0 && distinct === values.length }
}

async function holds(engine: Engine, rows: readonly Drawn[]): Promise<Profile> {
  await using connection = await engine.connect()
  const relation = table(rows)
  const profile = await profileTable({ connection, relation, dataset: 'drawn' })
  expect(profile.rows).toBe(rows.length)
  for (const name of ['whole', 'real', 'word', 'flag'] as const) {
    expect(profile.columns.find((column) => column.name === name)).toMatchObject(expected(rows, name))
  }
  for (const { histogram = [], missing, notFinite = 0 } of profile.columns) {
    const counted = histogram.reduce((sum, bin) => sum + bin.count, 0)
    if (histogram.length > 0) expect(counted).toBe(rows.length - missing - notFinite)
  }
  const file = joinPath(folder, 'proposed.json')
  await writeFile(file, JSON.stringify(proposeSuite('proposed', profile)))
  const { results } = await validate({ connection, relation, suite: await readSuite(file) })
  expect(results.filter(({ success }) => !success).map((one) => one.expectation_config)).toEqual([])
  return profile
}

describe('a profile says what is there, and proposes a suite that the same rows meet', () => {
  test('in DuckDB', async () => {
    await using engine = await openDuckDb()
    await fc.assert(
      fc.asyncProperty(drawn, async (rows) => void (await holds(engine, rows))),
      { numRuns: 60 },
    )
  })

  test.skipIf(!hasPostgres)(`in PostgreSQL, the same as in DuckDB (${POSTGRES_HINT})`, async () => {
    await using duckdb = await openDuckDb()
    await using database = await freshDatabase()
    await using postgres = await openPostgres(postgresConfig('test', database.url, {}))
    await fc.assert(
      fc.asyncProperty(drawn, async (rows) => {
        const [one, other] = [await holds(duckdb, rows), await holds(postgres, rows)]
        // Last digits of means depend on the order of adding.
        const plain = ({ columns, ...rest }: Profile) => ({
          ...rest,
          columns: columns.map(({ mean, stddev, quantiles, lengths, ...exact }) => ({
            ...exact,
            longest: lengths?.max,
          })),
        })
        expect(plain(other)).toEqual(plain(one))
      }),
      { numRuns: 15 },
    )
  })
})

test('numbers that are none are counted apart, and odd columns are only counted', async () => {
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  const relation = sql`(select * from (values (1.5::double, [1], 'a@b.example'), ('nan', null, 'c@d.example'), ('inf', [2], 'e@f.example'), (null, [1], 'g@h.example')) as v("odd name""", list, contact)) as t`
  const { columns, keys } = await profileTable({ connection, relation, dataset: 'odd' })
  expect(columns[0]).toMatchObject({ name: 'odd name"', missing: 1, notFinite: 2, min: 1.5, max: 1.5, mean: 1.5 })
  expect(columns[1]).toEqual({ name: 'list', type: 'array<int>', missing: 1, unique: false })
  expect(columns[2]).toMatchObject({ personal: { kind: 'e-mail address', by: 'values' }, unique: true })
  expect(keys).toEqual(['contact'])
})

test('of a large table distinct values are estimated, and keys still told exactly', async () => {
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  const relation = sql`(select range as id, case when range = 7 then 8 else range end as near, range % 1000 as few from range(50000)) as t`
  const { columns, keys, estimated } = await profileTable({
    connection,
    relation,
    dataset: 'large',
    estimateFrom: 10_000,
  })
  expect(estimated).toBe(true)
  expect(keys).toEqual(['id'])
  expect(columns[1]?.unique).toBe(false)
  expect(columns[2]?.distinct).toBeGreaterThan(600)
  expect(columns[2]?.distinct).toBeLessThan(1600)
})

test.each([
  ['emailAddress', 'e-mail address'],
  ['customer_first_name', 'name'],
  ['date_of_birth', 'date of birth'],
  ['shipping_address', 'address'],
  ['product_name', undefined],
  ['description', undefined],
])('the name %s says %s', (name, kind) => {
  expect(personalByName(name)).toBe(kind)
})
