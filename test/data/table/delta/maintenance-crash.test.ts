import { spawn } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../../../src/base/sql/index.ts'
import { localStore } from '../../../../src/base/store/index.ts'
import { type Engine, type EngineConnection, openDuckDb } from '../../../../src/data/engine/index.ts'
import { appendTo, DeltaTable, overwrite, type ParquetPort, vacuum } from '../../../../src/data/table/index.ts'
import { DELTALAKE_HINT, hasDeltalake, readAllWithDeltalake } from '../../../services/deltalake.ts'

const WORKER = fileURLToPath(new URL('maintain.ts', import.meta.url))
let dir: string
let engine: Engine
let connection: EngineConnection
const parquet = () => engine.files as ParquetPort<never>

/** Two partitions, each of several files; files that were overwritten; a log of which much is old. */
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-maintenance-'))
  engine = await openDuckDb({ threads: 1 })
  connection = await engine.connect()
  const rows = (at: number) => sql`select ${at * 4}::bigint + range as id, 'p' || range % 2 as part from range(4)`
  const table = await DeltaTable.create(localStore(join(dir, 'base')), {
    schema: await connection.describe(rows(0)),
    partitionBy: ['part'],
    parquet: parquet(),
    properties: { 'delta.checkpointInterval': '3' },
  })
  for (const at of [0, 1]) await appendTo(table, rows(at), { connection })
  await overwrite(table, rows(2), { connection })
  for (const at of [3, 4, 5]) await appendTo(table, rows(at), { connection })
  await appendTo(table, rows(6), { connection })
  const log = join(dir, 'base', '_delta_log')
  for (const name of await readdir(log)) {
    const at = Date.now() / 1000 - (Number(name.slice(0, 20)) < 5 ? 60 : 1) * 86_400
    if (/^\d/.test(name)) await utimes(join(log, name), at, at)
  }
  const plain = join(dir, 'plain')
  await cp(join(dir, 'base'), plain, { recursive: true })
  await rm(join(plain, '_delta_log'), { recursive: true })
})
afterAll(async () => {
  await connection[Symbol.asyncDispose]()
  await engine[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

function maintain(folder: string, act: string, env: Record<string, string> = {}): Promise<string | number | null> {
  const child = spawn(process.execPath, ['--conditions=millrace-source', WORKER, folder, act], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(signal ?? code))
  })
}

async function ids(folder: string): Promise<number[] | 'no table'> {
  try {
    const table = await DeltaTable.open(localStore(folder), '', { parquet: parquet() })
    const rows = await connection.rows<{ id: bigint }>(sql`select id from ${await table.relation()} as t order by id`)
    return rows.map(({ id }) => Number(id))
  } catch (thrown) {
    if ((thrown as { code?: string }).code === 'TABLE_NOT_FOUND') return 'no table'
    throw thrown
  }
}

async function dataFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true })
  return entries.filter((name) => name.endsWith('.parquet') && !name.includes('_delta_log')).sort()
}

const NOW = Array.from({ length: 20 }, (_, at) => 8 + at)
const THEN = Array.from({ length: 8 }, (_, at) => at)
const ALL = Array.from({ length: 28 }, (_, at) => at)
const survived: string[] = []

const ACTS = [
  { act: 'optimize', base: 'base', before: NOW, after: NOW, leastPoints: 5 },
  { act: 'zorder', base: 'base', before: NOW, after: NOW, leastPoints: 4 },
  { act: 'vacuum', base: 'base', before: NOW, after: NOW, leastPoints: 1 },
  { act: 'checkpoint', base: 'base', before: NOW, after: NOW, leastPoints: 3 },
  { act: 'restore', base: 'base', before: NOW, after: THEN, leastPoints: 3 },
  { act: 'convert', base: 'plain', before: 'no table', after: ALL, leastPoints: 3 },
] as const

test.each(ACTS)(
  '$act, killed at each of its failpoints, leaves the old version or the new one, and done again the new one',
  async ({ act, base, before, after, leastPoints }) => {
    const calm = join(dir, `${act}-calm`)
    await cp(join(dir, base), calm, { recursive: true, preserveTimestamps: true })
    const log = join(dir, `${act}.log`)
    expect(await maintain(calm, act, { MILLRACE_FAILPOINT_LOG: log })).toBe(0)
    expect(await ids(calm)).toEqual(after)
    const names = (await readFile(log, 'utf8')).trim().split('\n')
    const points = [...new Set(names)]
    expect(points.length).toBeGreaterThanOrEqual(leastPoints)
    for (const point of points) {
      const folder = join(dir, `${act}-${point}`)
      await cp(join(dir, base), folder, { recursive: true, preserveTimestamps: true })
      // The last hit, when most has been done and nothing is finished.
      const hits = names.filter((name) => name === point).length
      expect(await maintain(folder, act, { MILLRACE_FAILPOINT: `${point}:${hits}` })).toBe('SIGKILL')
      expect([before, after], point).toContainEqual(await ids(folder))
      const again = await maintain(folder, act)
      // What was converted before the kill is a table now.
      if (act !== 'convert') expect(again, point).toBe(0)
      expect(await ids(folder), point).toEqual(after)
      survived.push(folder)
      const table = await DeltaTable.open(localStore(folder), '', { parquet: parquet() })
      await vacuum(table, { retainMs: 0, allowShortRetention: true })
      // What the kill left is gone, and nothing else is.
      expect(await dataFiles(folder), point).toEqual(
        table.snapshot.files.map(({ path }) => decodeURIComponent(path)).sort(),
      )
    }
  },
)

test('a clone, killed at each of its failpoints, is there whole or not at all, and its source is as it was', async () => {
  const clone = (folder: string) => `${folder}-clone`
  const calm = join(dir, 'clone-calm')
  await cp(join(dir, 'base'), calm, { recursive: true, preserveTimestamps: true })
  const log = join(dir, 'clone.log')
  expect(await maintain(calm, 'clone', { MILLRACE_FAILPOINT_LOG: log })).toBe(0)
  expect(await ids(clone(calm))).toEqual(NOW)
  const points = [...new Set((await readFile(log, 'utf8')).trim().split('\n'))]
  expect(points.length).toBeGreaterThanOrEqual(2)
  for (const point of points) {
    const folder = join(dir, `clone-${point}`)
    await cp(join(dir, 'base'), folder, { recursive: true, preserveTimestamps: true })
    const before = await readdir(folder, { recursive: true })
    expect(await maintain(folder, 'clone', { MILLRACE_FAILPOINT: point })).toBe('SIGKILL')
    const left = await ids(clone(folder))
    expect(['no table', NOW], point).toContainEqual(left)
    // What is there whole is not cloned again.
    expect(await maintain(folder, 'clone'), point).toBe(left === 'no table' ? 0 : 1)
    expect(await ids(clone(folder)), point).toEqual(NOW)
    expect(await dataFiles(clone(folder)), point).toEqual([])
    expect(await readdir(folder, { recursive: true }), point).toEqual(before)
    survived.push(clone(folder))
  }
})

test.skipIf(!hasDeltalake)(`deltalake reads what was killed and mended (${DELTALAKE_HINT})`, async () => {
  const tables = await readAllWithDeltalake(survived)
  for (const [at, folder] of survived.entries()) {
    const rows = await ids(folder)
    expect(tables[at]?.rows.length, folder).toBe(rows.length)
  }
})
