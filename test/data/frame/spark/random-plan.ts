import { isOrdered, RandomExpressions } from './random-plan-expressions.ts'
import { STEPS } from './random-plan-steps.ts'
import { type RandomFrame, randomTable } from './random-plan-tables.ts'
import { RandomSource } from './random-source.ts'
import type { SparkCase } from './spark-case.ts'

/**
 * Plans over small tables of random types, the same for the same seed: up to six steps, sometimes wrong ones, whose
 * answer the rows determine. Rows are compared as a multiset unless the last step orders them.
 */
export function randomPlans(seed: number, count: number): SparkCase[] {
  return Array.from({ length: count }, (_, i) => randomPlan(seed, i))
}

function randomPlan(seed: number, i: number): SparkCase {
  const source = new RandomSource(Math.imul(seed, 0x9e3779b1) + i)
  let names = 0
  const fresh = () => {
    names += 1
    return `c${names}`
  }
  let given = randomTable(source, 'a')
  for (let left = source.whole(1, 6); left > 0 && given.columns.length > 0; left -= 1) {
    given = source.weighted(STEPS)(given, source, fresh)
  }
  return { name: `plan ${i}`, ...ending(given, source), approximate: true }
}

function ending(given: RandomFrame, source: RandomSource): Pick<SparkCase, 'frame' | 'ordered'> {
  const { frame, columns } = given
  if (columns.length === 0 || columns.some(({ kind }) => !isOrdered(kind)) || source.chance(0.6)) return { frame }
  const known = frame.select(...columns.map(({ name }) => `\`${name}\``))
  return { frame: known.orderBy(...new RandomExpressions(source, columns).totalOrder()), ordered: true }
}
