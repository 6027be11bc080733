// Records what PySpark prints for the cases of test/data/frame/spark/shown-cases.ts:
//   node --conditions=millrace-source scripts/spark/record-shown.ts
import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { shownCases } from '../../test/data/frame/spark/shown-cases.ts'

const ROOT = join(import.meta.dirname, '../..')
const python = execFileSync('bash', [join(ROOT, 'scripts/peers/install-python.sh'), 'pyspark'], { encoding: 'utf8' })
const input = shownCases.map(({ name, frame, ...asked }) => JSON.stringify({ id: name, plan: frame.plan, ...asked }))
const { stdout } = spawnSync(python.trim().split('\n').at(-1) ?? '', [join(ROOT, 'scripts/spark/evaluate.py')], {
  input: `${input.join('\n')}\n`,
  encoding: 'utf8',
  maxBuffer: 1 << 28,
})
const answers = stdout
  .split('\n')
  .filter((line) => line.startsWith('{'))
  .map((line) => {
    const { id, text, error } = JSON.parse(line) as { id: string; text?: string; error?: string }
    return `${JSON.stringify(id)}:${JSON.stringify(text ?? { error })}`
  })
writeFileSync(join(ROOT, 'test/data/frame/spark/golden/shown.json'), `{\n${answers.join(',\n')}\n}\n`)
console.log(`${answers.length} of ${shownCases.length} texts recorded`)
