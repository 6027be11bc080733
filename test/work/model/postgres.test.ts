import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { planModels } from '../../../src/work/model/index.ts'
import { administer, hasPostgres, POSTGRES_HINT } from '../../services/postgres.ts'
import { postgresFolder } from './postgres-folder.ts'

const RELATIONS = `
  select n.nspname || '.' || c.relname || ' ' || c.relkind::text as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'v', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') order by 1`

describe.skipIf(!hasPostgres)(`models on PostgreSQL (${POSTGRES_HINT})`, () => {
  test('a model that fails leaves its old table, what depends on it, and nothing half built', async () => {
    const folder = await postgresFolder({
      'models/a.sql': "{{ config(materialized='table', post_hook='insert into log values (1)') }} select 1 as id",
      'models/b.sql': "select * from {{ ref('a') }}",
    })
    await folder.script('create table log (x int)')
    expect((await folder.dbt('run')).exitCode).toBe(0)
    folder.write({
      'models/a.sql':
        "{{ config(materialized='table', post_hook=['insert into log values (2)', 'select 1 / 0']) }} select 2 as id",
    })
    const run = await folder.dbt('run')
    expect(folder.statuses(run)).toEqual({ a: 'error', b: 'skipped' })
    expect(run.results[0]?.error).toMatchObject({ code: 'ENGINE_SQL', at: { file: 'models/a.sql' } })
    expect(await folder.rows('select (select id from b), (select count(*) from log)')).toEqual([['1', '1']])
    expect(await folder.rows(RELATIONS)).toEqual([['public.a r'], ['public.b v'], ['public.log r']])
  })

  test('the catalog is read, and refs are deferred, while the connection is open', async () => {
    const folder = await postgresFolder({
      'models/a.sql': "{{ config(materialized='table') }} select 1 as id",
      'models/b.sql': "select * from {{ ref('a') }}",
      'models/m.sql': "{{ config(materialized='materialized_view') }} select 1 as id",
    })
    const kept = { artifacts: true }
    expect((await folder.dbt('run', { targetPath: 'before' }, kept)).exitCode).toBe(0)
    expect((await folder.dbt('docs generate', {}, kept)).exitCode).toBe(0)
    const catalog = JSON.parse(readFileSync(join(folder.dir, 'target/catalog.json'), 'utf8'))
    expect(Object.keys(catalog.nodes)).toEqual(['model.shop.a', 'model.shop.b', 'model.shop.m'])
    expect(catalog.nodes['model.shop.m'].metadata).toMatchObject({
      type: 'MATERIALIZED VIEW',
      owner: expect.any(String),
    })
    const deferred = { select: 'b', defer: true, state: 'before', favorState: true }
    expect((await folder.dbt('run', deferred, kept)).exitCode).toBe(0)
  })

  test('a plan tells rows and bytes of what is built again', async () => {
    const folder = await postgresFolder({ 'models/a.sql': "{{ config(materialized='table') }} select 1 as id" })
    await folder.dbt('run', {}, { artifacts: true })
    folder.write({ 'models/a.sql': "{{ config(materialized='table') }} select 2 as id" })
    const { dir, engine } = folder
    const { changes } = await planModels(
      { state: 'target' },
      { dir, connect: () => engine.connect(), database: engine.database, schema: 'public', dialect: 'postgres' },
    )
    expect(changes).toMatchObject([{ rows: 1, bytes: expect.any(Number), effect: 'none' }])
  })

  test('a unit test compares texts, times, decimals and lists', async () => {
    const folder = await postgresFolder({
      'models/a.sql':
        "select 'x'::text as t, 'y'::varchar(3) as v, now()::timestamp as at, 1.5::numeric(5,2) as d, array[1, 2] as l, '{}'::jsonb as j",
      'models/b.sql': "select t || v as tv, t, v, at, d, l, j from {{ ref('a') }}",
      'models/u.yml': `unit_tests:
  - name: u
    model: b
    given: [{ input: ref('a'), rows: [{ t: a, v: b, at: 2024-01-31 08:00:00, d: 2.5, l: "{3,4}", j: '{"k": 1}' }] }]
    expect: { rows: [{ tv: ab, t: a, v: b, at: 2024-01-31 08:00:00, d: 2.50, l: "{3,4}", j: '{"k": 1}' }] }
`,
    })
    await folder.dbt('run')
    expect((await folder.dbt('test')).results).toMatchObject([{ status: 'pass' }])
  })

  test('what a killed dbt left under the names that are needed is cleared away', async () => {
    const folder = await postgresFolder({
      'models/a.sql': "{{ config(materialized='table') }} select 2 as id",
      'models/v.sql': 'select 2 as id',
    })
    await folder.script(`create table a as select 1 as id; create view a__dbt_backup as select 0 as id;
      create table a__dbt_tmp (x int); create table v__dbt_tmp (x int); create materialized view v as select 0 as id`)
    expect(folder.statuses(await folder.dbt('run'))).toEqual({ a: 'success', v: 'success' })
    expect(await folder.rows(RELATIONS)).toEqual([['public.a r'], ['public.v v']])
  })

  test('reloading a seed keeps the views on it; one with other columns takes its place', async () => {
    const folder = await postgresFolder({ 'seeds/codes.csv': 'id,name\n1,a\n' })
    await folder.dbt('seed')
    await folder.script('create view on_codes as select id from codes; create index on codes (id)')
    folder.write({ 'seeds/codes.csv': 'id,name\n1,b\n2,\n' })
    expect((await folder.dbt('seed')).results).toMatchObject([{ status: 'success', message: 'INSERT 2', rows: 2 }])
    expect(await folder.rows('select count(*) from on_codes')).toEqual([['2']])
    expect(await folder.rows("select count(*) from pg_indexes where tablename = 'codes'")).toEqual([['1']])
    folder.write({ 'seeds/codes.csv': 'id,name,more\nx,b,3000000000\n' })
    expect((await folder.dbt('seed')).exitCode).toBe(0)
    expect(await folder.rows('select * from codes')).toEqual([['x', 'b', '3000000000']])
    expect(await folder.rows(RELATIONS)).toEqual([['public.codes r']])
  })

  test('a seed whose value does not fit its written type is refused and the old rows stay', async () => {
    const folder = await postgresFolder({
      'dbt_project.yml': 'name: shop\nseeds: { shop: { codes: { +column_types: { zip: varchar(5) } } } }\n',
      'seeds/codes.csv': 'zip\n01234\n',
    })
    await folder.dbt('seed')
    folder.write({ 'seeds/codes.csv': 'zip\n0123456\n' })
    const run = await folder.dbt('seed')
    expect(run.exitCode).toBe(1)
    expect(run.results[0]?.error?.message).toContain('codes')
    expect(await folder.rows('select zip from codes')).toEqual([['01234']])
  })

  test('a name of 63 bytes is built again and again, a longer one is refused', async () => {
    const name = 'n'.repeat(63)
    const folder = await postgresFolder({
      'models/a.sql': `{{ config(materialized='table', alias='${name}') }} select 1 as id`,
      'models/b.sql': `{{ config(materialized='incremental', alias='${name.slice(1)}i', unique_key='id') }} select 1 as id`,
      'models/c.sql': `{{ config(alias='${'ü'.repeat(32)}') }} select 1 as id`,
    })
    for (const _ of [1, 2]) {
      const run = await folder.dbt('run')
      expect(folder.statuses(run)).toEqual({ a: 'success', b: 'success', c: 'error' })
      expect(run.results.find(({ name: model }) => model === 'c')?.error).toMatchObject({
        code: 'MODEL_INVALID',
        message: expect.stringContaining('longer than 63 bytes'),
      })
    }
    expect(await folder.rows(RELATIONS)).toEqual([[`public.${name.slice(1)}i r`], [`public.${name} r`]])
  })

  test('a role that may not create schemas builds in one that exists', async () => {
    const folder = await postgresFolder(
      { 'models/a.sql': "{{ config(materialized='table', schema='mart') }} select 1 as id" },
      async (url, database) => {
        const role = `modeller_${database}`
        await administer(`create role ${role} login password 'secret'`)
        onTestFinished(async () => {
          await administer(`drop owned by ${role} cascade; drop role ${role}`, url.href)
        })
        await administer(`create schema public_mart; grant all on schema public_mart to ${role}`, url.href)
        return Object.assign(new URL(url), { username: role, password: 'secret' })
      },
    )
    expect(folder.statuses(await folder.dbt('run'))).toEqual({ a: 'success' })
  })

  test('a model of another database is refused before anything runs', async () => {
    const folder = await postgresFolder({
      'models/a.sql': "{{ config(database='elsewhere') }} select 1 as id",
      'models/b.sql': 'select 1 as id',
    })
    await expect(folder.dbt('run')).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining('PostgreSQL cannot reach another'),
    })
    expect(await folder.rows(RELATIONS)).toEqual([])
  })

  test('tests that keep their failures create their schema at the same time', async () => {
    const columns = Array.from({ length: 8 }, (_, index) => `c${index}`)
    const folder = await postgresFolder({
      'models/a.sql': `select ${columns.map((name) => `null::int as ${name}`).join(', ')}`,
      'models/schema.yml': `models: [{ name: a, columns: [${columns.map((name) => `{ name: ${name}, data_tests: [not_null] }`).join(', ')}] }]`,
    })
    await folder.dbt('run')
    for (const _ of [1, 2]) {
      const run = await folder.dbt('test', { storeFailures: true, threads: 8 })
      expect(Object.values(folder.statuses(run))).toEqual(Array(8).fill('fail'))
    }
    expect(await folder.rows('select count(*) from public_dbt_test__audit.not_null_a_c3')).toEqual([['1']])
  })

  test('tables that share views are replaced at the same time', async () => {
    const numbers = Array.from({ length: 8 }, (_, index) => index)
    const union = (prefix: string, by: number): string =>
      numbers.map((k) => `select id from {{ ref('${prefix}${(by * 5 + k * 3) % 8}') }}`).join(' union all ')
    const folder = await postgresFolder(
      Object.fromEntries(
        numbers.flatMap((n) => [
          [`models/t${n}.sql`, `{{ config(materialized='table') }} select ${n} as id`],
          [`models/v${n}.sql`, union('t', n)],
          [`models/w${n}.sql`, union('v', n)],
        ]),
      ),
    )
    for (const select of [undefined, undefined, 't0 t1 t2 t3 t4 t5 t6 t7', undefined]) {
      const run = await folder.dbt('run', { threads: 6, ...(select === undefined ? {} : { select }) })
      expect(run.results.flatMap(({ error }) => error ?? [])).toEqual([])
    }
    expect(await folder.rows('select count(*) from w3')).toEqual([['64']])
  })

  test('a node that is given up in favour of a reader is built again, its hooks counting once', async () => {
    const folder = await postgresFolder({
      'models/a.sql': "{{ config(materialized='table', post_hook='insert into log values (1)') }} select 1 as id",
    })
    await folder.script('create table a as select 0 as id; create table log (x int)')
    const reader = new Client({ connectionString: folder.url })
    await reader.connect()
    onTestFinished(() => reader.end())
    // The reader waits for the table that the node holds, the node for the one the reader holds.
    await reader.query('begin; lock table log in exclusive mode')
    const running = folder.dbt('run')
    const waiting = async (): Promise<boolean> =>
      (await administer("select 1 from pg_locks where not granted and relation = 'log'::regclass", folder.url)).length >
      0
    await expect.poll(waiting, { timeout: 5_000, interval: 20 }).toBe(true)
    expect((await reader.query('select id from a')).rows).toEqual([{ id: 0 }])
    await reader.query('commit')
    expect(folder.statuses(await running)).toEqual({ a: 'success' })
    expect(await folder.rows('select id, (select count(*) from log) from a')).toEqual([['1', '1']])
  })

  test('results of queries are numbers, texts and truths in templates', async () => {
    const folder = await postgresFolder({
      'models/a.sql': `
{%- if execute -%}
{%- set row = run_query("select 7::bigint as n, 2.5::numeric(10,2) as d, 1.5::float8 as f, true as t, 'x' as s, null as e, sum(x) as total, avg(x) as mean from (values (1.25), (2.25)) v(x)").rows[0] -%}
select {{ row.n + 1 }} as n, {{ row.d * 2 }} as d, {{ row.f }} as f, '{{ row.t }}' as t, '{{ row.s }}' as s, '{{ row.e is none }}' as e, {{ row.total + 1 }} as total, {{ 'true' if row.mean > 1 else 'false' }} as mean
{%- endif -%}`,
    })
    const run = await folder.dbt('run')
    expect(run.results[0]?.error).toBeUndefined()
    expect(await folder.rows('select n, d::float8, f, t, s, e, total::float8, mean from a')).toEqual([
      ['8', '5', '1.5', 'True', 'x', 'True', '4.5', 'true'],
    ])
  })

  test('target tells the adapter and the connection, but no password', async () => {
    const folder = await postgresFolder({
      'models/a.sql':
        "select '{{ target.type }} {{ target.host }} {{ target.dbname == target.database }} {{ target.password is defined }} {{ target.pass is defined }}' as t",
    })
    await folder.dbt('run', {}, { target: { name: 'prod', connection: { host: 'db.example' } } })
    expect(await folder.rows('select t from a')).toEqual([['postgres db.example True False False']])
  })

  test('grants that are no longer configured are taken back where the table stays', async () => {
    const model = (grants: string): string =>
      `{{ config(materialized='incremental', grants={${grants}}) }} select 1 as id`
    const folder = await postgresFolder({ 'models/a.sql': model("'select': ['public'], 'insert': ['public']") })
    const held =
      "select string_agg(privilege_type, ' ' order by 1) from information_schema.role_table_grants where table_name = 'a' and grantee = 'PUBLIC'"
    await folder.dbt('run')
    expect(await folder.rows(held)).toEqual([['INSERT SELECT']])
    folder.write({ 'models/a.sql': model("'select': ['public']") })
    const run = await folder.dbt('run')
    expect(run.results[0]?.error).toBeUndefined()
    expect(await folder.rows(held)).toEqual([['SELECT']])
  })

  test.each([
    ["indexes=['id']", 'an entry of `indexes` is no index'],
    ["indexes=[{'columns': ['id'], 'uniq': true}]", 'an entry of `indexes` is no index'],
    ["materialized='incremental', incremental_strategy='insert_overwrite'", 'incremental_strategy'],
  ])('the configuration %s is refused', async (config, message) => {
    const folder = await postgresFolder({
      'models/a.sql': `{{ config(materialized='table', ${config}) }} select 1 as id`.replace(
        "materialized='table', materialized",
        'materialized',
      ),
    })
    const run = await folder.dbt('run')
    expect(run.results[0]?.error).toMatchObject({ code: 'MODEL_INVALID', message: expect.stringContaining(message) })
  })
})
