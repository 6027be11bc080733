// Records what PySpark answers for the cases of test/data/frame/spark, and which of them frames do not agree with:
//   node --conditions=millrace-source scripts/spark/record.ts [--open] [AREA...]
// PySpark is installed outside the tree. Answers of unchanged plans are kept; --open only compares anew.
import { rmSync, writeFileSync } from 'node:fs'
import { openDuckDb } from '../../src/data/engine/index.ts'
import { frameSession, planHash, withSession } from '../../src/data/frame/index.ts'
import { ownAnswer } from '../../test/data/frame/spark/answer.ts'
import { areas, casesOfArea, goldenFile, openFile, recorded } from '../../test/data/frame/spark/areas.ts'
import { difference } from '../../test/data/frame/spark/compare.ts'
import type { Recorded, SparkCase } from '../../test/data/frame/spark/spark-case.ts'
import { askSpark } from './ask.ts'

const words = process.argv.slice(2)
const onlyCompare = words.includes('--open')
const asked = words.filter((word) => !word.startsWith('--'))

for (const area of asked.length > 0 ? asked : areas()) {
  const cases = await casesOfArea(area)
  if (!onlyCompare) await record(area, cases)
  await writeOpen(area, cases)
}

async function record(area: string, cases: readonly SparkCase[]): Promise<void> {
  const known = new Map(Object.values(recorded(area)).map((one) => [one.hash, one.answer]))
  const missing = cases.filter(({ frame }) => !known.has(planHash(frame.plan)))
  if (missing.length > 0) {
    for await (const [hash, answer] of askSpark(missing)) known.set(hash, answer)
  }
  const lines = cases.flatMap(({ name, frame }) => {
    const hash = planHash(frame.plan)
    const answer = known.get(hash)
    return answer === undefined
      ? []
      : [`${JSON.stringify(name)}:${JSON.stringify({ hash, answer } satisfies Recorded)}`]
  })
  writeFileSync(goldenFile(area), `{\n${lines.join(',\n')}\n}\n`)
  console.log(`${area}: ${missing.length} of ${cases.length} cases recorded`)
}

async function writeOpen(area: string, cases: readonly SparkCase[]): Promise<void> {
  const golden = recorded(area)
  const open: Record<string, string> = {}
  await using engine = await openDuckDb()
  await withSession(await frameSession({ engine }), async () => {
    for (const one of cases) {
      const answer = golden[one.name]?.answer
      const found = answer && difference(answer, await ownAnswer(one), one)
      if (found !== undefined) open[one.name] = found.slice(0, 300)
    }
  })
  const names = Object.keys(open)
  console.log(`${area}: ${cases.length - names.length} of ${cases.length} agree`)
  if (names.length === 0) rmSync(openFile(area), { force: true })
  else writeFileSync(openFile(area), `${JSON.stringify(open, null, 1)}\n`)
}
