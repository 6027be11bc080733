import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { join as joined, literal, sql } from '../../../../src/base/sql/index.ts'
import { localStore } from '../../../../src/base/store/index.ts'
import { type Engine, type EngineConnection, openDuckDb } from '../../../../src/data/engine/index.ts'
import { DeltaTable, type ParquetPort } from '../../../../src/data/table/index.ts'
import { comparable } from '../../../services/deltalake.ts'

/**
 * Delta Acceptance Tests (github.com/delta-incubator/dat, written by Spark; Apache-2.0, as beside the golden tables): each
 * version of a table beside its rows as plain Parquet. A few are kept here; the variable names a folder with all of them.
 */
const DAT = process.env.MILLRACE_DELTA_DAT ?? join(import.meta.dirname, 'dat')
const cases = readdirSync(DAT).flatMap((name) =>
  existsSync(join(DAT, name, 'delta'))
    ? readdirSync(join(DAT, name, 'expected')).map((version) => [name, version] as const)
    : [],
)

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

test.each(cases)('%s is read as Spark reads it at version %s', async (name, version) => {
  const folder = join(DAT, name, 'expected', version)
  const about = JSON.parse(await readFile(join(folder, 'table_version_metadata.json'), 'utf8')) as { version: number }
  const table = await DeltaTable.open(localStore(DAT), `${name}/delta`, {
    parquet: engine.files as ParquetPort<never>,
    ...(version === 'latest' ? {} : { version: about.version }),
  })
  expect(table.snapshot.version).toBe(about.version)
  const content = join(folder, 'table_content')
  const urls = readdirSync(content).filter((file) => file.endsWith('.parquet'))
  const list = joined(urls.map((file) => literal(join(content, file))))
  const rows = await connection.rows(sql`select * from ${await table.relation()}`)
  expect(comparable(rows)).toEqual(comparable(await connection.rows(sql`select * from read_parquet([${list}])`)))
  expect(rows.length).toBeGreaterThan(0)
})
