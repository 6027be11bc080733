import { expect, test } from 'vitest'
import { checked, FRAME } from './benchmark/checked.ts'
import { KINDS, typedPlan } from './benchmark/typed-plan.ts'

// Counts of type instantiations, not seconds: they are the same on every machine.

test('checking a typed plan costs as much for each of its operators, up to 60', { timeout: 300_000 }, async () => {
  const [none, half, whole] = await Promise.all(
    [0, 30, 60].map((operators) => checked({ plan: typedPlan(operators, FRAME) })),
  )
  expect([none?.errors, half?.errors, whole?.errors]).toEqual([[], [], []])
  const of = (one: typeof none) => (one?.instantiations ?? Number.NaN) - (none?.instantiations ?? Number.NaN)
  expect(of(half)).toBeGreaterThan(1000)
  expect(of(whole)).toBeLessThan(150_000)
  expect(of(whole) / of(half)).toBeLessThan(3)
})

test('60 operators of any one kind can be written one after the other', { timeout: 300_000 }, async () => {
  const programs = Object.entries(KINDS).map(([kind, steps]) => [kind, typedPlan(60, FRAME, steps)])
  const found = await checked(Object.fromEntries(programs))
  expect(found.errors).toEqual([])
  expect(found.instantiations).toBeLessThan(2_000_000)
})
