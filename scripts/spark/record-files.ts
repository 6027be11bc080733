// Records what PySpark reads from, and writes to, the files of test/data/frame/files/cases, and what frames differ in:
//   node --conditions=millrace-source scripts/spark/record-files.ts [--open] [AREA...]
// Answers of unchanged cases are kept; --open only compares anew.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { openDuckDb } from '../../src/data/engine/index.ts'
import { areas, casesOfArea, goldenFile, openFile, recorded } from '../../test/data/frame/files/areas.ts'
import {
  caseHash,
  type FileAnswer,
  type FileCase,
  fileDifference,
  inFolder,
  ownFileAnswer,
} from '../../test/data/frame/files/file-case.ts'

const ROOT = join(import.meta.dirname, '../..')
const words = process.argv.slice(2)
const asked = words.filter((word) => !word.startsWith('--'))

for (const area of asked.length > 0 ? asked : areas()) {
  const cases = await casesOfArea(area)
  if (!words.includes('--open')) await record(area, cases)
  await writeOpen(area, cases)
}

async function record(area: string, cases: readonly FileCase[]): Promise<void> {
  const known = new Map(Object.values(recorded(area)).map((one) => [one.hash, one.answer]))
  const missing = cases.filter((one) => !known.has(caseHash(one)))
  if (missing.length > 0) for (const [hash, answer] of await askSpark(missing)) known.set(hash, answer)
  const lines = cases.map((one) => {
    const hash = caseHash(one)
    return `${JSON.stringify(one.name)}:${JSON.stringify({ hash, answer: known.get(hash) })}`
  })
  writeFileSync(goldenFile(area), `{\n${lines.join(',\n')}\n}\n`)
  console.log(`${area}: ${missing.length} of ${cases.length} cases recorded`)
}

async function askSpark(cases: readonly FileCase[]): Promise<Map<string, FileAnswer>> {
  const python = execFileSync('bash', [join(ROOT, 'scripts/peers/install-python.sh'), 'pyspark'], { encoding: 'utf8' })
  const child = spawn(python.trim().split('\n').at(-1) ?? '', [join(ROOT, 'scripts/spark/evaluate.py')], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const answers = new Map<string, FileAnswer>()
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  await lines.next()
  for (const one of cases) {
    const id = caseHash(one)
    await inFolder(one, async (dir) => {
      const { write } = one
      child.stdin.write(`${JSON.stringify({ id, plan: one.frame.plan, dir, ...(write ? { write } : {}) })}\n`)
      const { value, done } = await lines.next()
      if (done) throw new Error('PySpark ended before it had answered')
      const { id: _id, ...answer } = JSON.parse(value.replaceAll(dir, '')) as { id: string } & FileAnswer
      answers.set(id, answer as FileAnswer)
    })
  }
  child.stdin.end()
  await once(child, 'exit')
  return answers
}

async function writeOpen(area: string, cases: readonly FileCase[]): Promise<void> {
  const golden = recorded(area)
  const open: Record<string, string> = {}
  await using engine = await openDuckDb()
  for (const one of cases) {
    const answer = golden[one.name]?.answer
    const found = answer && fileDifference(answer, await ownFileAnswer(one, engine), one)
    if (found !== undefined) open[one.name] = found.slice(0, 400)
  }
  const names = Object.keys(open)
  console.log(`${area}: ${cases.length - names.length} of ${cases.length} agree`)
  if (names.length === 0) rmSync(openFile(area), { force: true })
  else writeFileSync(openFile(area), `${JSON.stringify(open, null, 1)}\n`)
}
