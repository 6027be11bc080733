import { expect, test } from 'vitest'
import { openDuckDb } from '../../../src/data/engine/index.ts'
import { type Frame, frameOf, frameSession, planHash, withSession } from '../../../src/data/frame/index.ts'
import { ownAnswer } from './spark/answer.ts'
import { areas, casesOfArea } from './spark/areas.ts'
import { difference } from './spark/compare.ts'

/** The steps and expressions of a plan, by their names. */
function kindsIn(plan: unknown, found: Set<string>): Set<string> {
  JSON.stringify(plan, function (this: object, key, value: unknown) {
    if ((key === 'op' || key === 'kind') && typeof value === 'string') found.add(`${key} ${value}`)
    if (key === 'fn' && typeof value === 'string') found.add(`fn ${value}`)
    return value
  })
  return found
}

test('a plan that went through JSON is the same plan, and computes the same, whatever its steps', async () => {
  const seen = new Set<string>()
  await using engine = await openDuckDb()
  await withSession(await frameSession({ engine }), async () => {
    for (const area of areas()) {
      for (const one of await casesOfArea(area)) {
        const copy = frameOf(JSON.parse(JSON.stringify(one.frame.plan)))
        // As text: JSON has one zero, and so have the rows of a plan.
        expect(JSON.stringify(copy.plan)).toBe(JSON.stringify(one.frame.plan))
        expect(planHash(copy.plan)).toBe(planHash(one.frame.plan))
        // One plan of each kind of step is also computed: values that JSON changed would show.
        const before = seen.size
        kindsIn(copy.plan, seen)
        if (seen.size === before || /"fn":"(rand|randn|uuid|shuffle|randstr|uniform)"/.test(JSON.stringify(copy.plan)))
          continue
        expect(difference(await ownAnswer(one), await ownAnswer({ ...one, frame: copy as Frame }), one)).toBeUndefined()
      }
    }
  })
  for (const op of [
    'rows',
    'range',
    'project',
    'filter',
    'withColumns',
    'drop',
    'rename',
    'aggregate',
    'join',
    'sort',
    'limit',
    'distinct',
    'set',
    'alias',
    'toDF',
    'unpivot',
    'na',
    'summary',
    'cache',
    'watermark',
    'index',
    'to',
    'transpose',
  ]) {
    expect(seen).toContain(`op ${op}`)
  }
})
