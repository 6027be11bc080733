import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Engine, openDuckDb } from '../../../src/data/engine/index.ts'
import { createDataFrame, type FrameSession, read, withSession, writeFrame } from '../../../src/data/frame/index.ts'
import { openFolderSession } from './folder-session.ts'

let engine: Engine
let session: FrameSession
beforeAll(async () => {
  engine = await openDuckDb({ threads: 1 })
})
afterAll(() => engine[Symbol.asyncDispose]())
beforeEach(async () => {
  const opened = await openFolderSession(engine)
  session = opened.session
  return () => opened[Symbol.asyncDispose]()
})

const rows = (...ids: number[]) =>
  createDataFrame(
    ids.map((id) => ({ id, day: `d${id % 2}` })),
    'id int, day string',
  )
const write = (
  frame: ReturnType<typeof rows>,
  options: Record<string, string | number | boolean>,
  mode: 'append' | 'overwrite' = 'overwrite',
) => writeFrame(session, frame, { format: 'delta', path: 'table', mode, options })
const ids = () =>
  withSession(session, async () => (await read.delta('table').orderBy('id').collect()).map(({ id }) => id))

test('replaceWhere replaces the rows that meet a condition, and refuses rows that do not', async () => {
  await write(rows(1, 2, 3, 4), {})
  await write(rows(7, 8), { replaceWhere: 'id >= 3' })
  expect(await ids()).toEqual([1, 2, 7, 8])
  await expect(write(rows(1), { replaceWhere: "day = 'd0'" })).rejects.toMatchObject({
    code: 'DELTA_PARTITION_OUTSIDE',
  })
  await expect(write(rows(1), { replaceWhere: 'nothing = 1' })).rejects.toMatchObject({ code: 'COLUMN_UNKNOWN' })
  expect(await ids()).toEqual([1, 2, 7, 8])
})

test('a version of an application is written once, in each mode, and later ones are', async () => {
  const txn = (version: number) => ({ txnAppId: 'loader', txnVersion: version })
  await write(rows(1), txn(1), 'append')
  expect(await write(rows(1), txn(1), 'append')).toMatchObject({ rows: 0 })
  expect(await write(rows(9), txn(0), 'append')).toMatchObject({ rows: 0 })
  await write(rows(2), txn(2), 'append')
  await write(rows(5), txn(2))
  await write(rows(5), { ...txn(2), replaceWhere: 'id = 1' })
  expect(await ids()).toEqual([1, 2])
  await write(rows(3), { ...txn(3), replaceWhere: 'id >= 2' })
  expect(await ids()).toEqual([1, 3])
  await write(rows(5), txn(4))
  expect(await ids()).toEqual([5])
  await write(rows(6), { txnAppId: 'another', txnVersion: 1 }, 'append')
  expect(await ids()).toEqual([5, 6])
})

test('one of txnAppId and txnVersion, and unknown options, are refused', async () => {
  for (const options of [{ txnAppId: 'loader' }, { txnVersion: 1 }, { txnAppId: 'loader', txnVersion: 'x' }]) {
    await expect(write(rows(1), options, 'append')).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  }
  await expect(write(rows(1), { replaceWhen: 'id = 1' }, 'append')).rejects.toMatchObject({ code: 'OPTION_UNKNOWN' })
})
