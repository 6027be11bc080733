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

/** Runs for each table; more of them are for a night (`MILLRACE_MUTATIONS=10000`). */
const RUNS = Number(process.env.MILLRACE_MUTATIONS ?? 60)
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

/** What is done to the bytes of a file. */
type Mutation = (bytes: Buffer) => Buffer
const at = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const JUNK = ['null', '{}', '[]', '""', '-1', '1e400', 'true', '"x"', '{"a":[{"b":null}]}', '9007199254740993']
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(at, fc.nat({ max: 255 })).map(([where, byte]) => (bytes: Buffer) => {
    const copy = Buffer.from(bytes)
    if (copy.length > 0) copy[Math.floor(where * copy.length)] = byte
    return copy
  }),
  at.map((where) => (bytes: Buffer) => bytes.subarray(0, Math.floor(where * bytes.length))),
  fc.tuple(at, at).map(([from, length]) => (bytes: Buffer) => {
    const start = Math.floor(from * bytes.length)
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + Math.ceil(length * 40))])
  }),
  // A line of the log goes, comes twice, or has another value for one of its members.
  fc.tuple(at, fc.constantFrom(0, 2)).map(([where, times]) => (bytes: Buffer) => {
    const lines = bytes.toString().split('\n')
    const line = Math.floor(where * lines.length)
    return Buffer.from(lines.flatMap((text, n) => (n === line ? Array<string>(times).fill(text) : [text])).join('\n'))
  }),
  fc.tuple(at, fc.constantFrom(...JUNK)).map(([where, junk]) => (bytes: Buffer) => {
    const text = bytes.toString()
    const values = [...text.matchAll(/":("(?:[^"\\]|\\.)*"|-?\d+|true|false|\{\}|\[\])/g)]
    const value = values[Math.floor(where * values.length)]
    if (!value) return bytes
    const start = value.index + 2
    return Buffer.from(`${text.slice(0, start)}${junk}${text.slice(start + (value[1]?.length ?? 0))}`)
  }),
)

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
    const pick = fc.tuple(at, mutation)
    await fc.assert(
      fc.asyncProperty(pick, async ([where, mutate]) => {
        const file = files[Math.floor(where * files.length)] ?? ''
        const bytes = await readFile(file)
        await writeFile(file, mutate(bytes))
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
    if (process.env.MILLRACE_MUTATIONS) console.info(name, Object.fromEntries(refusals))
  },
  600_000,
)
