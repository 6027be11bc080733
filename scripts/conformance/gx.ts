import { parseArgs } from 'node:util'
import { openDuckDb } from '../../src/data/engine/index.ts'
import { difference, ownAnswer } from '../../test/work/quality/gx/random/compare.ts'
import { randomCases } from '../../test/work/quality/gx/random/random-case.ts'
import type { ConformanceSubject } from '../conformance.ts'
import { askGreatExpectations } from '../gx/ask.ts'

/** Random expectations of every kind on random tables: the same result to the field, or both refuse. */
export default {
  summary:
    'random expectations against Great Expectations on pandas: --seed N (random), --cases N (600), --only I (printed)',
  async run(words) {
    const { values } = parseArgs({
      args: [...words],
      options: { seed: { type: 'string' }, cases: { type: 'string', default: '600' }, only: { type: 'string' } },
    })
    const seed = Number(values.seed ?? Math.floor(Math.random() * 1e6))
    const all = randomCases(seed, values.only === undefined ? Number(values.cases) : Number(values.only) + 1)
    const asked = values.only === undefined ? all : { tables: all.tables, cases: all.cases.slice(-1) }
    const answers = askGreatExpectations(asked)
    let differing = 0
    await using engine = await openDuckDb()
    await using connection = await engine.connect()
    for (const [index, one] of asked.cases.entries()) {
      const [table, answer] = [asked.tables[one.table], answers[index]]
      if (!table || !answer) throw new Error(`no answer for case ${index}`)
      const ours = await ownAnswer(connection, table, one)
      const found = difference(answer, ours, one)
      if (values.only !== undefined) console.log(JSON.stringify({ table, one, answer, ours }, null, 1))
      if (found === undefined) continue
      differing += 1
      console.log(`\n${index} ${one.type} ${JSON.stringify(one.kwargs)} ${one.format.result_format}\n  ${found}`)
    }
    const refused = answers.filter((answer) => 'error' in answer).length
    const total = asked.cases.length
    console.log(`\n${total - differing} of ${total} agree (they refuse ${refused}); again: --seed ${seed}`)
    return differing
  },
} satisfies ConformanceSubject
