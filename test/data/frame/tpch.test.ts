import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { QUERIES, type Tables } from '../../../bench/contestants/tpch/frames.ts'
import { type Plain, plainRows, sameRows } from '../../../bench/contestants/tpch/plain.ts'
import { read } from '../../../src/data/frame/index.ts'
import { extensionDirectory, extensionHint, hasExtension } from '../../services/duckdb-extensions.ts'

const TABLES = ['customer', 'lineitem', 'nation', 'orders', 'part', 'partsupp', 'region', 'supplier']

describe.skipIf(!hasExtension('tpch'))(`TPC-H as frames (${extensionHint('tpch')})`, () => {
  let folder: string
  let tables: Tables
  let answers: Plain[][][]

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-tpch-'))
    const instance = await DuckDBInstance.create(':memory:', { extension_directory: extensionDirectory })
    const connection = await instance.connect()
    await connection.run('load tpch')
    await connection.run('call dbgen(sf=0.01)')
    for (const name of TABLES) await connection.run(`copy ${name} to '${folder}/${name}.parquet'`)
    const queries = (await connection.runAndReadAll('select query from tpch_queries() order by query_nr')).getRows()
    answers = []
    for (const [query] of queries) {
      answers.push(plainRows((await connection.runAndReadAll(String(query))).getRows()))
    }
    connection.closeSync()
    tables = Object.fromEntries(
      TABLES.map((name) => [name, read.parquet(join(folder, `${name}.parquet`))]),
    ) as unknown as Tables
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test.each(QUERIES.map((query, i) => ({ n: i + 1, query })))(
    'query $n gives what its SQL gives',
    async ({ n, query }) => {
      const rows = await query(tables).collect()
      const [found, expected] = [plainRows(rows.map((row) => Object.values(row))), answers[n - 1] ?? []]
      expect(sameRows(found, expected), JSON.stringify({ found, expected })).toBe(true)
    },
  )
})
