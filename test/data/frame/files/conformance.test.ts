import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Engine, openDuckDb } from '../../../../src/data/engine/index.ts'
import { areas, casesOfArea, recorded, stillOpen } from './areas.ts'
import { caseHash, fileDifference, ownFileAnswer } from './file-case.ts'

describe.each(areas())('what PySpark reads and writes: %s', async (area) => {
  const cases = await casesOfArea(area)
  const golden = recorded(area)
  const open = stillOpen(area)
  let engine: Engine

  beforeAll(async () => {
    engine = await openDuckDb()
  })
  afterAll(() => engine[Symbol.asyncDispose]())

  test('every case is recorded, and nothing else', () => {
    const stale = cases.filter((one) => golden[one.name]?.hash !== caseHash(one)).map(({ name }) => name)
    expect(stale, `record again: node --conditions=millrace-source scripts/spark/record-files.ts ${area}`).toEqual([])
    expect(Object.keys(golden).length).toBe(cases.length)
  })

  test('is what frames read and write', async () => {
    const wrong: string[] = []
    for (const one of cases) {
      const answer = golden[one.name]?.answer
      if (answer === undefined) continue
      const found = fileDifference(answer, await ownFileAnswer(one, engine), one)
      if (found !== undefined && open[one.name] === undefined) wrong.push(`${one.name}: ${found}`)
      if (found === undefined && open[one.name] !== undefined) wrong.push(`${one.name}: agrees, and is listed as open`)
    }
    expect(wrong).toEqual([])
  })
})
