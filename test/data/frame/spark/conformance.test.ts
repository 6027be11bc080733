import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDuckDb } from '../../../../src/data/engine/index.ts'
import { type FrameSession, frameSession, planHash, withSession } from '../../../../src/data/frame/index.ts'
import { ownAnswer } from './answer.ts'
import { areas, casesOfArea, recorded, stillOpen } from './areas.ts'
import { difference } from './compare.ts'

/** Cases of one test: so many tests that a failure is found, so few that they cost nothing. */
const TOGETHER = 20

describe.each(areas())('what PySpark answered: %s', async (area) => {
  const cases = await casesOfArea(area)
  const golden = recorded(area)
  const open = stillOpen(area)
  let engine: Awaited<ReturnType<typeof openDuckDb>>
  let session: FrameSession

  beforeAll(async () => {
    engine = await openDuckDb()
    session = await frameSession({ engine })
  })
  afterAll(() => engine[Symbol.asyncDispose]())

  test('every case is recorded, and nothing else', () => {
    const stale = cases.filter(({ name, frame }) => golden[name]?.hash !== planHash(frame.plan)).map(({ name }) => name)
    expect(stale, `record again: node --conditions=millrace-source scripts/spark/record.ts ${area}`).toEqual([])
    expect(Object.keys(golden).length).toBe(cases.length)
  })

  const parts = Array.from({ length: Math.ceil(cases.length / TOGETHER) }, (_, i) => i)
  test.each(parts)('is what frames answer, part %i', async (part) => {
    const wrong: string[] = []
    await withSession(session, async () => {
      for (const one of cases.slice(part * TOGETHER, (part + 1) * TOGETHER)) {
        const answer = golden[one.name]?.answer
        if (answer === undefined) continue
        const found = difference(answer, await ownAnswer(one), one)
        if (found !== undefined && open[one.name] === undefined) wrong.push(`${one.name}: ${found}`)
        if (found === undefined && open[one.name] !== undefined)
          wrong.push(`${one.name}: agrees, and is listed as open`)
      }
    })
    expect(wrong).toEqual([])
  })
})
