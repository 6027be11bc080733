import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Engine, openDuckDb } from '../../../src/data/engine/index.ts'
import { createDataFrame, type Frame, read, withSession, writeFrame } from '../../../src/data/frame/index.ts'
import { runChild } from './crash-child.ts'
import { type FolderSession, openFolderSession } from './folder-session.ts'

const CHILD = fileURLToPath(new URL('./write-crash-modes.child.ts', import.meta.url))
let engine: Engine
beforeAll(async () => {
  engine = await openDuckDb()
})
afterAll(() => engine[Symbol.asyncDispose]())

const OLD = [
  { date: '2024-01-01', kind: 'a', n: 0 },
  { date: '2024-01-02', kind: 'a', n: 1 },
  { date: '2024-01-02', kind: 'c', n: 2 },
]
const NEW = [10, 20, 30].map((n) => ({ date: '2024-01-02', kind: n > 15 ? 'b' : 'a', n }))

/** What a write leaves, by its kind. */
const AFTER: Record<string, readonly (typeof OLD)[number][]> = {
  append: [...OLD, ...NEW],
  // Only the partitions that rows were written for are replaced.
  dynamic: [...OLD.filter(({ n }) => n !== 1), ...NEW],
  static: NEW,
}
const MOMENTS = ['frame.staged', 'frame.before-rename', 'frame.between-renames:1', 'frame.after-rename'] as const
const READERS: Record<string, () => Frame> = {
  parquet: () => read.parquet('x'),
  csv: () => read.csv('x', { schema: 'n int, date date, kind string' }),
}

async function start(format: string): Promise<FolderSession> {
  const opened = await openFolderSession(engine)
  await writeFrame(opened.session, createDataFrame(OLD, 'date date, kind string, n int'), {
    format: format as 'parquet',
    path: 'x',
    partitionBy: ['date', 'kind'],
  })
  return opened
}

const child = (dir: string, format: string, kind: string, failpoint?: string) =>
  runChild(CHILD, [dir, format, 'x', kind], failpoint)

const CASES = [
  ...['append', 'dynamic', 'static'].flatMap((kind) => MOMENTS.map((moment) => ['parquet', kind, moment] as const)),
  ...(['frame.staged', 'frame.between-renames:1'] as const).map((moment) => ['csv', 'dynamic', moment] as const),
]

test.each(CASES)(
  '%s, %s, killed at %s: frames see all of it or nothing, and the repeated write ends the same',
  { timeout: 120_000 },
  async (format, kind, moment) => {
    await using opened = await start(format)
    const { dir, session } = opened
    const rows = () =>
      withSession(session, async () =>
        (await READERS[format]?.().select('date', 'kind', 'n').orderBy('n').collect())?.map((row) => row.n),
      )
    const numbers = (of: readonly { n: number }[] | undefined) => of?.map(({ n }) => n).toSorted((a, b) => a - b)
    expect(await rows()).toEqual(numbers(OLD))
    expect(child(dir, format, kind, moment)).toBe('SIGKILL')
    expect(await rows()).toEqual(numbers(moment === 'frame.staged' ? OLD : AFTER[kind]))
    expect(child(dir, format, kind)).toBe(0)
    expect(await rows()).toEqual(numbers(AFTER[kind]))
    expect(await readdir(join(dir, '.millrace-staging', 'x'))).toEqual([])
  },
)
