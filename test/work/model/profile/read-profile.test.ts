import { expect, test } from 'vitest'
import { readProfile } from '../../../../src/work/model/index.ts'
import { dbtFolder } from '../dbt-folder.ts'

const profiles = `shop:
  target: dev
  outputs:
    dev: { type: duckdb, path: "{{ env_var('DB', 'shop.duckdb') }}", schema: marts, threads: 3 }
    memory: { type: duckdb, path: ':memory:' }
    prod: { type: snowflake }
    server: { type: postgres, host: db, user: ann, pass: x, dbname: shop, schema: marts }
    cloud: { type: duckdb, path: 'md:shop' }
    plugged: { type: duckdb, plugins: [{ module: excel }, { module: gsheet }] }
`

test('a profiles.yml of type duckdb gives the file, the schema and the threads', async () => {
  const { dir } = await dbtFolder({ 'profiles.yml': profiles })
  expect(await readProfile(dir, { profile: 'shop' })).toMatchObject({
    target: 'dev',
    output: { type: 'duckdb', path: 'shop.duckdb', schema: 'marts', threads: 3 },
  })
  const elsewhere = await readProfile(dir, { environment: { DB: '/data/x.duckdb' } })
  expect(elsewhere.output).toMatchObject({ path: '/data/x.duckdb' })
  expect((await readProfile(dir, { target: 'memory' })).output).toMatchObject({ path: ':memory:', schema: 'main' })
})

test('one of type postgres gives the server by the names of dbt', async () => {
  const { dir } = await dbtFolder({ 'profiles.yml': profiles })
  expect((await readProfile(dir, { target: 'server' })).output).toMatchObject({ host: 'db', port: 5432, pass: 'x' })
})

test.each([
  ['prod', 'ENGINE_UNKNOWN', 6],
  ['cloud', 'ENGINE_UNSUPPORTED', 8],
  ['plugged', 'ENGINE_UNSUPPORTED', 9],
])('the output "%s" is refused: %s at line %s', async (target, code, line) => {
  const { dir } = await dbtFolder({ 'profiles.yml': profiles })
  await expect(readProfile(dir, { target })).rejects.toMatchObject({ code, at: { line } })
})

test('an unknown target and an unknown profile are refused with what there is', async () => {
  const { dir } = await dbtFolder({ 'profiles.yml': profiles })
  await expect(readProfile(dir, { target: 'dve' })).rejects.toMatchObject({
    code: 'TARGET_UNKNOWN',
    hint: expect.stringContaining('"dev"'),
  })
  await expect(readProfile(dir, { profile: 'shpo' })).rejects.toMatchObject({ code: 'CONNECTION_UNKNOWN' })
})

test('a folder without a profiles.yml is told with the flag that names another', async () => {
  const { dir } = await dbtFolder({})
  await expect(readProfile(dir)).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND', hint: /--profiles-dir/ })
})
