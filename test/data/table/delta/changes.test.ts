import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { literal, sql, trusted } from '../../../../src/base/sql/index.ts'
import { localStore } from '../../../../src/base/store/index.ts'
import { type Engine, type EngineConnection, openDuckDb } from '../../../../src/data/engine/index.ts'
import { commitName } from '../../../../src/data/table/delta/log/log-files.ts'
import { encodeZ85 } from '../../../../src/data/table/delta/vectors/z85.ts'
import { appendTo, DeltaTable, overwrite, type ParquetPort } from '../../../../src/data/table/index.ts'
import { written } from './written-roaring.ts'

let dir: string
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
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-changes-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const port = () => engine.files as ParquetPort<never>
const created = (partitionBy: readonly string[] = []) =>
  DeltaTable.create(localStore(dir), {
    parquet: port(),
    partitionBy,
    schema: {
      fields: [
        { name: 'id', type: { kind: 'long' }, nullable: true },
        { name: 'day', type: { kind: 'date' }, nullable: true },
      ],
    },
  })
const opened = () => DeltaTable.open(localStore(dir), '', { parquet: port() })
const rows = (from: number, to: number, day = '2024-01-01') =>
  sql`select range as id, cast(${literal(day)} as date) as day from range(${literal(from)}, ${literal(to)})`

/** Commits lines by hand, as another writer would. */
async function commit(version: number, actions: readonly object[]): Promise<void> {
  await writeFile(join(dir, '_delta_log', commitName(version)), actions.map((line) => JSON.stringify(line)).join('\n'))
}
const DELETES = {
  protocol: {
    minReaderVersion: 3,
    minWriterVersion: 7,
    readerFeatures: ['deletionVectors'],
    writerFeatures: ['deletionVectors'],
  },
}
/** A vector in the log itself. */
function inline(deleted: readonly number[]): object {
  const bytes = written(deleted, () => 'array')
  const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4)
  padded.set(bytes)
  return {
    storageType: 'i',
    pathOrInlineDv: encodeZ85(padded),
    sizeInBytes: bytes.length,
    cardinality: deleted.length,
  }
}
async function changed(from: number, to?: number): Promise<string[]> {
  const table = await opened()
  const changes = await table.changes({ from, ...(to === undefined ? {} : { to }) })
  const found = await connection.rows<{ text: string }>(
    sql`select _commit_version || ' ' || _change_type || ' ' || id || ' ' || coalesce(day::varchar, '-') as text from ${changes.sql} as c order by _commit_version, _change_type, id`,
  )
  return found.map(({ text }) => text)
}

test('rows of files that came are inserted, those of files that went are deleted', async () => {
  const table = await created(['day'])
  await appendTo(table, rows(0, 2), { connection })
  await overwrite(table, rows(5, 6), { connection, where: { day: '2024-01-01' } })
  await appendTo(table, rows(7, 8, '2024-01-02'), { connection })
  expect(await changed(0)).toEqual([
    '1 insert 0 2024-01-01',
    '1 insert 1 2024-01-01',
    '2 delete 0 2024-01-01',
    '2 delete 1 2024-01-01',
    '2 insert 5 2024-01-01',
    '3 insert 7 2024-01-02',
  ])
  expect(await changed(2, 2)).toHaveLength(3)
  expect(await changed(0, 0)).toEqual([])
})

test('a removed file without its partition values has those it was added with', async () => {
  const table = await created(['day'])
  await appendTo(table, rows(0, 1), { connection })
  const [file] = table.snapshot.files
  await commit(2, [{ remove: { path: file?.path, dataChange: true, deletionTimestamp: 1 } }])
  expect(await changed(2)).toEqual(['2 delete 0 2024-01-01'])
})

test('only the rows by which a deletion vector changed are told, in both directions', async () => {
  const table = await created()
  await appendTo(table, rows(0, 10), { connection })
  const [file] = table.snapshot.files
  const add = (deletionVector?: object) => ({ add: { ...file, ...(deletionVector ? { deletionVector } : {}) } })
  const remove = (deletionVector?: object) => ({
    remove: { path: file?.path, dataChange: true, ...(deletionVector ? { deletionVector } : {}) },
  })
  const [first, second] = [inline([1, 3]), inline([3, 4])]
  await commit(2, [DELETES, remove(), add(first)])
  // The order of the lines of a commit means nothing.
  await commit(3, [add(second), remove(first)])
  await commit(4, [remove(second), add()])
  expect(await changed(2)).toEqual([
    '2 delete 1 2024-01-01',
    '2 delete 3 2024-01-01',
    '3 delete 4 2024-01-01',
    '3 insert 1 2024-01-01',
    '4 insert 3 2024-01-01',
    '4 insert 4 2024-01-01',
  ])
  const ids = async (version: number) => {
    const at = await DeltaTable.open(localStore(dir), '', { parquet: port(), version })
    return (await connection.rows<{ id: bigint }>(sql`select id from ${await at.relation()} order by 1`)).map(
      ({ id }) => Number(id),
    )
  }
  expect(await ids(2)).toEqual([0, 2, 4, 5, 6, 7, 8, 9])
  expect(await ids(3)).toEqual([0, 1, 2, 5, 6, 7, 8, 9])
  expect(await ids(4)).toHaveLength(10)
})

test('files of changes are read instead, and commits that change no data tell nothing', async () => {
  const table = await created(['day'])
  await appendTo(table, rows(0, 3), { connection })
  const [file] = table.snapshot.files
  const path = '_change_data/cdc-1.parquet'
  await engine.files?.write(
    sql`select * from (values (1::bigint, 'update_preimage'), (10::bigint, 'update_postimage')) as t(id, _change_type)`,
    {
      dir: join(dir, '_change_data'),
      prefix: 'cdc-1',
      partitionBy: [],
      schema: {
        fields: [
          { name: 'id', type: { kind: 'long' }, nullable: true },
          { name: '_change_type', type: { kind: 'string' }, nullable: true },
        ],
      },
      on: connection,
    },
  )
  await commit(2, [
    { remove: { ...file, dataChange: true } },
    { add: { ...file, path: 'other.parquet', dataChange: true } },
    { cdc: { path, partitionValues: { day: '2024-01-05' }, size: 1, dataChange: false } },
  ])
  await commit(3, [{ add: { ...file, dataChange: false } }])
  expect(await changed(1)).toEqual([
    '1 insert 0 2024-01-01',
    '1 insert 1 2024-01-01',
    '1 insert 2 2024-01-01',
    '2 update_postimage 10 2024-01-05',
    '2 update_preimage 1 2024-01-05',
  ])
})

test('a vector in a file is found by its name, by a folder before it and by its address', async () => {
  const table = await created()
  await appendTo(table, rows(0, 10), { connection })
  const [file] = table.snapshot.files
  const bytes = written([0, 9], () => 'run')
  const head = Buffer.alloc(5)
  head.writeUInt8(1, 0)
  head.writeUInt32BE(bytes.length, 1)
  const tail = Buffer.alloc(4)
  tail.writeUInt32BE(crc32(bytes))
  const content = Buffer.concat([head, bytes, tail])
  const uuid = Uint8Array.from({ length: 16 }, (_, at) => at * 11)
  const name = `deletion_vector_${Buffer.from(uuid)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}.bin`
  await localStore(dir).put(name, content)
  await localStore(dir).put(`ab/${name}`, content)
  const vector = {
    storageType: 'u',
    pathOrInlineDv: encodeZ85(uuid),
    offset: 1,
    sizeInBytes: bytes.length,
    cardinality: 2,
  }
  const kinds = [
    vector,
    { ...vector, pathOrInlineDv: `ab${vector.pathOrInlineDv}` },
    { ...vector, storageType: 'p', pathOrInlineDv: `file://${join(dir, 'ab', name)}` },
  ]
  for (const deletionVector of kinds) {
    await commit(2, [DELETES, { add: { ...file, deletionVector } }, { remove: { path: file?.path, dataChange: true } }])
    const [row] = await connection.rows(
      sql`select count(*)::integer as n, min(id)::integer as least from ${await (await opened()).relation()}`,
    )
    expect(row).toEqual({ n: 8, least: 1 })
  }
  const refused = async (deletionVector: object, message: RegExp) => {
    await commit(2, [DELETES, { add: { ...file, deletionVector } }, { remove: { path: file?.path, dataChange: true } }])
    await expect((await opened()).relation()).rejects.toThrow(
      expect.objectContaining({ code: 'DELTA_LOG_CORRUPT', message: expect.stringMatching(message) }),
    )
  }
  await refused({ ...vector, cardinality: 3 }, /holds 2 rows where the log says 3/)
  await refused({ ...vector, sizeInBytes: 3 }, /bytes where the log says 3/)
  await localStore(dir).put(name, Buffer.concat([head, bytes, Buffer.alloc(4)]))
  await refused(vector, /checksum/)
  await localStore(dir).put(name, content.subarray(0, 20))
  await refused(vector, /deletion_vector_/)
  await localStore(dir).delete(name)
  await refused(vector, /missing/)
})

test('versions whose rows do not fit together are refused', async () => {
  const table = await created()
  await appendTo(table, rows(0, 1), { connection })
  await overwrite(table, sql`select 'x' as id, cast('2024-01-01' as date) as day`, {
    connection,
    schemaMode: 'overwrite',
  })
  await expect(table.changes({ from: 1 })).rejects.toThrow(
    expect.objectContaining({
      code: 'DELTA_SCHEMA_MISMATCH',
      message: expect.stringContaining('column "id" was bigint'),
    }),
  )
  await expect(table.changes({ from: 3 })).rejects.toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
  await expect(table.changes({ from: 0, to: 9 })).rejects.toThrow(
    expect.objectContaining({ code: 'DELTA_VERSION_NOT_FOUND' }),
  )
  await rm(join(dir, '_delta_log', commitName(0)))
})

test('the rows of many files with vectors are told apart in one scan', async () => {
  const table = await created(['day'])
  for (let day = 1; day <= 3; day += 1) {
    for (let part = 0; part < 20; part += 1) {
      await appendTo(table, rows(part * 10, part * 10 + 10, `2024-01-0${day}`), { connection })
    }
  }
  const actions = table.snapshot.files.flatMap((file, at) => [
    { remove: { path: file.path, dataChange: true } },
    { add: { ...file, deletionVector: inline([at % 10, (at + 3) % 10].sort()) } },
  ])
  await commit(table.snapshot.version + 1, [DELETES, ...actions])
  const at = await opened()
  const expected = table.snapshot.files.flatMap((_, n) => {
    const [day, part] = [Math.floor(n / 20) + 1, n % 20]
    return Array.from({ length: 10 }, (__, id) => id)
      .filter((id) => id !== n % 10 && id !== (n + 3) % 10)
      .map((id) => `2024-01-0${day} ${part * 10 + id}`)
  })
  const found = await connection.rows<{ text: string }>(
    sql`select ${trusted("day || ' ' || id")} as text from ${await at.relation()} as t`,
  )
  expect(found.map(({ text }) => text).sort()).toEqual(expected.sort())
  const [one] = await connection.rows(
    sql`select count(*)::integer as n from ${await at.relation()} as t where day = '2024-01-02'`,
  )
  expect(one).toEqual({ n: 160 })
})
