import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { MillraceError } from '../../../src/base/kernel/index.ts'
import { openState } from '../../../src/base/state/index.ts'
import { resumeRun, runPipeline, runTasks } from '../../../src/run/pipeline/runs/run-pipeline.ts'
import { RunStore } from '../../../src/run/pipeline/runs/run-store.ts'
import { DAY, graphOf, newProject, runOptions, statuses } from './project.ts'

const again = (message: string) => new MillraceError('TASK_FAILED', message, { retry: 'again' })
const NEXT = { start: DAY.end, end: '2024-01-03T00:00:00.000Z', ds: '2024-01-02' }

describe('a run', () => {
  test('gives each task the outputs of those it needs, and a key of pipeline, task and interval', async () => {
    const project = await newProject()
    const graph = graphOf((task) => void task.step('b', { inputs: { x: task.step('a') } }))
    const seen: unknown[] = []
    const result = await runPipeline(
      graph,
      DAY,
      runOptions(project, {
        a: () => ({ dataset: 'raw.x', version: 3 }),
        b: ({ inputs, idempotencyKey, ds, tryNumber }) => {
          seen.push(inputs, idempotencyKey, ds, tryNumber)
          return { rows: 5 }
        },
      }),
    )
    expect(result).toMatchObject({ status: 'success', tasks: [{ task: 'a' }, { task: 'b', output: { rows: 5 } }] })
    expect(seen).toEqual([{ a: { dataset: 'raw.x', version: 3 } }, 'p/b/2024-01-01T00:00:00.000Z', '2024-01-01', 1])
  })

  test('runs independent tasks at the same time, at most maxParallel of them', async () => {
    const project = await newProject()
    const graph = graphOf((task) => ['a', 'b', 'c', 'd', 'e'].forEach((id) => void task.step(id)), { maxParallel: 2 })
    let running = 0
    let most = 0
    const work = async () => {
      running += 1
      most = Math.max(most, running)
      await sleep(20)
      running -= 1
      return {}
    }
    await runPipeline(graph, DAY, runOptions(project, { a: work, b: work, c: work, d: work, e: work }))
    expect(most).toBe(2)
  })

  test('a failure stops what is behind it and nothing else; events tell it in order', async () => {
    const project = await newProject()
    const graph = graphOf(
      (task) => {
        task.step('behind').after(task.step('bad'))
        task.step('beside2').after(task.step('beside'))
      },
      { email: 'data@shop.example' },
    )
    const options = runOptions(project, { bad: () => Promise.reject(new MillraceError('ENGINE_SQL', 'no such table')) })
    const result = await runPipeline(graph, DAY, options)
    expect(result.status).toBe('failed')
    expect(statuses(result.tasks)).toEqual({
      bad: 'failed',
      behind: 'upstream_failed',
      beside: 'success',
      beside2: 'success',
    })
    expect(result.error).toMatchObject({
      code: 'RUN_FAILED',
      cause: { code: 'ENGINE_SQL', at: { file: 'pipelines/p.ts' } },
    })
    expect(options.events.map(({ type }) => type)).toEqual([
      'run-started',
      ...options.events.slice(1, -2).map(({ type }) => type),
      'notice',
      'run-finished',
    ])
    expect(options.events.at(-2)).toMatchObject({
      message: expect.stringContaining('was not sent to data@shop.example'),
    })
    expect(JSON.parse(JSON.stringify(options.events))).toEqual(options.events)
  })

  test('running the interval again runs every task again', async () => {
    const project = await newProject()
    const graph = graphOf((task) => void task.step('a'))
    let count = 0
    const options = runOptions(project, {
      a: () => {
        count += 1
        return { rows: count }
      },
    })
    const first = await runPipeline(graph, DAY, options)
    const second = await runPipeline(graph, DAY, options)
    expect(count).toBe(2)
    expect(first.runId).not.toBe(second.runId)
  })
})

describe('retries and time-outs', () => {
  test('a task is tried again after the delay, doubled each time when asked, and each try is remembered', async () => {
    const project = await newProject()
    const graph = graphOf((task) => void task.step('a', { retries: 3, retryDelay: 20, retryExponentialBackoff: true }))
    let tries = 0
    const options = runOptions(project, {
      a: () => {
        tries += 1
        if (tries < 4) throw again(`failure ${tries}`)
        return { rows: 1 }
      },
    })
    const result = await runPipeline(graph, DAY, options)
    expect(result).toMatchObject({ status: 'success', tasks: [{ tries: 4 }] })
    const delays = options.events.flatMap((event) => (event.type === 'task-retry' ? [event.delayMs] : []))
    expect(delays).toEqual([20, 40, 80])
    expect(result.tasks[0]?.ms).toBeGreaterThanOrEqual(140)
    const records = await (await RunStore.open(project.state)).tries(result.runId)
    expect(records.map(({ tryNumber, status }) => [tryNumber, status])).toEqual([
      [1, 'failed'],
      [2, 'failed'],
      [3, 'failed'],
      [4, 'success'],
    ])
  })

  test('an error that trying again cannot help is not tried again; a plain exception is', async () => {
    const project = await newProject()
    const graph = graphOf((task) => (['never', 'plain'] as const).forEach((id) => void task.step(id, { retries: 2 })))
    const result = await runPipeline(
      graph,
      DAY,
      runOptions(project, {
        never: () => Promise.reject(new MillraceError('VALIDATION_FAILED', 'broken data')),
        plain: () => Promise.reject(new Error('a socket closed')),
      }),
    )
    expect(result.tasks.map(({ tries }) => tries)).toEqual([1, 3])
    expect(result.tasks[1]?.error).toMatchObject({ code: 'TASK_FAILED', message: 'a socket closed' })
  })

  test('a try that takes too long is aborted and fails with TIMEOUT', async () => {
    const project = await newProject()
    const graph = graphOf((task) => void task.step('a', { executionTimeout: 30 }))
    const result = await runPipeline(
      graph,
      DAY,
      runOptions(project, {
        a: async ({ signal }) => {
          await sleep(60_000, undefined, { signal })
          return {}
        },
      }),
    )
    expect(result).toMatchObject({ status: 'failed', tasks: [{ status: 'failed', error: { code: 'TIMEOUT' } }] })
    expect(result.ms).toBeLessThan(10_000)
  })

  test('a run that takes too long fails as a whole', async () => {
    const project = await newProject()
    const graph = graphOf((task) => void task.step('b').after(task.step('a')), { runTimeout: 50 })
    const result = await runPipeline(
      graph,
      DAY,
      runOptions(project, {
        a: async ({ signal }) => {
          await sleep(60_000, undefined, { signal })
          return {}
        },
      }),
    )
    expect(result).toMatchObject({ status: 'failed', error: { code: 'RUN_FAILED', cause: { code: 'TIMEOUT' } } })
  })
})

describe('stopping and going on', () => {
  test('a cancelled run ends its tasks as cancelled, and resuming runs only what had not succeeded', async () => {
    const project = await newProject()
    const graph = graphOf((task) => void task.step('c').after(task.step('b').after(task.step('a'))))
    const abort = new AbortController()
    const done: string[] = []
    const stopped = await runPipeline(
      graph,
      DAY,
      runOptions(
        project,
        {
          a: () => void done.push('a') as never,
          b: async ({ signal }) => {
            abort.abort()
            await sleep(60_000, undefined, { signal })
            return {}
          },
        },
        abort.signal,
      ),
    )
    expect(stopped).toMatchObject({ status: 'cancelled', error: { code: 'CANCELLED' } })
    expect(statuses(stopped.tasks)).toEqual({ a: 'success', b: 'cancelled', c: 'cancelled' })

    const options = runOptions(project, {
      a: () => void done.push('a again') as never,
      b: ({ tryNumber }) => void done.push(`b ${tryNumber}`) as never,
      c: () => void done.push('c') as never,
    })
    const resumed = await resumeRun(stopped.runId, options)
    expect(resumed).toMatchObject({ runId: stopped.runId, status: 'success' })
    expect(done).toEqual(['a', 'b 2', 'c'])
    expect(options.events[0]).toMatchObject({ type: 'run-started', continued: 'resumed', done: ['a'] })
    const record = await (await RunStore.open(project.state)).find(stopped.runId)
    expect(record).toMatchObject({ status: 'success' })
  })

  test('resuming gives tasks the outputs of those that had succeeded', async () => {
    const project = await newProject()
    const graph = graphOf((task) => void task.step('b', { inputs: { x: task.step('a') } }))
    const failed = await runPipeline(
      graph,
      DAY,
      runOptions(project, {
        a: () => ({ dataset: 'raw.x', version: 7 }),
        b: () => Promise.reject(new MillraceError('ENGINE_SQL', 'no')),
      }),
    )
    let inputs: unknown
    const resumed = await resumeRun(
      failed.runId,
      runOptions(project, {
        b: (context) => {
          inputs = context.inputs
          return {}
        },
      }),
    )
    expect(resumed.status).toBe('success')
    expect(inputs).toEqual({ a: { dataset: 'raw.x', version: 7 } })
  })

  test('a run that does not exist cannot be resumed', async () => {
    const project = await newProject()
    await expect(resumeRun('nothing', runOptions(project, {}))).rejects.toMatchObject({ code: 'RUN_UNKNOWN' })
  })

  test('the same interval cannot be run twice at a time, another one can', async () => {
    const project = await newProject()
    await using other = await openState(join(project.dir, 'state.db'), {})
    const graph = graphOf((task) => void task.step('a'))
    let second: unknown
    let third: unknown
    const result = await runPipeline(
      graph,
      DAY,
      runOptions(project, {
        a: async () => {
          const elsewhere = { ...project, state: other }
          second = await runPipeline(graph, DAY, runOptions(elsewhere, {})).catch((thrown: unknown) => thrown)
          third = await runPipeline(graph, NEXT, runOptions(elsewhere, {}))
          return {}
        },
      }),
    )
    expect(second).toMatchObject({
      code: 'RUN_IN_PROGRESS',
      retry: 'again',
      message: expect.stringContaining(String(process.pid)),
    })
    expect(third).toMatchObject({ status: 'success' })
    expect(result.status).toBe('success')
  })
})

describe('single tasks', () => {
  test('take what they need from the newest success of the same interval', async () => {
    const project = await newProject()
    const graph = graphOf((task) => void task.step('b', { inputs: { x: task.step('a') } }))
    await expect(runTasks(graph, ['b'], DAY, runOptions(project, {}))).rejects.toMatchObject({
      code: 'UPSTREAM_MISSING',
      hint: expect.stringContaining('task run p a --ds 2024-01-01'),
    })
    await runTasks(graph, ['a'], DAY, runOptions(project, { a: () => ({ version: 1 }) }))
    await runTasks(graph, ['a'], DAY, runOptions(project, { a: () => ({ version: 2 }) }))
    let inputs: unknown
    const ran: string[] = []
    const result = await runTasks(
      graph,
      ['b'],
      DAY,
      runOptions(project, {
        a: () => void ran.push('a') as never,
        b: (context) => {
          inputs = context.inputs
          return {}
        },
      }),
    )
    expect(statuses(result.tasks)).toEqual({ b: 'success' })
    expect(inputs).toEqual({ a: { version: 2 } })
    expect(ran).toEqual([])
  })

  test('an unknown one is refused with a guess', async () => {
    const project = await newProject()
    const graph = graphOf((task) => void task.step('load'))
    await expect(runTasks(graph, ['laod'], DAY, runOptions(project, {}))).rejects.toMatchObject({
      code: 'TASK_UNKNOWN',
      hint: expect.stringContaining('Did you mean "load"?'),
    })
  })
})

test('with dependsOnPast a run waits for the success of the run before it', async () => {
  const project = await newProject()
  const graph = graphOf((task) => void task.step('a'), { dependsOnPast: true })
  const failed = await runPipeline(
    graph,
    DAY,
    runOptions(project, { a: () => Promise.reject(new MillraceError('ENGINE_SQL', 'no')) }),
  )
  await expect(runPipeline(graph, NEXT, runOptions(project, {}))).rejects.toMatchObject({ code: 'RUN_DEPENDS_ON_PAST' })
  await resumeRun(failed.runId, runOptions(project, {}))
  await expect(runPipeline(graph, NEXT, runOptions(project, {}))).resolves.toMatchObject({ status: 'success' })
})
