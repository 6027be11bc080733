import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../../../src/base/sql/index.ts'
import { localStore } from '../../../../src/base/store/index.ts'
import { openDuckDb } from '../../../../src/data/engine/index.ts'
import { DeltaTable, type ParquetPort } from '../../../../src/data/table/index.ts'
import { DELTALAKE_HINT, hasDeltalake, readWithDeltalake } from '../../../services/deltalake.ts'

const WRITER = fileURLToPath(new URL('append-batches.ts', import.meta.url))
let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-crash-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

/** Runs the writer in a process of its own; says how it ended: an exit code, or the signal that killed it. */
function writer(folder: string, args: readonly string[], failpoint?: string): Promise<number | string | null> {
  const env = { ...process.env, ...(failpoint ? { MILLRACE_FAILPOINT: failpoint } : {}) }
  const child = spawn(process.execPath, ['--conditions=millrace-source', WRITER, join(dir, folder), ...args], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(signal ?? code))
  })
}

async function read(folder: string) {
  await using engine = await openDuckDb({ threads: 1 })
  await using connection = await engine.connect()
  const parquet = engine.files as ParquetPort<never>
  const table = await DeltaTable.open(localStore(join(dir, folder)), '', { parquet })
  const { version, schema } = table.snapshot
  const relation = parquet.read(table.scan(), schema, [])
  const rows = await connection.rows<{ writer: string; id: bigint }>(
    sql`select writer, id from ${relation} order by writer, id`,
  )
  return { version, rows: rows.map(({ writer: name, id }) => `${name}${id}`) }
}

const expected = (name: string, count: number) => Array.from({ length: count }, (_, id) => `${name}${id}`).sort()

// The second hit of before-commit is the first batch's: the first is the table's creation.
test.each([
  'delta.data-written:1',
  'delta.data-written:2',
  'delta.before-commit:1',
  'delta.before-commit:3',
  'delta.after-commit:1',
  'delta.after-commit:2',
])('a writer killed at %s and started again leaves every row once', async (failpoint) => {
  const folder = failpoint.replace(':', '-')
  expect(await writer(folder, ['w', '3', '4'], failpoint)).toBe('SIGKILL')
  expect(await writer(folder, ['w', '3', '4'])).toBe(0)
  const { version, rows } = await read(folder)
  expect(rows.sort()).toEqual(expected('w', 12))
  expect(version).toBe(3)
})

test('eight processes that append at the same time lose no rows, and no version', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  const ends = await Promise.all(names.map((name) => writer('race', [name, '6', '5', 'plain'])))
  expect(ends).toEqual(names.map(() => 0))
  const { version, rows } = await read('race')
  expect(rows.sort()).toEqual(names.flatMap((name) => expected(name, 30)).sort())
  expect(version).toBe(48)
})

test.skipIf(!hasDeltalake)(`deltalake reads the table that eight processes wrote (${DELTALAKE_HINT})`, async () => {
  const table = await readWithDeltalake(join(dir, 'race'))
  expect(table.version).toBe(48)
  expect(table.rows).toHaveLength(240)
})
