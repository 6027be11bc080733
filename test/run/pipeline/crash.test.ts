import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openState } from '../../../src/base/state/index.ts'
import { RunStore } from '../../../src/run/pipeline/runs/run-store.ts'
import { newFolder } from './project.ts'

function run(dir: string, options: { failpoint?: string; hash?: string } = {}) {
  const child = join(import.meta.dirname, 'crash-child.ts')
  const { MILLRACE_FAILPOINT: _, ...env } = process.env
  const ended = spawnSync(process.execPath, ['--conditions=millrace-source', child, dir, options.hash ?? 'v1'], {
    env: { ...env, ...(options.failpoint ? { MILLRACE_FAILPOINT: options.failpoint } : {}) },
    encoding: 'utf8',
  })
  return { signal: ended.signal, result: ended.status === 0 ? JSON.parse(ended.stdout) : ended.stderr }
}

const done = (dir: string) => readFileSync(join(dir, 'done.txt'), 'utf8').trim().split('\n').join(' ')

test.each([
  // A task that was started but not noted as done is run again; one that was noted is not.
  ['pipeline.task-started:2', 'a b c'],
  ['pipeline.task-done:2', 'a b c'],
  ['pipeline.run-done', 'a b c'],
])('a run killed at %s is continued by the next run of the interval', async (failpoint, tasks) => {
  const dir = newFolder()
  expect(run(dir, { failpoint }).signal).toBe('SIGKILL')
  const { result } = run(dir)
  expect(result).toMatchObject({ status: 'success' })
  expect(done(dir)).toBe(tasks)
  await using state = await openState(join(dir, 'state.db'), {})
  const runs = await (await RunStore.open(state)).runs('p')
  expect(runs).toMatchObject([{ runId: result.runId, status: 'success' }])
})

test('when the code has changed since the crash, the dead run is marked and a new one begins', async () => {
  const dir = newFolder()
  run(dir, { failpoint: 'pipeline.task-done:2' })
  const { result } = run(dir, { hash: 'v2' })
  expect(result).toMatchObject({ status: 'success' })
  expect(done(dir)).toBe('a b a b c')
  await using state = await openState(join(dir, 'state.db'), {})
  const runs = await (await RunStore.open(state)).runs('p')
  expect(runs.map(({ status }) => status)).toEqual(['success', 'crashed'])
})
