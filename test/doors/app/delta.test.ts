import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownModule } from '../../../src/base/kernel/index.ts'
import type * as EngineFace from '../../../src/data/engine/index.ts'
import type * as DeltaFace from '../../../src/doors/app/delta.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-delta-face-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

test('a program with nothing but millrace/delta and millrace/engine makes a table and reads it', async () => {
  const { appendTo, DeltaTable, openStore, sql } = (await import(ownModule('millrace/delta') ?? '')) as typeof DeltaFace
  const { openDuckDb } = (await import(ownModule('millrace/engine') ?? '')) as typeof EngineFace
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  const opening = engine.files ? { parquet: engine.files as never } : {}
  const rows = sql`select range as id from range(3)`
  const made = await DeltaTable.create(openStore(folder), { schema: await connection.describe(rows), ...opening })
  await appendTo(made, rows, { connection })
  const table = await DeltaTable.open(openStore(folder), '', opening)
  expect(await connection.rows(sql`select sum(id)::int as ids from ${await table.relation()}`)).toEqual([{ ids: 3 }])
})
