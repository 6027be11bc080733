import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Engine, openDuckDb } from '../../../src/data/engine/index.ts'
import {
  col,
  type Frame,
  type FrameSession,
  frameSession,
  inputFileName,
  range,
  read,
  withSession,
} from '../../../src/data/frame/index.ts'

// What PySpark 4.2 answers of the same files, but for the folder.

let dir = ''
let engine: Engine
let session: FrameSession
let files: readonly string[]
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-file names-'))
  engine = await openDuckDb({ threads: 1 })
  session = await frameSession({ engine, dir })
  await mkdir(join(dir, 'csv/p=1'), { recursive: true })
  await writeFile(join(dir, 'csv/p=1/a b.csv'), 'id\n1\n2\n')
  await writeFile(join(dir, 'csv/p=1/ü.csv'), 'id\n3\n')
  const folder = pathToFileURL(join(dir, 'csv/p=1')).href
  files = [`${folder}/a%20b.csv`, `${folder}/ü.csv`]
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

const csv = () => read.csv('csv', { header: true })
const rowsOf = async (frame: Frame) =>
  withSession(session, async () => (await frame.collect()).map((row) => Object.values(row)))
const named = () => csv().withColumn('file', inputFileName())

test('each row tells its file, as an address with what is not ASCII left as it is', async () => {
  const [first, second] = files
  expect(await rowsOf(named().orderBy('id'))).toEqual([
    ['1', 1, first],
    ['2', 1, first],
    ['3', 1, second],
  ])
})

test('the column is named input_file_name(), and a star does not show how it came', async () => {
  const frame = csv().select('*', inputFileName())
  await withSession(session, async () => {
    expect((await frame.schema()).fields.map(({ name }) => name)).toEqual(['id', 'p', 'input_file_name()'])
  })
})

test('rows are filtered and grouped by it', async () => {
  expect(await rowsOf(csv().filter(inputFileName().contains('a%20b')).orderBy('id'))).toEqual([
    ['1', 1],
    ['2', 1],
  ])
  const counted = await rowsOf(csv().groupBy(inputFileName().as('file')).count().orderBy('file'))
  expect(counted).toEqual([
    [files[0], 2n],
    [files[1], 1n],
  ])
})

test('a union tells the files of both sides', async () => {
  const later = csv().withColumn('more', col('id')).drop('more')
  const both = await rowsOf(csv().union(later).withColumn('file', inputFileName()).orderBy('id'))
  expect(both.map((row) => row.at(-1))).toEqual([files[0], files[0], files[0], files[0], files[1], files[1]])
})

test.each([
  ['a group', () => csv().groupBy('id').count()],
  ['distinct rows', () => csv().distinct()],
  ['a sort', () => csv().orderBy('id')],
  ['a limit', () => csv().limit(2)],
  ['rows of no file', () => range(2)],
] as const)('above %s it is an empty text', async (_what, frame) => {
  const rows = await rowsOf((frame() as Frame).withColumn('file', inputFileName()))
  expect(rows.length).toBeGreaterThan(0)
  expect(new Set(rows.map((row) => row.at(-1)))).toEqual(new Set(['']))
})

test('above a join it is refused', async () => {
  const joined = csv().join(csv().withColumnRenamed('id', 'other'), 'p').withColumn('file', inputFileName())
  await expect(rowsOf(joined)).rejects.toMatchObject({
    code: 'FRAME_PLAN_INVALID',
    message: expect.stringContaining('above a join'),
    at: { file: expect.stringContaining('input-file-name.test.ts') },
  })
})

test.each(['parquet', 'json', 'text', 'delta'] as const)('files of %s tell their names too', async (format) => {
  await withSession(session, () => csv().select('id').write.mode('overwrite').format(format).save(`as-${format}`))
  const rows = await rowsOf(read.format(format).load(`as-${format}`).withColumn('file', inputFileName()))
  expect(rows).toHaveLength(3)
  for (const row of rows) expect(row.at(-1)).toMatch(new RegExp(`^file:///.*/as-${format}/.`))
})
