// Records what Great Expectations 1.24 answers for random expectations on random tables:
//   node scripts/gx/record-random.ts [SEED] [CASES]
// test/work/quality/gx/random/recorded.json is what CI compares with, so that it needs no Python.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomCases } from '../../test/work/quality/gx/random/random-case.ts'
import { askGreatExpectations } from './ask.ts'

const [seed = '7', count = '1200'] = process.argv.slice(2)
const asked = randomCases(Number(seed), Number(count))
const answers = askGreatExpectations(asked)
const lines = (all: readonly unknown[]) => all.map((one) => JSON.stringify(one)).join(',\n')
const cases = asked.cases.map((one, index) => ({ ...one, answer: answers[index] }))
const file = join(import.meta.dirname, '../../test/work/quality/gx/random/recorded.json')
writeFileSync(file, `{"seed": ${seed}, "tables": [\n${lines(asked.tables)}\n], "cases": [\n${lines(cases)}\n]}\n`)
console.log(`${cases.length} cases recorded`)
