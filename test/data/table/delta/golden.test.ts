import { existsSync, readdirSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Row } from '../../../../src/base/kernel/index.ts'
import { join as joined, literal, sql } from '../../../../src/base/sql/index.ts'
import { localStore } from '../../../../src/base/store/index.ts'
import { type Engine, type EngineConnection, openDuckDb } from '../../../../src/data/engine/index.ts'
import { DeltaTable, type ParquetPort } from '../../../../src/data/table/index.ts'
import { comparable } from '../../../services/deltalake.ts'

/**
 * Tables that Delta's own kernel is tested with (github.com/delta-io/delta-kernel-rs, acceptance tables written by
 * Spark; their licence lies beside them). A few are kept here; the variable names a folder with all of them.
 */
const GOLDEN = process.env.MILLRACE_DELTA_GOLDEN ?? join(import.meta.dirname, 'golden')
const names = readdirSync(GOLDEN).filter((name) => existsSync(join(GOLDEN, name, 'delta')))

/** What is refused, and why: broken logs for good, features until they are understood. */
const REFUSED: Readonly<Record<string, readonly [code: string, message: RegExp]>> = {
  'data-reader-absolute-paths-escaped-chars': ['DELTA_LOG_CORRUPT', /no schema/],
  'deltalog-commit-info': ['DELTA_LOG_CORRUPT', /schemaString/],
  'deltalog-invalid-protocol-version': ['DELTA_FEATURE_UNSUPPORTED', /reader version 99/],
  'deltalog-state-reconstruction-from-checkpoint-missing-metadata': ['DELTA_LOG_CORRUPT', /no schema/],
  'deltalog-state-reconstruction-from-checkpoint-missing-protocol': ['DELTA_LOG_CORRUPT', /no protocol/],
  'deltalog-state-reconstruction-without-metadata': ['DELTA_LOG_CORRUPT', /no schema/],
  'deltalog-state-reconstruction-without-protocol': ['DELTA_LOG_CORRUPT', /no protocol/],
  hive: ['TABLE_NOT_FOUND', /no Delta table/],
  'no-delta-log-folder': ['TABLE_NOT_FOUND', /no Delta table/],
  'update-deleted-directory': ['DELTA_LOG_CORRUPT', /schemaString/],
  'versions-not-contiguous': ['DELTA_LOG_CORRUPT', /version 1 is missing/],
}

/** Partition values of type timestamp that name no zone are read in the session's; these were written in another. */
const WRITTEN_IN: Readonly<Record<string, string>> = { 'data-reader-partition-values': 'America/Los_Angeles' }

let engine: Engine
let connection: EngineConnection
beforeAll(async () => {
  engine = await openDuckDb({ threads: 2 })
  connection = await engine.connect()
})
afterAll(async () => {
  await connection[Symbol.asyncDispose]()
  await engine[Symbol.asyncDispose]()
})

const port = () => engine.files as ParquetPort<never>
const open = (name: string) => DeltaTable.open(localStore(GOLDEN), `${name}/delta`, { parquet: port() })

/** The rows that a table's authors say it has; undefined when they ship none. */
async function expectedRows(name: string, columns: readonly string[]): Promise<Row[] | undefined> {
  const folder = join(GOLDEN, name, 'expected')
  const files = await readdir(folder).catch(() => [])
  const parquet = files.filter((file) => file.endsWith('.parquet') && !file.startsWith('.'))
  if (parquet.length === 0) return undefined
  const urls = joined(parquet.map((file) => literal(join(folder, file))))
  const rows = await connection.rows<Row>(sql`select * from read_parquet([${urls}])`)
  expect(Object.keys(rows[0] ?? {})).toEqual(rows.length === 0 ? [] : columns)
  return rows
}

for (const name of names) {
  const refusal = REFUSED[name]
  if (refusal) {
    test(`${name} is refused with ${refusal[0]}`, async () => {
      const [code, message] = refusal
      await expect(open(name)).rejects.toThrow(
        expect.objectContaining({ code, message: expect.stringMatching(message) }),
      )
    })
    continue
  }
  test(`${name} is read as its authors say`, async () => {
    const table = await open(name)
    // Told from the log as it was read, and from an object for each file: the same.
    expect(table.scan()).toEqual(table.scan(table.snapshot, table.snapshot.files))
    const expected = await expectedRows(
      name,
      table.snapshot.schema.fields.map((field) => field.name),
    )
    if (expected === undefined) return
    await connection.rows(sql`set TimeZone = ${literal(WRITTEN_IN[name] ?? 'UTC')}`)
    const rows = await connection.rows(sql`select * from ${await table.relation()}`)
    expect(comparable(rows)).toEqual(comparable(expected))
  })
}
