import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { extensionDirectory, extensionHint, hasExtension } from '../../services/duckdb-extensions.ts'
import { freshBucket, hasMoto, MOTO_HINT, s3Access, s3Endpoint } from '../../services/moto.ts'
import { s3StoreAt } from '../../services/s3-store.ts'
import { edit, json, millrace, shop } from './command-line.ts'

const MINIO = `  minio:
    kind: s3
    region: ${s3Access.region}
    endpoint: ${s3Endpoint}
    access_key_id: \${SHOP_S3_KEY}
    secret_access_key: \${SHOP_S3_SECRET}
`
const ENVIRONMENT = { SHOP_S3_KEY: s3Access.accessKeyId, SHOP_S3_SECRET: s3Access.secretAccessKey }

/** Every table and view that a run of the shop leaves, by the number of its rows and a hash of them. */
async function contents(cwd: string, env: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const query = async <T>(text: string): Promise<T[]> => {
    const done = await millrace(['query', text, '--json', '--limit', '1000'], { cwd, env })
    expect([done.code, done.err]).toEqual([0, ''])
    return done.out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as T)
  }
  const tables = await query<{ name: string }>(
    `select table_schema || '.' || table_name as name from information_schema.tables
     where table_schema not in ('information_schema', 'pg_catalog')`,
  )
  // When rows were written differs from run to run.
  const rows = (name: string) =>
    `select columns(c -> c not in ('dbt_inserted_at', '_loaded_at', '_batch') and c not like '%loaded_at') from ${name}`
  const hashes = tables.map(
    ({
      name,
    }) => `select '${name}' as name, count(*) || ' ' || md5(string_agg(t::varchar, ',' order by t::varchar)) as hash
      from (${rows(name)}) as t`,
  )
  const found = await query<{ name: string; hash: string }>(`${hashes.join(' union all ')} order by 1`)
  return Object.fromEntries(found.map(({ name, hash }) => [name, hash]))
}

async function runs(cwd: string, env: Readonly<Record<string, string>>, days: readonly string[]) {
  const results: unknown[] = []
  for (const day of days) {
    const done = await millrace(['run', 'etl_pipeline', '--ds', day, '--json'], { cwd, env })
    expect([done.code, done.code === 0 ? '' : done.err + done.out]).toEqual([0, ''])
    results.push(json(done))
  }
  return results
}

/** Runs the shop with its lake on disk and in a bucket, and compares what is there. */
async function compare(days: readonly string[], target = 'path: shop.duckdb }') {
  await using bucket = await freshBucket()
  await using here = await shop()
  await using there = await shop()
  const config = join(there.path, 'millrace.yml')
  await edit(config, 'path: shop.duckdb }', target)
  await edit(config, 'lake: { url: ./lake }', `lake: { url: "${bucket.url}/shop", connection: minio }`)
  await edit(config, 'connections:\n', `connections:\n${MINIO}`)
  await Promise.all([runs(here.path, {}, days), runs(there.path, ENVIRONMENT, days)])
  const local = await contents(here.path, {})
  expect(Object.keys(local).length).toBeGreaterThan(8)
  expect(await contents(there.path, ENVIRONMENT)).toEqual(local)
  const names: string[] = []
  for await (const { path } of s3StoreAt(bucket.url, there.path).list('')) names.push(path)
  expect(names.filter((name) => name.includes('staging'))).toEqual([])
  expect(names.some((name) => /^shop\/batch-views\/daily\/date=2024-01-06\/.*parquet$/.test(name))).toBe(true)
  expect(names).toContain('shop/raw/orders/_delta_log/00000000000000000001.json')
}

describe.skipIf(!hasMoto)(`the shop with its lake in a bucket (${MOTO_HINT})`, () => {
  test(
    'leaves the same tables as with its lake on disk',
    () => compare(['2024-01-05', '2024-01-06', '2024-01-05']),
    180_000,
  )

  test.skipIf(!hasExtension('httpfs'))(
    `leaves the same tables when DuckDB reads the bucket itself (${extensionHint('httpfs')})`,
    () => compare(['2024-01-06'], `path: shop.duckdb, extension_directory: "${extensionDirectory}" }`),
    120_000,
  )

  test('a bucket that is not there, and a secret that is not set, are named', async () => {
    await using project = await shop()
    const config = join(project.path, 'millrace.yml')
    await edit(config, 'lake: { url: ./lake }', 'lake: { url: s3://no-such-bucket-here/shop, connection: minio }')
    await edit(config, 'connections:\n', `connections:\n${MINIO}`)
    const run = ['ingest', 'shop', '--into', 'raw']
    const unset = await millrace(run, { cwd: project.path, env: { SHOP_S3_KEY: 'k' } })
    expect(unset.code).not.toBe(0)
    expect(unset.err).toContain('SECRET_MISSING')
    const missing = await millrace(run, { cwd: project.path, env: { SHOP_S3_KEY: 'k', SHOP_S3_SECRET: 'hunter2' } })
    expect(missing.code).not.toBe(0)
    expect(missing.err).toContain('STORE_NOT_FOUND')
    expect(missing.err).toContain('no-such-bucket-here')
    expect(missing.err).toContain('connection minio')
    expect(missing.err + missing.out).not.toContain('hunter2')
  }, 60_000)
})
