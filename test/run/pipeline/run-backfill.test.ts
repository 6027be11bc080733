import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { MillraceError } from '../../../src/base/kernel/index.ts'
import { claim, thisProcess } from '../../../src/base/state/index.ts'
import { BackfillStore } from '../../../src/run/pipeline/backfill/backfill-store.ts'
import { planBackfill } from '../../../src/run/pipeline/backfill/plan-backfill.ts'
import { type BackfillEvent, runBackfill } from '../../../src/run/pipeline/backfill/run-backfill.ts'
import type { PipelineOptionsInput } from '../../../src/run/pipeline/options.ts'
import { intervalLease } from '../../../src/run/pipeline/runs/run-pipeline.ts'
import { RunStore } from '../../../src/run/pipeline/runs/run-store.ts'
import { intervalsBetween } from '../../../src/run/pipeline/schedule/interval.ts'
import { kindsFor, type Work } from './kinds.ts'
import { graphOf, newProject } from './project.ts'

interface Given {
  readonly work: Work[string]
  readonly parallel?: number
  readonly continueOnError?: boolean
  readonly signal?: AbortSignal
  readonly options?: PipelineOptionsInput
  readonly project?: Awaited<ReturnType<typeof newProject>>
}

/** Fills the first six days of 2024 with a pipeline of one task. */
async function fill({ work, parallel = 1, continueOnError = false, signal, options, project: given }: Given) {
  const project = given ?? (await newProject())
  const graph = graphOf((task) => void task.step('a'), options)
  const intervals = [...intervalsBetween(graph.options, '2024-01-01', '2024-01-06')]
  const store = await RunStore.open(project.state)
  const latest = await store.latest(graph.id, intervals[0]?.start ?? '', intervals.at(-1)?.start ?? '')
  const facts = { intervals, latest, running: new Set<string>(), changed: new Set<string>(), now: Date.now() }
  const events: BackfillEvent[] = []
  const result = await runBackfill(graph, planBackfill(graph.options, facts, { parallel }), {
    project,
    kinds: kindsFor({ a: work }),
    continueOnError,
    onEvent: (event) => void events.push(event),
    ...(signal ? { signal } : {}),
  })
  return { result, events, project }
}

const ended = (result: { intervals: readonly { interval: { ds: string }; status: string }[] }) =>
  result.intervals.map(({ interval, status }) => `${interval.ds.slice(-1)} ${status}`)

test('intervals run in order, as many at a time as allowed and no more', async () => {
  let [now, most] = [0, 0]
  const begun: string[] = []
  const work: Given['work'] = async ({ ds }) => {
    begun.push(ds)
    now += 1
    most = Math.max(most, now)
    await sleep(5)
    now -= 1
    return { rows: 10, bytes: 1 }
  }
  const { result } = await fill({ work, parallel: 3 })
  expect(result).toMatchObject({ status: 'success', left: [] })
  expect(result.intervals.map(({ rows }) => rows)).toEqual([10, 10, 10, 10, 10, 10])
  expect(begun).toEqual(begun.toSorted())
  expect(most).toBe(3)
})

test('after a failure none is begun; the same again runs what failed and what was left', async () => {
  const done: string[] = []
  let broken = true
  const work: Given['work'] = ({ ds }) => {
    if (broken && ds === '2024-01-03') throw new MillraceError('SOURCE_EMPTY', 'reading the third day')
    done.push(ds.slice(-1))
    return {}
  }
  const first = await fill({ work })
  expect(first.result.status).toBe('failed')
  expect(ended(first.result)).toEqual(['1 success', '2 success', '3 failed'])
  expect(first.result.left.map(({ ds }) => ds)).toEqual(['2024-01-04', '2024-01-05', '2024-01-06'])
  expect(first.result.intervals[2]?.error?.cause).toMatchObject({ code: 'SOURCE_EMPTY' })

  broken = false
  const second = await fill({ work, project: first.project })
  expect(ended(second.result)).toEqual(['3 success', '4 success', '5 success', '6 success'])
  expect(done.join('')).toBe('123456')

  const store = await BackfillStore.open(first.project.state)
  expect(await store.list({ pipeline: 'p' })).toMatchObject([
    { status: 'success', planned: 4, ended: 4, succeeded: 4 },
    { status: 'failed', planned: 6, ended: 3, succeeded: 2, from: '2024-01-01', to: '2024-01-06' },
  ])
  expect((await store.runs(first.result.backfillId))[2]).toMatchObject({
    ds: '2024-01-03',
    status: 'failed',
    error: 'SOURCE_EMPTY: reading the third day',
  })
})

test('with continueOnError the others are run all the same, and the whole has failed', async () => {
  const work: Given['work'] = ({ ds }) => {
    if (ds === '2024-01-03') throw new Error('no')
    return {}
  }
  const { result } = await fill({ work, continueOnError: true })
  expect(result.status).toBe('failed')
  expect(ended(result).filter((one) => one.endsWith('success'))).toHaveLength(5)
})

test('a pipeline that depends on its past stops at the interval that must wait', async () => {
  const work: Given['work'] = ({ ds }) => {
    if (ds === '2024-01-03') throw new Error('no')
    return {}
  }
  const { result } = await fill({ work, continueOnError: true, options: { dependsOnPast: true } })
  expect(ended(result)).toEqual(['1 success', '2 success', '3 failed', '4 refused'])
  expect(result.intervals[3]?.error).toMatchObject({ code: 'RUN_DEPENDS_ON_PAST' })
})

test('an abort cancels what runs, begins nothing more, and the same again goes on from there', async () => {
  const abort = new AbortController()
  const done: string[] = []
  const work: Given['work'] = async ({ ds, signal }) => {
    if (ds === '2024-01-02' && !abort.signal.aborted) {
      abort.abort()
      await sleep(10_000, undefined, { signal })
    }
    done.push(ds.slice(-1))
    return {}
  }
  const { result, project } = await fill({ work, signal: abort.signal })
  expect(result.status).toBe('cancelled')
  expect(ended(result)).toEqual(['1 success', '2 cancelled'])
  expect(result.left).toHaveLength(4)
  const again = await fill({ work, project })
  expect(again.result.status).toBe('success')
  expect(done.join('')).toBe('123456')
})

test('an interval that another process has is left to it', async () => {
  const project = await newProject()
  await RunStore.open(project.state)
  const other = { ...thisProcess(), host: 'elsewhere' }
  await claim(project.state, intervalLease('p', '2024-01-04T00:00:00.000Z'), other, 60_000)
  const { result } = await fill({ work: () => ({}), project })
  expect(result.status).toBe('success')
  expect(ended(result)).toContain('4 busy')
})

test('a backfill whose process went away is told from one that goes on', async () => {
  const project = await newProject()
  const seen: string[] = []
  const work: Given['work'] = async () => {
    seen.push((await (await BackfillStore.open(project.state)).list())[0]?.status ?? '')
    return {}
  }
  await fill({ work, project })
  expect(new Set(seen)).toEqual(new Set(['running']))
  const store = await BackfillStore.open(project.state)
  const lost = { backfillId: 'lost', pipeline: 'p', from: '', to: '', planned: 1, startedAt: Date.now() }
  await store.begin(lost, {})
  expect((await store.list({ backfillId: 'lost' }))[0]?.status).toBe('interrupted')
})
