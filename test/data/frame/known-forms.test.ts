import { mkdtemp, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDuckDb } from '../../../src/data/engine/index.ts'
import { createDataFrame, type Frame, frameSession, read, withSession } from '../../../src/data/frame/index.ts'

let folder: string
let engine: Awaited<ReturnType<typeof openDuckDb>>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-forms-'))
  engine = await openDuckDb()
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

async function write(rows: object[], schema: string, seconds: number): Promise<string> {
  const file = join(folder, 'rows.parquet')
  await using connection = await engine.connect()
  const { sql, literal } = await import('../../../src/base/sql/index.ts')
  const { compile } = await import('../../../src/data/frame/index.ts')
  const { resolveLeaf } = await import('../../../src/data/frame/read/resolve-leaf.ts')
  const session = await frameSession({ engine })
  const compiled = await compile((createDataFrame(rows as never, schema) as Frame).plan, {
    dialect: 'duckdb',
    resolve: (leaf) => resolveLeaf(leaf, session, connection),
  })
  await connection.execute(sql`copy (${compiled.sql}) to ${literal(file)} (format parquet)`)
  await utimes(file, seconds, seconds)
  return file
}

test('columns are looked for again when a file has changed, and types of files are what they are', async () => {
  const session = await frameSession({ engine })
  await withSession(session, async () => {
    const file = await write([{ a: 1 }], 'a int', 1_000_000)
    expect(await read.parquet(file).collect()).toEqual([{ a: 1 }])
    expect(await read.parquet(file).dtypes()).toEqual([['a', 'int']])
    await write([{ a: 'x', b: 2n }], 'a string, b bigint', 2_000_000)
    expect(await read.parquet(file).dtypes()).toEqual([
      ['a', 'string'],
      ['b', 'bigint'],
    ])
    expect(await read.parquet(file).collect()).toEqual([{ a: 'x', b: 2n }])
    // Changed within the last seconds: never kept, though time and size stay.
    const now = Date.now() / 1000
    await write([{ a: 1 }], 'a int', now)
    expect(await read.parquet(file).dtypes()).toEqual([['a', 'int']])
    await write([{ b: 1 }], 'b int', now)
    expect(await read.parquet(file).dtypes()).toEqual([['b', 'int']])
  })
})

test('files that are alike are scanned as they are, so that their rows are counted before joins are ordered', async () => {
  const { explainText } = await import('../../../src/data/frame/index.ts')
  const session = await frameSession({ engine })
  await withSession(session, async () => {
    const file = await write([{ a: 1 }, { a: 2 }], 'a int', 1_000_000)
    expect(await explainText(read.parquet(file).plan)).not.toContain('schema = map')
    expect(await explainText(read.parquet(file).plan, { extended: true })).toMatch(/~2 rows/)
    expect(await explainText(read.schema('a int, z int').parquet(file).plan)).toContain('schema = map')
  })
})
