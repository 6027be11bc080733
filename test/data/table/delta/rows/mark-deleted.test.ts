import { expect, test } from 'vitest'
import { wideStats } from '../../../../../src/data/table/delta/rows/mark-deleted.ts'

test('statistics of a file that loses rows say that their bounds are wide, digit for digit', () => {
  const long = '"numRecords":3,"minValues":{"l":9007199254740993}'
  expect(wideStats(`{${long}}`, 9)).toBe(`{${long},"tightBounds":false}`)
  expect(wideStats(`{${long},"tightBounds":true}`, 9)).toBe(`{${long},"tightBounds":false}`)
  expect(wideStats(`{${long},"tightBounds":false}`, 9)).toBe(`{${long},"tightBounds":false}`)
})

test('a column may be called as the mark is', () => {
  const named = '{"numRecords":3,"minValues":{"tightBounds":true}}'
  expect(JSON.parse(wideStats(named, 9))).toEqual({ ...(JSON.parse(named) as object), tightBounds: false })
})

test('without a number of rows, or where the mark cannot be found, only what is certain is kept', () => {
  const least = '{"numRecords":9,"tightBounds":false}'
  for (const stats of [undefined, '', 'junk', 'null', '{}', '{"tightBounds":true,"numRecords":3}']) {
    expect(wideStats(stats, 9)).toBe(least)
  }
})
