import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readProfile } from '../../../src/work/model/index.ts'
import { dbtFolder } from './dbt-folder.ts'

const profiles = `shop:
  target: dev
  outputs:
    dev: { type: duckdb, path: "{{ env_var('DB', 'shop.duckdb') }}", schema: marts, threads: 3 }
    memory: { type: duckdb, path: ':memory:' }
    prod: { type: snowflake }
`

test('a profiles.yml of type duckdb gives the file, the schema and the threads', async () => {
  const { dir } = await dbtFolder({ 'profiles.yml': profiles })
  expect(await readProfile(dir, { profile: 'shop' })).toMatchObject({
    target: 'dev',
    path: join(dir, 'shop.duckdb'),
    schema: 'marts',
    threads: 3,
  })
  expect(await readProfile(dir, { environment: { DB: '/data/x.duckdb' } })).toMatchObject({ path: '/data/x.duckdb' })
  expect(await readProfile(dir, { target: 'memory' })).toMatchObject({ path: undefined, schema: 'main' })
})

test('another type, an unknown target and an unknown profile are refused with what there is', async () => {
  const { dir } = await dbtFolder({ 'profiles.yml': profiles })
  await expect(readProfile(dir, { target: 'prod' })).rejects.toMatchObject({ code: 'ENGINE_UNKNOWN', at: { line: 6 } })
  await expect(readProfile(dir, { target: 'dve' })).rejects.toMatchObject({
    code: 'TARGET_UNKNOWN',
    hint: expect.stringContaining('"dev"'),
  })
  await expect(readProfile(dir, { profile: 'shpo' })).rejects.toMatchObject({ code: 'CONNECTION_UNKNOWN' })
})

test('without a profiles.yml there is no profile', async () => {
  const { dir } = await dbtFolder({})
  expect(await readProfile(dir)).toBeUndefined()
})
