import { expect, test } from 'vitest'
import { dbtFolder } from '../dbt-folder.ts'

const settings = (more: string): string =>
  `{{ config(materialized='incremental', incremental_strategy='microbatch'${more}) }} select * from {{ ref('events') }}`

const FULL = ", event_time='moment', begin='2024-01-01', batch_size='day'"

test.each([
  [", begin='2024-01-01', batch_size='day'", "must provide an 'event_time'"],
  [", event_time='moment', batch_size='day'", "must provide a 'begin'"],
  [", event_time='moment', begin='2024-01-01'", "must provide a 'batch_size'"],
  [", event_time='moment', begin='2024-01-01', batch_size='week'", 'the batch_size "week" does not exist'],
  [", event_time='moment', begin='soon', batch_size='day'", '"soon" is no date'],
])('a microbatch model with %s is refused before anything runs', async (more, message) => {
  const folder = await dbtFolder({ 'models/events.sql': 'select 1 as id', 'models/m.sql': settings(more) })
  await expect(folder.dbt('parse')).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringContaining(message),
    at: { file: 'models/m.sql' },
  })
})

test('a batch that fails leaves the others, and says which it was', async () => {
  const folder = await dbtFolder({
    'models/events.sql':
      "{{ config(event_time='moment') }} select i as id, timestamp '2024-01-01' + i * interval 1 day as moment from range(3) t(i)",
    'models/m.sql': settings(FULL).replace(
      'select *',
      "select id, moment, cast(case id when 1 then 'x' else '5' end as integer) as n",
    ),
  })
  const flags = { event_time_start: '2024-01-01', event_time_end: '2024-01-04' }
  const run = await folder.dbt('run', { flags })
  expect(run.results.find(({ name }) => name === 'm')?.error).toMatchObject({
    message: expect.stringContaining('1 of 3 batches failed (2024-01-02)'),
    hint: expect.stringContaining('--event-time-start'),
  })
  expect(await folder.rows('select id, n from m order by id')).toEqual([
    ['0', '5'],
    ['2', '5'],
  ])
})

test('a run later than the last one looks back, up to the present', async () => {
  const folder = await dbtFolder({
    'models/events.sql': "{{ config(event_time='moment') }} select 1 as id, now()::timestamp as moment",
    'models/m.sql': settings(FULL.replace("'day'", "'year'")),
  })
  expect((await folder.dbt('run')).exitCode).toBe(0)
  expect((await folder.dbt('run')).exitCode).toBe(0)
  expect(await folder.rows('select count(*) from m')).toEqual([['1']])
})
