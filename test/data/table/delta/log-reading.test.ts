import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { localStore } from '../../../../src/base/store/index.ts'
import { openDuckDb } from '../../../../src/data/engine/index.ts'
import { DeltaTable } from '../../../../src/data/table/delta/index.ts'
import { commitName } from '../../../../src/data/table/delta/log/log-files.ts'
import type { ParquetPort } from '../../../../src/data/table/index.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-delta-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const SCHEMA = JSON.stringify({
  type: 'struct',
  fields: [{ name: 'id', type: 'long', nullable: true, metadata: {} }],
})
const PROTOCOL = { protocol: { minReaderVersion: 1, minWriterVersion: 2 } }
const V2_PROTOCOL = {
  minReaderVersion: 3,
  minWriterVersion: 7,
  readerFeatures: ['v2Checkpoint'],
  writerFeatures: ['v2Checkpoint'],
}
const METADATA = {
  metaData: {
    id: 't',
    format: { provider: 'parquet', options: {} },
    schemaString: SCHEMA,
    partitionColumns: [],
    configuration: {},
  },
}
const add = (path: string) => ({ add: { path, partitionValues: {}, size: 1, modificationTime: 0, dataChange: true } })

/** Writes commit files as given: objects become lines, text stays as it is. */
async function write(commits: Record<number, readonly object[] | string>): Promise<void> {
  const log = join(dir, '_delta_log')
  await mkdir(log, { recursive: true })
  for (const [version, lines] of Object.entries(commits)) {
    const text = typeof lines === 'string' ? lines : lines.map((line) => JSON.stringify(line)).join('\n')
    await writeFile(join(log, commitName(Number(version))), text)
  }
}
const open = (version?: number) => DeltaTable.open(localStore(dir), '', version === undefined ? {} : { version })
const refused = (code: string, message: RegExp | string) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) })

test('a folder without a log is no table', async () => {
  await expect(open()).rejects.toThrow(refused('TABLE_NOT_FOUND', 'there is no Delta table'))
})

test('a version can be read again after others were added', async () => {
  await write({ 0: [PROTOCOL, METADATA], 1: [add('a')], 2: [add('b'), { remove: { path: 'a', dataChange: true } }] })
  expect((await open()).snapshot.files.map(({ path }) => path)).toEqual(['b'])
  expect((await open(1)).snapshot.files.map(({ path }) => path)).toEqual(['a'])
  await expect(open(3)).rejects.toThrow(refused('DELTA_VERSION_NOT_FOUND', 'version 3'))
})

test('an opened table reads only the commits since when it is refreshed', async () => {
  await write({ 0: [PROTOCOL, METADATA] })
  const table = await open()
  const before = table.snapshot
  expect(await table.refresh()).toBe(before)
  await rm(join(dir, '_delta_log', commitName(0)))
  await write({ 1: [add('a')] })
  expect((await table.refresh()).files).toHaveLength(1)
  expect(before.files).toHaveLength(0)
})

test('a gap in the log is refused, on opening and on refreshing', async () => {
  await write({ 0: [PROTOCOL, METADATA] })
  const table = await open()
  await write({ 2: [add('a')] })
  await expect(open()).rejects.toThrow(refused('DELTA_LOG_CORRUPT', 'version 1 is missing'))
  await expect(table.refresh()).rejects.toThrow(refused('DELTA_LOG_CORRUPT', 'version 1 is missing'))
})

test('a broken line is refused with its file and line', async () => {
  await write({ 0: [PROTOCOL, METADATA], 1: `${JSON.stringify(add('a'))}\n{"add":` })
  await expect(open()).rejects.toThrow(
    expect.objectContaining({ code: 'DELTA_LOG_CORRUPT', at: expect.objectContaining({ line: 2 }) }),
  )
})

test('an add without a path, a log without protocol and one without schema are refused', async () => {
  await write({ 0: [PROTOCOL, METADATA, { add: { size: 1 } }] })
  await expect(open()).rejects.toThrow(refused('DELTA_LOG_CORRUPT', '"path"'))
  await write({ 0: [METADATA] })
  await expect(open()).rejects.toThrow(refused('DELTA_LOG_CORRUPT', 'protocol'))
  await write({ 0: [PROTOCOL] })
  await expect(open()).rejects.toThrow(refused('DELTA_LOG_CORRUPT', 'schema'))
})

test('actions and members of a later protocol that change nothing are passed over', async () => {
  await write({
    0: [PROTOCOL, METADATA, { cdc: { path: 'x' } }, { futureAction: { a: 1 } }, { commitInfo: { other: [1] } }],
  })
  expect((await open()).snapshot.files).toEqual([])
})

test('a table that needs an unknown reader feature is refused by the name of the feature', async () => {
  const protocol = {
    protocol: {
      minReaderVersion: 3,
      minWriterVersion: 7,
      readerFeatures: ['futureFeature'],
      writerFeatures: ['futureFeature'],
    },
  }
  await write({ 0: [protocol, METADATA] })
  await expect(open()).rejects.toThrow(refused('DELTA_FEATURE_UNSUPPORTED', 'futureFeature'))
  await write({ 0: [{ protocol: { minReaderVersion: 4, minWriterVersion: 7 } }, METADATA] })
  await expect(open()).rejects.toThrow(refused('DELTA_FEATURE_UNSUPPORTED', 'reader version 4'))
})

test('a table whose rules we cannot keep is read, and refused for writing', async () => {
  const protocol = { protocol: { minReaderVersion: 1, minWriterVersion: 7, writerFeatures: ['icebergCompatV1'] } }
  await write({ 0: [protocol, METADATA] })
  const table = await open()
  const append = {
    kind: 'append',
    files: [],
    schema: table.snapshot.schema,
    schemaMode: 'fail',
    txn: { appId: 'a', version: 1 },
  } as const
  await expect(table.commit(append)).rejects.toThrow(refused('DELTA_FEATURE_UNSUPPORTED', 'icebergCompatV1'))
})

test('of many that create a table at one place one succeeds, and openOrCreate gives all the same table', async () => {
  const store = localStore(dir)
  const schema = { fields: [{ name: 'id', type: { kind: 'long' } as const, nullable: true }] }
  const created = await Promise.allSettled(
    Array.from({ length: 8 }, () => DeltaTable.create(store, { path: 'a', schema })),
  )
  expect(created.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const outcome of created) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'TABLE_EXISTS' })
  }
  const opened = await Promise.all(
    Array.from({ length: 8 }, () => DeltaTable.openOrCreate(store, { path: 'b', schema })),
  )
  expect(new Set(opened.map(({ snapshot }) => snapshot.metadata.id)).size).toBe(1)
})

test('a sidecar that is gone is named, and the table is not half read', async () => {
  await write({ 2: [] })
  const log = join(dir, '_delta_log')
  await rm(join(log, commitName(2)))
  const checkpoint = [
    { checkpointMetadata: { version: 2 } },
    { protocol: V2_PROTOCOL },
    METADATA,
    { sidecar: { path: 'gone.parquet', sizeInBytes: 1, modificationTime: 0 } },
  ]
  await writeFile(
    join(log, '00000000000000000002.checkpoint.6374b053-df23-479b-b2cf-c9c550132b49.json'),
    checkpoint.map((line) => JSON.stringify(line)).join('\n'),
  )
  const engine = await openDuckDb({ threads: 1 })
  try {
    const parquet = engine.files as ParquetPort<never>
    await expect(DeltaTable.open(localStore(dir), '', { parquet })).rejects.toThrow(
      refused('DELTA_LOG_CORRUPT', '_delta_log/_sidecars/gone.parquet cannot be read'),
    )
  } finally {
    await engine[Symbol.asyncDispose]()
  }
})

test('commits that were compacted into one file are read from it, as far as the version wanted', async () => {
  await write({
    0: [PROTOCOL, METADATA],
    1: [add('a')],
    2: [add('b')],
    3: [add('c'), { remove: { path: 'a', dataChange: true } }],
    4: [add('d')],
  })
  const paths = async (version?: number) => (await open(version)).snapshot.files.map(({ path }) => path)
  const name = `${String(1).padStart(20, '0')}.${String(3).padStart(20, '0')}.compacted.json`
  const lines = [add('b'), add('c'), { remove: { path: 'a', dataChange: true } }].map((line) => JSON.stringify(line))
  await writeFile(join(dir, '_delta_log', name), lines.join('\n'))
  expect(await paths()).toEqual(['b', 'c', 'd'])
  expect(await paths(2)).toEqual(['a', 'b'])
  await rm(join(dir, '_delta_log', commitName(2)))
  expect(await paths()).toEqual(['b', 'c', 'd'])
  expect(await paths(3)).toEqual(['b', 'c'])
  await expect(open(2)).rejects.toThrow(refused('DELTA_LOG_CORRUPT', 'version 2 is missing'))
})

test('a compaction that holds a file several times is read newest first', async () => {
  const vector = { storageType: 'i', pathOrInlineDv: 'x', sizeInBytes: 1, cardinality: 1 }
  const marked = { add: { ...add('a').add, deletionVector: vector } }
  const remove = { remove: { path: 'a', dataChange: true } }
  const end = { remove: { path: 'a', dataChange: true, deletionVector: vector } }
  await write({ 0: [PROTOCOL, METADATA], 1: [add('a')], 2: [remove, marked], 3: [end, add('b')] })
  const uncompacted = (await open()).snapshot.files
  const lines = [end, add('b'), remove, marked, add('a')].map((line) => JSON.stringify(line)).join('\n')
  await writeFile(join(dir, '_delta_log', `${'1'.padStart(20, '0')}.${'3'.padStart(20, '0')}.compacted.json`), lines)
  expect((await open()).snapshot.files).toEqual(uncompacted)
})

test('a schema that is missing is no matter when a later one follows', async () => {
  const { schemaString: _, ...without } = METADATA.metaData
  await write({ 0: [PROTOCOL, { metaData: without }] })
  await expect(open()).rejects.toThrow(refused('DELTA_LOG_CORRUPT', 'schemaString'))
  await write({ 1: [METADATA] })
  expect((await open()).snapshot.schema.fields.map(({ name }) => name)).toEqual(['id'])
})

test('a commit that was laid out over several lines is read, and refused when it is not whole', async () => {
  const text = [PROTOCOL, METADATA, add('a')].map((line) => JSON.stringify(line, null, 2)).join('\n')
  await write({ 0: text })
  expect((await open()).snapshot.files.map(({ path }) => path)).toEqual(['a'])
  await write({ 0: text.slice(0, -1) })
  await expect(open()).rejects.toThrow(refused('DELTA_LOG_CORRUPT', 'not JSON'))
})
