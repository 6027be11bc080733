import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Engine, type EngineConnection, openDuckDb } from '../../../../../src/data/engine/index.ts'
import { difference, type GxAnswer, ownAnswer } from './compare.ts'
import type { GxCase } from './random-case.ts'
import type { RandomTable } from './random-table.ts'

/** What Great Expectations 1.24 answered on pandas, or on SQLite; made by scripts/gx/record-random.ts. */
const { tables, cases } = JSON.parse(readFileSync(new URL('recorded.json', import.meta.url), 'utf8')) as {
  readonly tables: readonly RandomTable[]
  readonly cases: readonly (GxCase & { readonly answer: GxAnswer })[]
}
/** Cases, by their place in the record, that cannot be as there, with the reason. */
const DIFFERS: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL('differs.json', import.meta.url), 'utf8'),
)

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

describe('random expectations on random tables are answered as Great Expectations answers them', () => {
  const types = [...new Set(cases.map(({ type }) => type))].sort()
  test.each(types)('%s', async (type) => {
    const differing: Record<string, unknown> = {}
    const expected: Record<string, unknown> = {}
    for (const [place, one] of cases.entries()) {
      const table = tables[one.table]
      if (one.type !== type || !table) continue
      const found = difference(one.answer, await ownAnswer(connection, table, one), one)
      const reason = DIFFERS[place]
      if (found !== undefined) differing[place] = reason ?? `${JSON.stringify(one.kwargs)}: ${found}`
      if (reason !== undefined) expected[place] = reason
    }
    expect(differing).toEqual(expected)
  })

  test('the record is of every core expectation that one table suffices for, and 99 of 100 answers are equal', () => {
    expect(types).toHaveLength(57)
    expect(Object.keys(DIFFERS).length).toBeLessThanOrEqual(cases.length / 100)
  })
})
