import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { sql } from '../../../../src/base/sql/index.ts'
import { localStore } from '../../../../src/base/store/index.ts'
import type { Engine, EngineConnection } from '../../../../src/data/engine/index.ts'
import { type LogFile, logFile } from '../../../../src/data/table/delta/log/log-files.ts'
import { planLogCleanup } from '../../../../src/data/table/delta/log/plan-log-cleanup.ts'
import { appendTo, checkpoint, DeltaTable, type ParquetPort } from '../../../../src/data/table/index.ts'
import { DELTALAKE_HINT, hasDeltalake, readWithDeltalake } from '../../../services/deltalake.ts'
import { type DuckDbFolder, duckDbFolder } from '../../../services/duckdb-folder.ts'

const DAY = 86_400_000
let own: DuckDbFolder
let folder: string
let engine: Engine
let connection: EngineConnection
beforeAll(async () => {
  own = await duckDbFolder('log')
  ;({ engine, connection } = own)
  return own.remove
})
beforeEach(() => {
  folder = own.next()
})

const parquet = () => engine.files as ParquetPort<never>
const logNames = async () => (await readdir(join(folder, '_delta_log'))).sort()

/** A table of so many appends of a row each, with a checkpoint every third version. */
async function appended(times: number, properties: Record<string, string> = {}): Promise<DeltaTable> {
  const rows = sql`select 1::bigint as id`
  const table = await DeltaTable.create(localStore(folder), {
    schema: await connection.describe(rows),
    parquet: parquet(),
    properties: { 'delta.checkpointInterval': '3', ...properties },
  })
  for (let at = 0; at < times; at += 1) await appendTo(table, rows, { connection })
  return table
}

async function age(days: (version: number) => number): Promise<void> {
  for (const name of await logNames()) {
    const at = Date.now() / 1000 - days(Number(name.slice(0, 20))) * 86_400
    await utimes(join(folder, '_delta_log', name), at, at)
  }
}

/** Files of a log as `planLogCleanup` is given them: a name and how many days ago it was written. */
const files = (ages: Record<string, number>): LogFile[] =>
  Object.entries(ages).flatMap(([name, days]) => {
    const file = logFile({
      path: `_delta_log/${name.replace(/^\d+/, (digits) => digits.padStart(20, '0'))}`,
      size: 1,
      modified: 100 * DAY - days * DAY,
    })
    return file ? [file] : []
  })
const plan = (ages: Record<string, number>) =>
  planLogCleanup(files(ages), 100 * DAY, 30 * DAY).map(({ path }) => path.replace(/^_delta_log\/0*(?=\d)/, ''))

test('everything before the newest checkpoint behind the cutoff goes, its own commit stays', () => {
  expect(
    plan({
      '0.json': 50,
      '1.checkpoint.parquet': 50,
      '1.json': 50,
      '2.json': 49,
      '3.checkpoint.parquet': 40,
      '3.json': 40,
      '4.json': 31,
      '5.json': 29,
      '6.checkpoint.parquet': 20,
      '6.json': 20,
    }),
  ).toEqual(['0.json', '1.checkpoint.parquet', '1.json', '2.json'])
})

test('without a checkpoint behind the cutoff nothing goes', () => {
  expect(plan({ '0.json': 50, '1.json': 50, '2.json': 29, '3.checkpoint.parquet': 28, '3.json': 28 })).toEqual([])
  expect(plan({ '0.json': 50, '1.json': 50 })).toEqual([])
})

test('a part of a checkpoint is none', () => {
  expect(plan({ '0.json': 50, '1.json': 50, '1.checkpoint.0000000001.0000000002.parquet': 50 })).toEqual([])
})

test('days are whole: what is not older than the midnight before stays', () => {
  const late = files({ '0.json': 30, '1.json': 30, '1.checkpoint.parquet': 30 })
  expect(planLogCleanup(late, 100.5 * DAY, 30 * DAY)).toHaveLength(1)
  const later = late.map((file) => ({ ...file, modified: 70.2 * DAY }))
  expect(planLogCleanup(later, 100.5 * DAY, 30 * DAY)).toHaveLength(0)
})

test('a commit behind a younger one is as young, whatever its file says', () => {
  expect(
    plan({ '0.json': 50, '1.json': 10, '2.json': 50, '3.json': 50, '3.checkpoint.parquet': 50, '4.json': 1 }),
  ).toEqual([])
})

test('log compactions that begin at the checkpoint or before go', () => {
  const ages = { '0.json': 50, '1.json': 50, '2.json': 50, '2.checkpoint.parquet': 50 }
  expect(plan({ ...ages, '1.2.compacted.json': 50 }).filter((name) => name.includes('compacted'))).toEqual([])
  const named = files({ ...ages }).concat(
    ['00000000000000000001.00000000000000000002', '00000000000000000003.00000000000000000004'].flatMap((name) => {
      const file = logFile({ path: `_delta_log/${name}.compacted.json`, size: 1, modified: 50 * DAY })
      return file ? [file] : []
    }),
  )
  const gone = planLogCleanup(named, 100 * DAY, 30 * DAY).filter(({ kind }) => kind === 'compaction')
  expect(gone.map(({ version }) => version)).toEqual([1])
})

test('a writer cleans the log up behind its checkpoint, and the versions that are left are all read', async () => {
  const table = await appended(7)
  await age((version) => (version <= 4 ? 60 : 1))
  await appendTo(table, sql`select 2::bigint as id`, { connection })
  await appendTo(table, sql`select 2::bigint as id`, { connection })
  expect((await logNames()).map((name) => name.replace(/^0*(?=\d)/, ''))).toEqual([
    '3.checkpoint.parquet',
    '3.json',
    '4.json',
    '5.json',
    '6.checkpoint.parquet',
    '6.json',
    '7.json',
    '8.json',
    '9.checkpoint.parquet',
    '9.json',
    '_last_checkpoint',
  ])
  for (const version of [3, 4, 5, 9]) {
    const then = await DeltaTable.open(localStore(folder), '', { version, parquet: parquet() })
    expect(then.snapshot.files).toHaveLength(version)
  }
  await expect(DeltaTable.open(localStore(folder), '', { version: 2, parquet: parquet() })).rejects.toMatchObject({
    code: 'DELTA_VERSION_NOT_FOUND',
  })
  if (hasDeltalake) expect((await readWithDeltalake(folder)).rows).toHaveLength(9)
})

test('a table that forbids it keeps its log', async () => {
  const table = await appended(6, { 'delta.enableExpiredLogCleanup': 'false' })
  await age(() => 60)
  const before = await logNames()
  await checkpoint(table)
  expect(await logNames()).toEqual(before)
})

test.skipIf(!hasDeltalake)(
  `a checkpoint is written on demand, and deltalake opens the table by it (${DELTALAKE_HINT})`,
  async () => {
    const table = await appended(1, { 'delta.checkpointInterval': '100' })
    expect(await checkpoint(table)).toBe(1)
    const hint = JSON.parse(await readFile(join(folder, '_delta_log', '_last_checkpoint'), 'utf8'))
    expect(hint).toMatchObject({ version: 1, size: 3, numOfAddFiles: 1 })
    expect(hint.sizeInBytes).toBeGreaterThan(0)
    for (const name of ['00000000000000000000.json', '00000000000000000001.json']) {
      await rm(join(folder, '_delta_log', name))
    }
    expect(await readWithDeltalake(folder)).toMatchObject({ version: 1, columns: ['id'] })
  },
)

test('what a checkpoint left that was never finished goes with the log', async () => {
  const table = await appended(6)
  const left = `.${'3'.padStart(20, '0')}.checkpoint.parquet.11111111-2222-3333-4444-555555555555.tmp`
  await writeFile(join(folder, '_delta_log', left), 'half')
  await age(() => 60)
  await checkpoint(table)
  expect(await logNames()).not.toContain(left)
})
