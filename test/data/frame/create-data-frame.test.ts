import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Engine, openDuckDb } from '../../../src/data/engine/index.ts'
import { createDataFrame, type FrameSession, frameSession, withSession } from '../../../src/data/frame/index.ts'

let engine: Engine
let session: FrameSession
beforeAll(async () => {
  engine = await openDuckDb({ threads: 1 })
  session = await frameSession({ engine })
})
afterAll(() => engine[Symbol.asyncDispose]())

const WRONG: readonly (readonly [unknown, string, string])[] = [
  ['x', 'a int', 'row 2, column "a": the text "x" is no int'],
  [1.5, 'a int', 'the number 1.5 is no int'],
  [300, 'a tinyint', 'the number 300 is no tinyint'],
  [2n ** 63n, 'a bigint', 'is no bigint'],
  [true, 'a int', 'the boolean true is no int'],
  [1, 'a boolean', 'the number 1 is no boolean'],
  [{}, 'a double', 'an object is no double'],
  [[1, 'x'], 'a array<int>', 'column "a"[1]: the text "x" is no int'],
  [{ x: { y: 'q' } }, 'a struct<x:struct<y:int>>', 'column "a".x.y: the text "q" is no int'],
  [{ k: 'v' }, 'a map<string,int>', 'column "a"[k]: the text "v" is no int'],
  [new Date('never'), 'a date', 'the Date that is invalid is no date'],
  [() => 1, 'a string', 'a function is no string'],
]

test.each(WRONG)('%s as %s is refused with its row and column', (value, schema, message) => {
  expect(() => createDataFrame([[null], [value]], schema)).toThrowError(
    expect.objectContaining({ code: 'COLUMN_TYPE', message: expect.stringContaining(message) }),
  )
})

test('values of two kinds are refused with the row that has the second', () => {
  expect(() => createDataFrame([{ a: 1 }, { a: 'x' }] as never)).toThrowError(
    expect.objectContaining({ code: 'COLUMN_TYPE', message: expect.stringContaining('row 2, column "a"') }),
  )
  expect(() => createDataFrame([[1], [1, 2]], ['a'])).toThrowError(
    expect.objectContaining({ code: 'COLUMN_UNKNOWN', message: expect.stringContaining('row 2') }),
  )
})

test('names, tuples and maps come back', async () => {
  const rows = (frame: ReturnType<typeof createDataFrame>) => withSession(session, () => frame.collect())
  expect(
    await rows(
      createDataFrame(
        [
          [1, 'x'],
          [2n, null],
        ],
        ['a', 'b'],
      ),
    ),
  ).toEqual([
    { a: 1n, b: 'x' },
    { a: 2n, b: null },
  ])
  expect(await rows(createDataFrame([[[1, 'q']]], 'a struct<x:int,y:string>'))).toEqual([{ a: { x: 1, y: 'q' } }])
  const maps = createDataFrame([{ m: new Map([['k', 1]]) }, { m: new Map([['l', 2.5]]) }] as never)
  expect(await rows(maps)).toEqual([{ m: new Map([['k', 1]]) }, { m: new Map([['l', 2.5]]) }])
})
