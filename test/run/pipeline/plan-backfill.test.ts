import { expect, test } from 'vitest'
import {
  type BackfillFacts,
  type BackfillWishes,
  planBackfill,
  type Rerun,
} from '../../../src/run/pipeline/backfill/plan-backfill.ts'
import type { RunHead } from '../../../src/run/pipeline/runs/run-store.ts'
import { intervalsBetween } from '../../../src/run/pipeline/schedule/interval.ts'

const days = [...intervalsBetween({ schedule: '@daily', timezone: 'UTC' }, '2024-01-01', '2024-01-06')]
const start = (ds: string) => `${ds}T00:00:00.000Z`

function head(ds: string, status: RunHead['status'], ms = 1000): [string, RunHead] {
  const interval = days.find((day) => day.ds === ds) ?? { start: '', end: '', ds }
  return [start(ds), { runId: ds, interval, status, startedAt: 0, finishedAt: ms }]
}

function plan(facts: Partial<BackfillFacts>, wishes: BackfillWishes = {}, dependsOnPast = false) {
  const known = { latest: new Map(), running: new Set<string>(), changed: new Set<string>(), now: Date.now() }
  return planBackfill({ dependsOnPast }, { intervals: days, ...known, ...facts }, wishes)
}

const HISTORY = {
  latest: new Map([
    head('2024-01-01', 'success'),
    head('2024-01-02', 'failed'),
    head('2024-01-03', 'running'),
    head('2024-01-04', 'running'),
    head('2024-01-05', 'success'),
  ]),
  running: new Set([start('2024-01-04')]),
  changed: new Set([start('2024-01-05')]),
}

test.each<[Rerun, string[]]>([
  ['missing', ['06']],
  ['failed', ['02', '03', '06']],
  ['changed', ['02', '03', '05', '06']],
  ['all', ['01', '02', '03', '05', '06']],
])('--rerun %s runs %s, and never what another process is running', (rerun, expected) => {
  const { order } = plan(HISTORY, { rerun })
  expect(order.map(({ ds }) => ds.slice(-2))).toEqual(expected)
})

test('each interval says what happens to it and why', () => {
  const { intervals } = plan(HISTORY, { limit: 2 })
  expect(intervals.map(({ action, why }) => `${action} ${why}`)).toEqual([
    'skip done',
    'run failed',
    'run crashed',
    'skip running',
    'skip done',
    'skip beyond-limit',
  ])
})

test('the newest come first when asked for, and the limit then keeps the newest', () => {
  const { order } = plan({}, { reverse: true, limit: 2 })
  expect(order.map(({ ds }) => ds)).toEqual(['2024-01-06', '2024-01-05'])
})

test('an interval that is not over is left alone', () => {
  const { order, intervals } = plan({ now: Date.parse('2024-01-03T12:00:00Z') })
  expect(order.map(({ ds }) => ds)).toEqual(['2024-01-01', '2024-01-02'])
  expect(intervals[2]).toMatchObject({ action: 'skip', why: 'not-over' })
})

test('a pipeline that depends on its past runs in order, one at a time, and not backwards', () => {
  expect(plan({}, { parallel: 4 }, true)).toMatchObject({ parallel: 1, note: expect.stringContaining('dependsOnPast') })
  expect(() => plan({}, { reverse: true }, true)).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', hint: expect.stringContaining('--reverse') }),
  )
})

test('the typical time is the median of what succeeded', () => {
  const latest = new Map([
    head('2024-01-01', 'success', 100),
    head('2024-01-02', 'success', 90_000),
    head('2024-01-03', 'success', 300),
    head('2024-01-04', 'failed', 1),
  ])
  expect(plan({ latest }).typicalMs).toBe(300)
  expect(plan({}).typicalMs).toBeUndefined()
})
