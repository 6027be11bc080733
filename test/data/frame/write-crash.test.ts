import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Engine, openDuckDb } from '../../../src/data/engine/index.ts'
import { createDataFrame, read, withSession, writeFrame } from '../../../src/data/frame/index.ts'
import { runChild } from './crash-child.ts'
import { type FolderSession, openFolderSession } from './folder-session.ts'

const CHILD = fileURLToPath(new URL('./write-crash.child.ts', import.meta.url))
let engine: Engine
beforeAll(async () => {
  engine = await openDuckDb()
})
afterAll(() => engine[Symbol.asyncDispose]())

const OTHER = [{ date: '2024-01-01', kind: 'a', n: 0 }]
const OLD = [1, 2].map((n) => ({ date: '2024-01-02', kind: n === 1 ? 'a' : 'c', n }))
const NEW = [10, 20, 30].map((n) => ({ date: '2024-01-02', kind: n > 15 ? 'b' : 'a', n }))

const MOMENTS = [
  ['frame.staged', OLD],
  ['frame.before-rename', NEW],
  ['frame.between-renames:1', NEW],
  ['frame.between-renames:2', NEW],
  ['frame.after-rename', NEW],
] as const

async function start(format: 'parquet' | 'json'): Promise<FolderSession> {
  const opened = await openFolderSession(engine)
  for (const rows of [OTHER, OLD]) {
    await writeFrame(opened.session, createDataFrame(rows, 'date date, kind string, n int'), {
      format,
      path: 'x',
      mode: 'overwrite',
      partitionBy: ['date', 'kind'],
      run: { ds: rows[0]?.date ?? '' },
    })
  }
  return opened
}

const child = (dir: string, format: string, failpoint?: string) => runChild(CHILD, [dir, format], failpoint)

test.each(MOMENTS)(
  'killed at %s, frames see all of the old day or all of the new one, and the repeated run ends the same',
  async (moment, seen) => {
    await using opened = await start('parquet')
    const { dir, session } = opened
    const rows = () =>
      withSession(session, () => read.parquet('x').select('date', 'kind', 'n').orderBy('date', 'n').collect())
    expect(await rows()).toEqual([...OTHER, ...OLD])
    expect(child(dir, 'parquet', moment)).toBe('SIGKILL')
    expect(await rows()).toEqual([...OTHER, ...seen])
    expect(child(dir, 'parquet')).toBe(0)
    expect(await rows()).toEqual([...OTHER, ...NEW])
    // What others see, who know nothing of staging: the same rows, and nothing left beside them.
    const files = (await readdir(join(dir, 'x'), { recursive: true })).filter((name) => name.endsWith('.parquet'))
    expect(files).toHaveLength(3)
    expect(await readdir(join(dir, '.millrace-staging', 'x'))).toEqual([])
  },
)

test('a write of another kind finishes what a killed one had committed', async () => {
  await using opened = await start('json')
  const { dir, session } = opened
  expect(child(dir, 'json', 'frame.between-renames:1')).toBe('SIGKILL')
  await writeFrame(
    session,
    createDataFrame([{ date: '2024-01-03', kind: 'z', n: 99 }], 'date date, kind string, n int'),
    {
      format: 'json',
      path: 'x',
      mode: 'append',
      partitionBy: ['date', 'kind'],
    },
  )
  const found = await withSession(session, () => read.json('x').orderBy('n').collect())
  expect(found.map((row) => Number(row.n))).toEqual([0, 10, 20, 30, 99])
})
