import { parseArgs } from 'node:util'
import { openDuckDb } from '../../src/data/engine/index.ts'
import { frameSession, planHash, withSession } from '../../src/data/frame/index.ts'
import { ownAnswer } from '../../test/data/frame/spark/answer.ts'
import { difference } from '../../test/data/frame/spark/compare.ts'
import { randomPlans } from '../../test/data/frame/spark/random-plan.ts'
import type { Answer, SparkCase } from '../../test/data/frame/spark/spark-case.ts'
import type { ConformanceSubject } from '../conformance.ts'
import { askSpark } from '../spark/ask.ts'

/** Random plans in frames and in PySpark: the same schema, the same rows, or both refuse. */
export default {
  summary:
    'random plans against PySpark in ANSI mode: --seed N (random), --plans N (200), --only I (one plan, printed)',
  async run(words) {
    const { values } = parseArgs({
      args: [...words],
      options: { seed: { type: 'string' }, plans: { type: 'string', default: '200' }, only: { type: 'string' } },
    })
    const seed = Number(values.seed ?? Math.floor(Math.random() * 1e6))
    const all = randomPlans(seed, values.only === undefined ? Number(values.plans) : Number(values.only) + 1)
    const cases = values.only === undefined ? all : all.slice(-1)
    console.log(`seed ${seed}: ${cases.length} plans`)
    const answers = new Map<string, Answer>()
    for await (const [hash, answer] of askSpark(cases)) answers.set(hash, answer)
    const differing = await compared(cases, answers)
    for (const [one, found] of differing) {
      console.log(`\n${one.name}: ${found}`)
      if (values.only !== undefined) console.log(JSON.stringify(one.frame.plan, null, 1))
    }
    const refused = [...answers.values()].filter((answer) => 'error' in answer).length
    const agreeing = cases.length - differing.length
    console.log(`\n${agreeing} of ${cases.length} agree (Spark refuses ${refused}); again: --seed ${seed}`)
    return differing.length
  },
} satisfies ConformanceSubject

async function compared(cases: readonly SparkCase[], answers: ReadonlyMap<string, Answer>) {
  const differing: [SparkCase, string][] = []
  await using engine = await openDuckDb()
  await withSession(await frameSession({ engine }), async () => {
    for (const one of cases) {
      const answer = answers.get(planHash(one.frame.plan))
      if (answer === undefined) throw new Error(`no answer for ${one.name}`)
      const found = difference(answer, await ownAnswer(one), one)
      if (found !== undefined) differing.push([one, found])
    }
  })
  return differing
}
