import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatType, parseType, type Row, type Schema } from '../../../src/base/kernel/index.ts'
import { id, literal, sql } from '../../../src/base/sql/index.ts'
import { FILE_COLUMN, listFiles, SOURCE_KINDS, type SourceReader } from '../../../src/data/connect/index.ts'
import { type Engine, type EngineConnection, openDuckDb } from '../../../src/data/engine/index.ts'
import { folder } from './folder.ts'

let engine: Engine
let connection: EngineConnection
beforeAll(async () => {
  engine = await openDuckDb()
  connection = await engine.connect()
})
afterAll(async () => {
  await connection[Symbol.asyncDispose]()
  await engine[Symbol.asyncDispose]()
})

function schemaOf(columns: Record<string, string>): Schema {
  return {
    fields: Object.entries(columns).map(([name, type]) => ({ name, type: parseType(type), nullable: true })),
  }
}

function reader(
  format: string,
  options: Record<string, unknown> = {},
  stated: Record<string, string> = {},
): SourceReader {
  const kind = SOURCE_KINDS.find(({ name }) => name === format)
  if (kind?.reads !== 'files') throw new Error(`no kind ${format}`)
  return kind.open(kind.options.parse(options) as never, { connection, stated: schemaOf(stated) })
}

/** The rows and rejects of files, and how many temporary tables are left when they are let go. */
async function staged(dir: string, from: SourceReader, columns: Record<string, string>, patterns = ['*']) {
  const files = await listFiles(dir, patterns)
  const tables = async () => (await connection.rows(sql`select table_name from duckdb_tables() where temporary`)).length
  const before = await tables()
  let rows: Row[] = []
  let rejects: Row[] = []
  let rejected = 0
  {
    await using found = await from.stage(files, schemaOf(columns))
    rows = await connection.rows(sql`select * exclude (${id(FILE_COLUMN)}) from ${found.relation}`)
    if (found.rejects)
      rejects = await connection.rows(sql`select * from ${found.rejects} order by "file", "line", "raw"`)
    rejected = found.rejected
  }
  expect(await tables()).toBe(before)
  expect(rejects).toHaveLength(rejected)
  return { rows, rejects: rejects.map((row): Row => ({ ...row, file: String(row.file).slice(dir.length + 1) })) }
}

async function inferred(dir: string, from: SourceReader): Promise<Record<string, string>> {
  const { fields } = await from.infer(await listFiles(dir, ['*']))
  return Object.fromEntries(fields.map(({ name, type }) => [name, formatType(type)]))
}

describe('csv', () => {
  test('a malformed row is rejected with its line, as an editor counts it, and the others are read', async () => {
    await using project = await folder()
    await project.write('a.csv', 'id,name,amount\n1,a,1.50\n2,"two\nlines",2\n3,c\n4,d,1,2\n5,e,n/a\n6,"",3\n7,,4\n')
    const { rows, rejects } = await staged(project.dir, reader('csv', { allow_quoted_nulls: false }), {
      id: 'int',
      name: 'string',
      amount: 'decimal(8,2)',
    })
    expect(rows).toEqual([
      { id: 1, name: 'a', amount: '1.50' },
      { id: 2, name: 'two\nlines', amount: '2.00' },
      { id: 6, name: '', amount: '3.00' },
      { id: 7, name: null, amount: '4.00' },
    ])
    expect(rejects).toMatchObject([
      { file: 'a.csv', line: 5n, raw: '3,c' },
      { file: 'a.csv', line: 6n, raw: '4,d,1,2', reason: expect.stringContaining('Found: 4') },
      { file: 'a.csv', line: 7n, column: 'amount', raw: '5,e,n/a', reason: expect.stringContaining('"n/a"') },
    ])
  })

  test('a fraction or a number out of range is not rounded into a whole number, it is rejected', async () => {
    await using project = await folder()
    await project.write('a.csv', 'n,t\n1.5,a\n2.0,b\n300,c\n99999999999999999999,d\n127,e\n')
    const { rows, rejects } = await staged(project.dir, reader('csv'), { n: 'tinyint', t: 'string' })
    expect(rows).toEqual([
      { n: 2, t: 'b' },
      { n: 127, t: 'e' },
    ])
    expect(rejects.map((row) => row.column)).toEqual(['n', 'n', 'n'])
  })

  test('columns are found by the header, whatever their order in each file; absent ones are null', async () => {
    await using project = await folder()
    await project.write('a.csv', 'a,b\n1,x\n')
    await project.write('b.csv', 'b,a\ny,2\n')
    await project.write('c.csv', '\ufeffa\n3\n')
    await project.write('d.csv', '')
    const { rows } = await staged(project.dir, reader('csv'), { a: 'bigint', b: 'string' })
    expect(rows).toEqual([
      { a: 1n, b: 'x' },
      { a: 2n, b: 'y' },
      { a: 3n, b: null },
    ])
  })

  test('options say how a file is written; compressed files are read too', async () => {
    await using project = await folder()
    await project.write('a.csv.gz', gzipSync("a;b\n1;'x;y'\nNA;z\n"))
    const csv = reader('csv', { delimiter: ';', quote: "'", escape: "'", null_value: 'NA' })
    expect((await staged(project.dir, csv, { a: 'int', b: 'string' })).rows).toEqual([
      { a: 1, b: 'x;y' },
      { a: null, b: 'z' },
    ])
  })

  test('without a header the stated columns name the fields', async () => {
    await using project = await folder()
    await project.write('a.tsv', '1\tx\n2\ty\n')
    const csv = reader('csv', { header: false }, { n: 'int', t: 'string' })
    expect((await staged(project.dir, csv, { n: 'int', t: 'string' })).rows).toHaveLength(2)
  })

  test('types are inferred from every value; codes with leading zeros stay text', async () => {
    await using project = await folder()
    await project.write(
      'a.csv',
      'i,d,b,day,at,zip,mixed,none\n1,1.5,true,2024-01-01,2024-01-01 10:00:00,01234,1,\n-2,2e3,FALSE,2024-02-29,2024-01-01T10:00:00.5,99999,x,\n',
    )
    expect(await inferred(project.dir, reader('csv'))).toEqual({
      i: 'bigint',
      d: 'double',
      b: 'boolean',
      day: 'date',
      at: 'timestamp_ntz',
      zip: 'string',
      mixed: 'string',
      none: 'string',
    })
  })

  test('a header that names a column twice is refused with its place', async () => {
    await using project = await folder()
    await project.write('a.csv', 'a,b,a\n1,2,3\n')
    const files = await listFiles(project.dir, ['*'])
    await expect(reader('csv').columns(files)).rejects.toMatchObject({
      code: 'SOURCE_MALFORMED',
      at: { file: 'a.csv', line: 1 },
    })
  })

  test('what is written in CSV comes back, whatever it is', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', ' ', 'é', "'", ';'), maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 12 }), async (rows) => {
        await using project = await folder()
        const quote = (value: string) => `"${value.replaceAll('"', '""')}"`
        await project.write('a.csv', `a,b\n${rows.map((row) => `${row.map(quote).join(',')}\n`).join('')}`)
        const found = await staged(project.dir, reader('csv', { allow_quoted_nulls: false }), {
          a: 'string',
          b: 'string',
        })
        expect(found.rows).toEqual(rows.map(([a, b]) => ({ a, b })))
      }),
      { numRuns: 20 },
    )
  })
})

describe('json', () => {
  test('clean lines and arrays are read alike, with nested values', async () => {
    await using project = await folder()
    await project.write('a.ndjson', '{"id":1,"at":"2024-01-01 10:00:00","tags":["x"],"who":{"n":1}}\n\n{"id":2}\n')
    await project.write('b.json', '[{"id":3,"who":{"n":2}}]')
    const columns = { id: 'bigint', at: 'timestamp_ntz', tags: 'array<string>', who: 'struct<n:bigint>' }
    const { rows } = await staged(project.dir, reader('json'), columns)
    expect(rows).toMatchObject([
      { id: 1n, tags: ['x'], who: { n: 1n } },
      { id: 2n, at: null, tags: null, who: null },
      { id: 3n, who: { n: 2n } },
    ])
  })

  test('lines that are no objects or do not fit are rejected with line and column', async () => {
    await using project = await folder()
    await project.write(
      'a.ndjson',
      '{"id":1,"n":{"x":1}}\n{bad\n\n{"id":"zz"}\n{"id":1.5}\n42\n{"id":"3","n":{"x":"2"}}\n',
    )
    const { rows, rejects } = await staged(project.dir, reader('json'), { id: 'bigint', n: 'struct<x:bigint>' })
    expect(rows).toEqual([
      { id: 1n, n: { x: 1n } },
      { id: 3n, n: { x: 2n } },
    ])
    expect(rejects).toMatchObject([
      { line: 2n, reason: 'not valid JSON', raw: '{bad', column: null },
      { line: 4n, column: 'id', raw: '{"id":"zz"}' },
      { line: 5n, column: 'id' },
      { line: 6n, reason: 'not an object' },
    ])
  })

  test('a nested value that does not fit stops the load instead of becoming null', async () => {
    await using project = await folder()
    await project.write('a.ndjson', '{"n":{"x":"no"}}\n')
    const files = await listFiles(project.dir, ['*'])
    await expect(reader('json').stage(files, schemaOf({ n: 'struct<x:bigint>' }))).rejects.toMatchObject({
      code: 'SOURCE_MALFORMED',
      at: { file: 'a.ndjson' },
    })
  })

  test('an array that is cut off is refused, naming the file', async () => {
    await using project = await folder()
    await project.write('a.json', '[{"id":1},{"id":')
    const files = await listFiles(project.dir, ['*'])
    await expect(reader('json').stage(files, schemaOf({ id: 'bigint' }))).rejects.toMatchObject({
      code: 'SOURCE_MALFORMED',
      at: { file: 'a.json' },
    })
  })

  test('types and names are inferred', async () => {
    await using project = await folder()
    await project.write('a.ndjson', '{"id":1,"mixed":1,"f":1.5}\n{"id":2,"mixed":"x","new":true}\n')
    expect(await inferred(project.dir, reader('json'))).toEqual({
      id: 'bigint',
      mixed: 'string',
      f: 'double',
      new: 'boolean',
    })
    const [columns] = await reader('json').columns(await listFiles(project.dir, ['*']))
    expect(columns?.columns.map(({ name }) => name).sort()).toEqual(['f', 'id', 'mixed', 'new'])
  })
})

describe('parquet', () => {
  test('rows that a stated type does not fit are rejected, the others are cast', async () => {
    await using project = await folder()
    await connection.execute(
      sql`copy (select * from (values ('1', 'a'), ('x', 'b')) as t (n, t)) to ${literal(`${project.dir}/a.parquet`)} (format parquet)`,
    )
    const { rows, rejects } = await staged(project.dir, reader('parquet'), { n: 'bigint', t: 'string', absent: 'date' })
    expect(rows).toEqual([{ n: 1n, t: 'a', absent: null }])
    expect(rejects).toMatchObject([{ file: 'a.parquet', line: null, column: 'n' }])
  })

  test('a file that is no Parquet file is named', async () => {
    await using project = await folder()
    await project.write('a.parquet', 'no')
    const files = await listFiles(project.dir, ['*'])
    await expect(reader('parquet').columns(files)).rejects.toMatchObject({
      code: 'SOURCE_MALFORMED',
      at: { file: 'a.parquet' },
    })
  })
})
