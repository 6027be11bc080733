import { expect, test } from 'vitest'
import { dbtFolder } from '../dbt-folder.ts'

const block = (settings: string, query = 'select 1 as id'): string =>
  `\n{% snapshot kept %}\n{{ config(${settings}) }}\n${query}\n{% endsnapshot %}\n`

test.each([
  ["strategy='check'", 'needs a `strategy` and a `unique_key`'],
  ["unique_key='id', strategy='timestamp'", 'needs `updated_at`'],
  ["unique_key='id', strategy='timestamp', updated_at='id', check_cols=['id']", 'takes no `check_cols`'],
  ["unique_key='id', strategy='check'", 'needs `check_cols`'],
  ["unique_key='id', strategy='check', check_cols='some'", 'needs `check_cols`'],
  ["unique_key='id', strategy='check', check_cols='all', hard_deletes='keep'", 'hard_deletes "keep" does not exist'],
  ["unique_key='id', strategy='check', check_cols='all', hard_deletes='ignore', invalidate_hard_deletes=true", 'both'],
  [
    "unique_key='id', strategy='check', check_cols='all', snapshot_meta_column_names={'valid_to': 'x'}",
    'the column "valid_to" does not exist',
  ],
])('a snapshot with %s is refused before anything runs', async (settings, message) => {
  const folder = await dbtFolder({ 'snapshots/kept.sql': block(settings) })
  await expect(folder.dbt('parse')).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringContaining(message),
    at: { file: 'snapshots/kept.sql' },
  })
})

test('an error in a block names the line of its file, and a block without a name its place', async () => {
  const folder = await dbtFolder({ 'snapshots/kept.sql': block("unique_key='id'", '{{ 1 | nope }}') })
  await expect(folder.dbt('parse')).rejects.toMatchObject({ at: { file: 'snapshots/kept.sql', line: 4 } })
  folder.write({ 'snapshots/kept.sql': '\n  {% snapshot %} select 1 {% endsnapshot %}' })
  await expect(folder.dbt('parse')).rejects.toMatchObject({ code: 'MODEL_INVALID', at: { line: 2, column: 3 } })
})

test('a snapshot that fails leaves its table as it was', async () => {
  const settings = "unique_key='id', strategy='check', check_cols='all', hard_deletes='invalidate'"
  const folder = await dbtFolder({ 'snapshots/kept.sql': block(settings, "select 1 as id, 'a' as name") })
  expect((await folder.dbt('snapshot')).exitCode).toBe(0)
  const before = await folder.rows('select * from kept')
  folder.write({
    'snapshots/kept.sql': block(
      `${settings}, post_hook='select no_such_column'`,
      "select 2 as id, 'b' as name, 1 as more",
    ),
  })
  expect((await folder.dbt('snapshot')).exitCode).toBe(1)
  expect(await folder.rows('select * from kept')).toEqual(before)
  expect(await folder.rows("select count(*) from information_schema.tables where table_name like '%dbt_tmp%'")).toEqual(
    [['0']],
  )
})

test('an unknown strategy says what its macro would be called', async () => {
  const folder = await dbtFolder({ 'snapshots/kept.sql': block("unique_key='id', strategy='mine'") })
  const run = await folder.dbt('snapshot')
  expect(run.results[0]?.error).toMatchObject({ hint: expect.stringContaining('snapshot_mine_strategy') })
})
