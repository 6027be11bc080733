import { expect, test } from 'vitest'
import {
  type Column,
  col,
  count,
  createDataFrame,
  type Frame,
  functionNamed,
  sessionWindow,
  sum,
  window,
  windowTime,
} from '../../../src/data/frame/index.ts'

const events: Frame = createDataFrame(
  [
    ['a', '2024-01-01T00:00:00Z', 1],
    ['a', '2024-01-01T00:05:00Z', 2],
    ['a', '2024-01-01T00:09:00Z', 3],
    ['b', '2024-01-01T00:00:00Z', 4],
    ['b', null, 5],
    ['b', '2024-01-01T00:04:59Z', 6],
    ['b', '2024-01-01T01:00:00Z', 7],
  ],
  'k string, t timestamp, v int',
)

/** Start, end and sum of each window, by the minutes after the new year, as PySpark 4.2 gives them. */
async function sums(of: Column, ...keys: string[]): Promise<unknown[]> {
  const rows = await events
    .groupBy(...keys, of.as('w'))
    .agg(sum('v').as('v'))
    .orderBy(...keys, 'w')
    .collect()
  const minutes = (at: string) => (Date.parse(at) - Date.UTC(2024, 0, 1)) / 60_000
  return rows.map((row) => [...keys.map((key) => row[key]), minutes(row.w.start), minutes(row.w.end), Number(row.v)])
}

test('a window holds the rows of its time, and none the rows without one', async () => {
  expect(await sums(window('t', '10 minutes'))).toEqual([
    [0, 10, 16],
    [60, 70, 7],
  ])
  expect(await sums(window('t', '1 hour', '1 hour', '5 minutes'))).toEqual([
    [-55, 5, 11],
    [5, 65, 12],
  ])
})

test('a row is in each of the windows that overlap at its time', async () => {
  expect(await sums(window('t', '10 minutes', '4 minutes'))).toEqual([
    [-8, 2, 5],
    [-4, 6, 13],
    [0, 10, 16],
    [4, 14, 11],
    [8, 18, 3],
    [52, 62, 7],
    [56, 66, 7],
    [60, 70, 7],
  ])
})

test('a session goes on as long as no gap is longer, for each key by itself', async () => {
  expect(await sums(sessionWindow('t', '5 minutes'), 'k')).toEqual([
    ['a', 0, 14, 6],
    ['b', 0, 9 + 59 / 60, 10],
    ['b', 60, 65, 7],
  ])
  expect(await sums(sessionWindow('t', '4 minutes'), 'k')).toEqual([
    ['a', 0, 4, 1],
    ['a', 5, 13, 5],
    ['b', 0, 4, 4],
    ['b', 4 + 59 / 60, 8 + 59 / 60, 6],
    ['b', 60, 64, 7],
  ])
})

test('the time of a window is a microsecond before its end', async () => {
  const [row] = await events
    .select(windowTime(window('t', '10 minutes')).as('at'))
    .limit(1)
    .collect()
  expect(row?.at).toBe('2024-01-01T00:09:59.999999Z')
})

test('a plan says what is grouped by time, and how', () => {
  const plan = events.groupBy(window('t', '10 minutes', '5 minutes'), sessionWindow('t', '1 hour')).agg(count()).plan
  expect(JSON.parse(JSON.stringify(plan)).groups).toMatchObject([
    { kind: 'call', fn: 'window', args: [{ name: 't' }, { value: '10 minutes' }, { value: '5 minutes' }] },
    { kind: 'call', fn: 'session_window', args: [{ name: 't' }, { value: '1 hour' }] },
  ])
  expect(functionNamed('window').kind).toBe('scalar')
})

test('what no batch can compute is refused', async () => {
  await expect(
    events.groupBy(window('t', '10 minutes'), window('t', '1 hour')).agg(count()).collect(),
  ).rejects.toMatchObject({ code: 'FRAME_PLAN_INVALID' })
  for (const wrong of ['1 month', 'soon', '0 seconds', '10']) {
    expect(() => window('t', wrong)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
  }
  expect(() => window('t', '5 minutes', '10 minutes')).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
  await expect(events.filter(window('t', '10 minutes', '5 minutes').isNotNull()).collect()).rejects.toMatchObject({
    code: 'ENGINE_UNSUPPORTED',
  })
  expect(await events.filter(col('v').gt(6)).select(window('t', '1 day')).collect()).toEqual([
    { window: { start: '2024-01-01T00:00:00.000000Z', end: '2024-01-02T00:00:00.000000Z' } },
  ])
})
