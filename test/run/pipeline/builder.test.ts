import { describe, expect, test } from 'vitest'
import { MillraceError } from '../../../src/base/kernel/index.ts'
import { pipelineWith } from '../../../src/run/pipeline/builder.ts'
import { chain } from '../../../src/run/pipeline/handle.ts'
import { kindsFor } from './kinds.ts'

const pipeline = pipelineWith(kindsFor({}))

function refused(build: () => unknown): MillraceError {
  try {
    build()
  } catch (thrown) {
    if (thrown instanceof MillraceError) return thrown
    throw thrown
  }
  throw new Error('nothing was thrown')
}

describe('the builder', () => {
  test('using a task as an input, after() and chain() each make an edge', () => {
    const made = pipeline('p', {}, (task) => {
      const a = task.step('a')
      const b = task.step('b', { inputs: { rows: a.dataset('orders'), other: 'raw.x' } })
      const c = task.step('c').after(b)
      const d = task.step('d')
      const e = task.step('e')
      chain(c, [d, e], task.step('f'))
    })
    expect(Object.fromEntries(made.tasks.map(({ id, needs }) => [id, needs]))).toEqual({
      a: [],
      b: ['a'],
      c: ['b'],
      d: ['c'],
      e: ['c'],
      f: ['d', 'e'],
    })
    expect(made.tasks[1]?.options).toEqual({
      inputs: { rows: { $input: { task: 'a', dataset: 'orders' } }, other: 'raw.x' },
    })
  })

  test('functions become addresses, frames and columns become their plans', () => {
    const fn = () => 1
    const made = pipeline('p', {}, (task) => task.call('a', { fn }))
    expect(made.tasks[0]?.options).toEqual({ fn: { $function: 'a.fn' } })
    expect(made.functions.get('a.fn')).toBe(fn)
    expect(JSON.parse(JSON.stringify(made.tasks))).toEqual(made.tasks)
  })

  test('durations of tasks and pipelines become milliseconds', () => {
    const made = pipeline('p', { retryDelay: '5 minutes' }, (task) => {
      task.step('a', { retryDelay: '2s', executionTimeout: '1 hour', retries: 3 })
    })
    expect(made.options.retryDelay).toBe(300_000)
    expect(made.tasks[0]).toMatchObject({ retryDelayMs: 2000, timeoutMs: 3_600_000, retries: 3 })
  })

  test('a second task of the same id is refused, and told where the first stands', () => {
    const error = refused(() =>
      pipeline('p', {}, (task) => {
        task.step('a')
        task.step('a')
      }),
    )
    expect(error.code).toBe('TASK_DUPLICATE')
    expect(error.at?.file).toContain('builder.test.ts')
    expect(error.hint).toContain(`line ${(error.at?.line ?? 0) - 1}`)
  })

  test('a misspelt option is refused at the line of the task with the option that was meant', () => {
    const error = refused(() => pipeline('p', {}, (task) => task.step('a', { lable: 'x' } as never)))
    expect(error).toMatchObject({ code: 'PIPELINE_INVALID', at: { path: 'lable' } })
    expect(error.at?.file).toContain('builder.test.ts')
    expect(error.hint).toContain('Did you mean "label"?')
  })

  test.each([
    [{ schedule: 'every day' }, 'schedule'],
    [{ timezone: 'Mars/Olympus' }, 'timezone'],
    [{ startDate: '2024-02-30' }, 'startDate'],
    [{ email: ['nobody'] }, 'email.0'],
    [{ retryDelay: 'soon' }, 'retryDelay'],
    [{ retries: -1 }, 'retries'],
  ])('the pipeline option %j is refused by its path', (options, path) => {
    const error = refused(() => pipeline('p', options as never, (task) => void task.step('a')))
    expect(error).toMatchObject({ code: 'PIPELINE_INVALID', at: { path } })
  })

  test('a circle is refused and printed as a path', () => {
    const error = refused(() =>
      pipeline('p', {}, (task) => {
        const a = task.step('a')
        const b = task.step('b').after(a)
        const c = task.step('c').after(b)
        a.after(c)
      }),
    )
    expect(error.code).toBe('PIPELINE_CYCLE')
    expect(error.message).toMatch(/a → b → c → a|b → c → a → b|c → a → b → c/)
  })

  test('a task of another pipeline is an unknown upstream, with a guess', () => {
    let stranger: ReturnType<Parameters<Parameters<typeof pipeline>[2]>[0]['step']> | undefined
    pipeline('other', {}, (task) => {
      stranger = task.step('extract')
    })
    const error = refused(() =>
      pipeline('p', {}, (task) => {
        task.step('extrac')
        if (stranger) task.step('b').after(stranger)
      }),
    )
    expect(error.code).toBe('TASK_UNKNOWN')
    expect(error.hint).toContain('Did you mean "extrac"?')
  })

  test('a value that cannot stand in JSON is refused by its path', () => {
    const error = refused(() => pipeline('p', {}, (task) => task.step('a', { label: new Map() } as never)))
    expect(error).toMatchObject({ code: 'PIPELINE_INVALID' })
    expect(error.message).toContain('label')
  })
})
