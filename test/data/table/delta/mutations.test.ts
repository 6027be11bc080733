import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { MillraceError } from '../../../../src/base/kernel/index.ts'
import { sql } from '../../../../src/base/sql/index.ts'
import { localStore } from '../../../../src/base/store/index.ts'
import type { Engine, EngineConnection } from '../../../../src/data/engine/index.ts'
import { DeltaTable, type ParquetPort } from '../../../../src/data/table/index.ts'
import { duckDbFolder } from '../../../services/duckdb-folder.ts'
import { mutate, numbers } from './mutate.ts'

/** Runs for each table; `npm run torture:delta-mutations` does many more. */
const RUNS = 60
const TABLES = [
  'dat/deletion_vectors',
  'dat/column_mapping',
  'golden/v2-checkpoint-json',
  'golden/v2-checkpoint-parquet',
  'golden/multi-part-checkpoint',
  'golden/dv-with-columnmapping',
]

let dir: string
let engine: Engine
let connection: EngineConnection
beforeAll(async () => {
  const own = await duckDbFolder('mutations', 2)
  ;({ dir, engine, connection } = own)
  return own.remove
})

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

test.each(TABLES)(
  'whatever is damaged in the log of %s, it is read or refused by a coded error',
  async (name) => {
    const folder = join(dir, name)
    await cp(join(import.meta.dirname, name, 'delta'), folder, { recursive: true })
    const log = (await filesBelow(join(folder, '_delta_log'))).filter((file) => !file.endsWith('.crc'))
    const vectors = (await filesBelow(folder)).filter((file) => file.endsWith('.bin'))
    const files = [...log, ...vectors]
    const refusals = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const random = numbers(seed)
        const file = files[Math.floor(random() * files.length)] ?? ''
        const bytes = await readFile(file)
        await writeFile(file, mutate(bytes, random))
        try {
          const table = await DeltaTable.open(localStore(folder), '', { parquet: engine.files as ParquetPort<never> })
          await connection.rows(sql`select count(*) as n from ${await table.relation()} as t`)
          await table.history()
          const changes = await table.changes({ from: table.snapshot.version })
          await connection.rows(sql`select count(*) as n from ${changes.sql} as t`)
        } catch (thrown) {
          expect(thrown, String((thrown as Error).stack)).toBeInstanceOf(MillraceError)
          const { code } = thrown as MillraceError
          expect(code, (thrown as MillraceError).message).not.toBe('INTERNAL')
          refusals.set(code, (refusals.get(code) ?? 0) + 1)
        } finally {
          await writeFile(file, bytes)
        }
      }),
      { numRuns: RUNS },
    )
    // A table that takes everything would pass as well.
    expect(refusals.get('DELTA_LOG_CORRUPT') ?? 0).toBeGreaterThan(0)
  },
  600_000,
)
