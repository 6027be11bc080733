import { spawn } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { sql } from '../../../../../src/base/sql/index.ts'
import { localStore } from '../../../../../src/base/store/index.ts'
import type { Engine, EngineConnection } from '../../../../../src/data/engine/index.ts'
import { appendTo, DeltaTable, type ParquetPort } from '../../../../../src/data/table/index.ts'
import { duckDbFolder } from '../../../../services/duckdb-folder.ts'

const CHANGE = fileURLToPath(new URL('change-once.ts', import.meta.url))
let dir: string
let engine: Engine
let connection: EngineConnection
beforeAll(async () => {
  const own = await duckDbFolder('change-crash')
  ;({ dir, engine, connection } = own)
  return own.remove
})

function changed(folder: string, step: string, failpoint?: string): Promise<number | string | null> {
  const env = { ...process.env, ...(failpoint ? { MILLRACE_FAILPOINT: failpoint } : {}) }
  const child = spawn(process.execPath, ['--conditions=millrace-source', CHANGE, folder, step], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(signal ?? code))
  })
}

const parquet = () => engine.files as ParquetPort<never>
async function state(folder: string) {
  const table = await DeltaTable.open(localStore(folder), '', { parquet: parquet() })
  const rows = await connection.rows(sql`select id, v from ${await table.relation()} as t order by all`)
  return { version: table.snapshot.version, rows, named: namedFiles(table) }
}

/** Data files and files of vectors that the version names. */
function namedFiles(table: DeltaTable): number {
  const vectors = table.snapshot.files.flatMap(({ deletionVector }) => deletionVector?.pathOrInlineDv ?? [])
  return table.snapshot.files.length + new Set(vectors).size
}

const PLAIN = ['delta.data-written', 'delta.change-files-written', 'delta.before-commit', 'delta.after-commit']
const KILLS = [
  ...['delete', 'update', 'merge', 'replace'].flatMap((step) =>
    [...PLAIN, 'delta.vectors-written'].map((failpoint) => [step, failpoint] as const),
  ),
  ...['delta.before-commit', 'delta.after-commit'].map((failpoint) => ['alter', failpoint] as const),
]

test.each(KILLS)(
  'a %s that is killed at %s has happened wholly or not at all, and can be done again',
  async (step, failpoint) => {
    const path = `${step}-${failpoint}`
    const folder = join(dir, path)
    const table = await DeltaTable.create(localStore(dir), {
      path,
      schema: await connection.describe(sql`select 1::bigint as id, 'x' as v`),
      properties: { 'delta.enableDeletionVectors': 'true', 'delta.enableChangeDataFeed': 'true' },
      parquet: parquet(),
    })
    await appendTo(table, sql`select range as id, 'old' as v from range(10)`, { connection })
    const before = await state(folder)
    expect(await changed(folder, step, failpoint)).toBe('SIGKILL')
    const after = await state(folder)
    const isDone = failpoint === 'delta.after-commit'
    if (isDone) expect(after.version).toBe(2)
    else {
      expect(after).toEqual(before)
      // Orphans lie beside the table, and nothing of them is in it.
      const files = (await readdir(folder, { recursive: true })).filter((name) => /\.(parquet|bin)$/.test(name))
      expect(files.length >= before.named).toBe(true)
      expect(await changed(folder, step)).toBe(0)
    }
    const done = await state(folder)
    const expected = Array.from({ length: step === 'merge' || step === 'replace' ? 15 : 10 }, (_, id) => {
      if (step === 'delete') return id % 3 === 0 ? undefined : { id: BigInt(id), v: 'old' }
      if (step === 'update') return { id: BigInt(id), v: id % 3 === 1 ? 'new' : 'old' }
      if (step === 'alter') return { id: BigInt(id), v: 'old' }
      return { id: BigInt(id), v: id < 5 ? 'old' : 'new' }
    })
    expect(done).toMatchObject({ version: 2, rows: expected.filter((row) => row !== undefined) })
  },
)
