import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Schema } from '../../../../src/base/kernel/index.ts'
import { literal, sql } from '../../../../src/base/sql/index.ts'
import { type Engine, openDuckDb } from '../../../../src/data/engine/index.ts'
import type { MemberRows, ParquetPort, WantedMember } from '../../../../src/data/table/index.ts'

let dir: string
let engine: Engine
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-members-'))
  engine = await openDuckDb()
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

const ROWS = 150_000
const SCHEMA: Schema = {
  fields: [
    {
      name: 'add',
      nullable: true,
      type: {
        kind: 'struct',
        fields: [
          { name: 'path', type: { kind: 'string' }, nullable: true },
          { name: 'note', type: { kind: 'string' }, nullable: true },
          { name: 'size', type: { kind: 'long' }, nullable: true },
          { name: 'never', type: { kind: 'string' }, nullable: true },
          { name: 'base', type: { kind: 'long' }, nullable: true },
        ],
      },
    },
  ],
}
const WANTED: readonly WantedMember[] = [
  { name: 'path', as: 'text' },
  { name: 'note', as: 'text', isLong: true },
  { name: 'size', as: 'number' },
  { name: 'never', as: 'text' },
  { names: ['never', 'base'], as: 'object' },
]

/** What the query below makes. */
const expected = (row: number) => [
  row > 120_000 && row % 1000 === 7 ? `päth ${row}` : `path ${'x'.repeat(30)} ${row}`,
  row % 3 === 0 ? null : row % 5 === 0 ? '' : `note ${row} of ${row % 7 === 0 ? '日本' : 'some'} length`,
  row % 4 === 0 ? null : row * 1_000_003,
  null,
  row % 50_000 === 1 ? `{"never":null,"base":${row}}` : null,
]

test('members of very many rows are what the file holds: nulls, empty texts, letters of any script', async () => {
  const file = join(dir, 'many.parquet')
  await using connection = await engine.connect()
  await connection.execute(sql`copy (
    select case when i % 2000 <> 1999 then {
      path: case when i > 120000 and i % 1000 = 7 then 'päth ' || i else 'path ' || repeat('x', 30) || ' ' || i end,
      note: case when i % 3 = 0 then null when i % 5 = 0 then ''
        else 'note ' || i || ' of ' || case when i % 7 = 0 then '日本' else 'some' end || ' length' end,
      size: case when i % 4 <> 0 then i * 1000003 end,
      never: null::varchar,
      base: case when i % 50000 = 1 then i end
    } end as add from range(${ROWS}) as r(i)) to ${literal(file)} (format parquet)`)
  const batches: MemberRows[] = []
  for await (const batch of (engine.files as ParquetPort).members(file, SCHEMA, 'add', WANTED)) batches.push(batch)

  const wrong: unknown[] = []
  const there = Array.from({ length: ROWS }, (_, row) => row).filter((row) => row % 2000 !== 1999)
  let at = 0
  for (const { rows, columns } of batches) {
    for (let row = 0; row < rows; row += 1, at += 1) {
      const found = columns.map((column) => column?.(row) ?? null)
      const wanted = expected(there[at] ?? -1)
      if (JSON.stringify(found) !== JSON.stringify(wanted)) wrong.push({ found, wanted })
    }
  }
  expect(wrong.slice(0, 3)).toEqual([])
  expect(at).toBe(there.length)
  expect(batches.length).toBeGreaterThan(1)
  // No row has one: nothing is kept for it.
  expect(batches[0]?.columns[3]).toBeUndefined()
})
