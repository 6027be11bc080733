import { expect, test } from 'vitest'
import { dbtFolder } from '../dbt-folder.ts'

test('a microbatch model may begin at a datetime of a template', async () => {
  const folder = await dbtFolder({
    'models/events.sql': `{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='happened', batch_size='day',
      begin=modules.datetime.datetime(2025, 1, 1)) }} select timestamp '2025-01-02 10:00' as happened`,
  })
  const run = await folder.dbt('run', { flags: { event_time_start: '2025-01-01', event_time_end: '2025-01-03' } })
  expect(folder.statuses(run)).toEqual({ events: 'success' })
})
