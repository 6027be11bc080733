import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sql } from '../../../src/base/sql/index.ts'
import { localStore } from '../../../src/base/store/index.ts'
import { openDuckDb } from '../../../src/data/engine/index.ts'
import { appendTo, DeltaTable } from '../../../src/data/table/index.ts'
import { extensionDirectory, extensionHint, hasExtension } from '../../services/duckdb-extensions.ts'
import { dbtFolder } from './dbt-folder.ts'

const withExcel = async () => ({
  engine: await openDuckDb({ extensionDirectory, extensions: ['excel'] }),
  schema: 'main',
})

const excelSource = (more = '') => `
sources:
  - name: books
    schema: raw
    meta: { plugin: excel }
    tables: [{ name: orders, meta: { external_location: "{name}.xlsx"${more} } }]
`
const model = { 'models/m.sql': "select * from {{ source('books', 'orders') }}" }
const plugins = [{ name: 'excel', module: 'excel' }]

test.skipIf(!hasExtension('excel'))(
  `a sheet of Excel becomes a table, whole numbers as pandas has them (${extensionHint('excel')})`,
  async () => {
    const folder = await dbtFolder({ ...model, 'models/s.yml': excelSource() }, withExcel)
    const write = (rows: string) =>
      folder.script(`copy (${rows}) to '${join(folder.dir, 'orders.xlsx')}' (format xlsx, header true)`)
    await write("select * from (values (1, 1.5, 'a', date '2024-02-29'), (2, 2, 'b', null)) as t(id, price, name, day)")
    const run = await folder.dbt('run', {}, { plugins })
    expect(run.results[0]).toMatchObject({ status: 'success' })
    expect(await folder.rows('select id, price, name, day, typeof(id), typeof(price) from m order by id')).toEqual([
      ['1', '1.5', 'a', '2024-02-29', 'BIGINT', 'DOUBLE'],
      ['2', '2', 'b', 'null', 'BIGINT', 'DOUBLE'],
    ])
    expect(await folder.rows('select count(*) from raw.orders')).toEqual([['2']])
    // What is there already stays with save_mode: ignore, and is refused with error_if_exists.
    await write('select 7 as id')
    folder.write({ 'models/s.yml': excelSource(', save_mode: ignore') })
    await folder.dbt('run', {}, { plugins })
    expect(await folder.rows('select count(*) from raw.orders')).toEqual([['2']])
    folder.write({ 'models/s.yml': excelSource(', save_mode: error_if_exists') })
    expect((await folder.dbt('run', {}, { plugins })).results[0]?.message).toContain('is there already')
    folder.write({ 'models/s.yml': excelSource(', materialization: view, sheet_name: Sheet1') })
    await folder.dbt('run', {}, { plugins })
    expect(await folder.rows('select * from raw.orders')).toEqual([['7']])
    folder.write({ 'models/s.yml': excelSource(', sheet_name: 2') })
    expect((await folder.dbt('run', {}, { plugins })).results[0]?.message).toContain('sheet_name is 2')
  },
)

test('a table of Delta is read as of a version, through an ephemeral model and by show', async () => {
  const source = (more: string) => `
sources:
  - name: lake
    schema: lake
    tables: [{ name: orders, config: { meta: { plugin: lake_files, delta_table_path: made/orders${more} } } }]
`
  const folder = await dbtFolder({
    'models/kept.sql': "{{ config(materialized='ephemeral') }} select * from {{ source('lake', 'orders') }}",
    'models/m.sql': "{{ config(materialized='table') }} select * from {{ ref('kept') }}",
    'models/s.yml': source(''),
  })
  await using connection = await folder.engine.connect()
  const rows = sql`select 1 as id`
  const table = await DeltaTable.create(localStore(join(folder.dir, 'made/orders')), {
    schema: await connection.describe(rows),
    ...(folder.engine.files ? { parquet: folder.engine.files } : {}),
  })
  await appendTo(table, rows, { connection })
  await appendTo(table, rows, { connection })
  const deps = { plugins: [{ name: 'lake_files', module: 'delta' }] }
  const counted = async (more: string) => {
    folder.write({ 'models/s.yml': source(more) })
    const run = await folder.dbt('run', {}, deps)
    return run.results[0]?.status === 'success' ? await folder.rows('select count(*) from m') : run.results[0]?.message
  }
  expect(await counted('')).toEqual([['2']])
  expect(await folder.rows("select table_type from information_schema.tables where table_name = 'orders'")).toEqual([
    ['VIEW'],
  ])
  expect(await counted(', as_of_version: 1, materialization: table')).toEqual([['1']])
  expect(await counted(', as_of_version: one')).toContain('as_of_version')
  expect(await counted(', as_of_version: 9')).toMatch(/9/)
  expect(await counted(', storage_options: { a: b }')).toContain('storage_options')
  folder.write({ 'models/s.yml': source('') })
  const shown = await folder.dbt('show', { inline: "select count(*) as n from {{ source('lake', 'orders') }}" }, deps)
  expect(shown.output).toMatchObject({ rows: [{ n: 2n }] })
})
