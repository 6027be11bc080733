import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Engine, openDuckDb } from '../../../src/data/engine/index.ts'
import {
  col,
  createDataFrame,
  type Frame,
  type FrameSession,
  frameSession,
  range,
  read,
  withSession,
} from '../../../src/data/frame/index.ts'

let dir = ''
let engine: Engine
let session: FrameSession
const path = (name: string) => join(dir, name)

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-damaged-'))
  engine = await openDuckDb({ threads: 1 })
  session = await frameSession({ engine, dir })
  await withSession(session, async () => {
    await range(50_000).select('id', col('id').cast('string').as('t')).write.parquet('good')
    await createDataFrame([{ a: 1 }]).write.parquet('mixed/x')
    await createDataFrame([{ a: 'x', b: 1 }]).write.parquet('mixed/y')
  })
  const name = (await readdir(path('good'))).find((one) => one.endsWith('.parquet')) ?? ''
  const good = await readFile(path(`good/${name}`))
  const footer = Buffer.from(good).fill(0xff, good.length - 60, good.length - 12)
  const page = Buffer.from(good).fill(0x55, 40, 4000)
  const files: Record<string, string | Uint8Array> = {
    'truncated.parquet': good.subarray(0, good.length - 100),
    'footer.parquet': footer,
    'page.parquet': page,
    'empty.parquet': '',
    'no.csv.gz': 'no gzip at all',
    'cut.csv.gz': gzipSync('a,b\n'.repeat(100_000)).subarray(0, 200),
    'cut.json.gz': gzipSync('{"a":1}\n'.repeat(100_000)).subarray(0, 200),
    'cut.txt.gz': gzipSync('a\n'.repeat(100_000)).subarray(0, 100),
    'latin.csv': Buffer.from('a,b\né,1\n', 'latin1'),
    'latin.json': Buffer.from('{"a":"é"}\n', 'latin1'),
    'latin.txt': Buffer.from('é\n', 'latin1'),
    'counts.csv': '1,2\n1\n',
    'bad.json': '{"a":1}\n{"a":\n',
  }
  for (const [file, content] of Object.entries(files)) await writeFile(path(file), content)
  await mkdir(path('deep/sub'), { recursive: true })
  await writeFile(path('deep/sub/x.csv'), '1\n')
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

const two = 'a int, b int'
const CASES: readonly (readonly [string, () => Frame, string | undefined, number | undefined])[] = [
  ['a truncated Parquet file', () => read.parquet('truncated.parquet'), 'truncated.parquet', undefined],
  ['a Parquet file with a broken footer', () => read.parquet('footer.parquet'), 'footer.parquet', undefined],
  ['a Parquet file with a broken page', () => read.parquet('page.parquet'), 'page.parquet', undefined],
  ['an empty Parquet file', () => read.parquet('empty.parquet'), 'empty.parquet', undefined],
  ['one damaged file among good ones', () => read.parquet(['good', 'page.parquet']), 'page.parquet', undefined],
  ['text with the name of Parquet', () => read.parquet('latin.csv'), 'latin.csv', undefined],
  ['text with the name of gzip', () => read.csv('no.csv.gz'), 'no.csv.gz', undefined],
  [
    'gzip of CSV that was cut off',
    () => read.csv('cut.csv.gz', { schema: 'a string, b string' }),
    'cut.csv.gz',
    undefined,
  ],
  ['gzip of JSON that was cut off', () => read.json('cut.json.gz', { schema: 'a int' }), 'cut.json.gz', undefined],
  ['CSV in another encoding', () => read.csv('latin.csv'), 'latin.csv', 2],
  ['JSON in another encoding', () => read.json('latin.json'), 'latin.json', 1],
  ['text in another encoding', () => read.text('latin.txt') as Frame, 'latin.txt', undefined],
  ['CSV with too few values', () => read.csv('counts.csv', { schema: two, mode: 'FAILFAST' }), 'counts.csv', 2],
  ['JSON that breaks off', () => read.json('bad.json', { schema: 'a int', mode: 'FAILFAST' }), 'bad.json', 2],
  ['files whose types differ', () => read.parquet(['mixed/x', 'mixed/y']), undefined, undefined],
  ['files whose types cannot be merged', () => read.parquet('mixed/*', { mergeSchema: true }), undefined, undefined],
]

test.each(CASES)('%s is named, with the line that reads it', async (_name, frame, file, line) => {
  const thrown = await withSession(session, () => frame().collect()).then(
    (rows) => ({ rows }),
    (error: unknown) => error,
  )
  expect(thrown).toMatchObject({
    code: 'SOURCE_MALFORMED',
    message: expect.stringMatching(/\(read\.\w+ at .*read-damaged\.test\.ts:\d+/),
    hint: expect.any(String),
    at: {
      file: file === undefined ? expect.stringContaining('mixed') : path(file),
      ...(line === undefined ? {} : { line }),
    },
  })
})

test('of a folder that only has files further down, one is named', async () => {
  await expect(withSession(session, () => read.csv('deep').collect())).rejects.toMatchObject({
    code: 'SOURCE_EMPTY',
    message: expect.stringContaining('sub/x.csv'),
    hint: expect.stringContaining('recursiveFileLookup'),
    at: { file: 'test/data/frame/read-damaged.test.ts' },
  })
})

test('files of unsigned numbers and of times as Spark keeps them have Spark’s types', async () => {
  await using connection = await engine.connect()
  const { sql, trusted } = await import('../../../src/base/sql/index.ts')
  const file = path('unsigned.parquet')
  await connection.execute(
    sql`copy (select 200::utinyint as a, 60000::usmallint as b, 4000000000::uinteger as c, 18446744073709551615::ubigint as d) to ${trusted(`'${file}'`)} (format parquet)`,
  )
  const frame = read.parquet('unsigned.parquet')
  const { fields } = await withSession(session, () => frame.schema())
  expect(fields.map(({ type }) => type.kind)).toEqual(['short', 'integer', 'long', 'decimal'])
  expect(await withSession(session, () => frame.collect())).toEqual([
    { a: 200, b: 60000, c: 4000000000n, d: '18446744073709551615' },
  ])
})
