import { expect, test } from 'vitest'
import { idTime, newId } from '../../../src/base/kernel/index.ts'

test('ids are version 7 UUIDs that ascend even within a millisecond', () => {
  const ids = Array.from({ length: 20_000 }, () => newId())
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
})

test('an id tells when it was made, and a clock that steps back does not break the order', () => {
  const future = Date.now() + 1_000_000
  const first = newId(future)
  const second = newId(future - 500_000)
  expect(idTime(first)).toBe(future)
  expect(second > first).toBe(true)
})
