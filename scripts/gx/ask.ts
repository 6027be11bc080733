import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { GxAnswer } from '../../test/work/quality/gx/random/compare.ts'
import { asksSql, type GxCases } from '../../test/work/quality/gx/random/random-case.ts'

const ROOT = join(import.meta.dirname, '../..')

/** What Great Expectations on pandas, installed outside of the tree, answers for cases, in their order. */
export function askGreatExpectations(cases: GxCases): GxAnswer[] {
  const installed = execFileSync('bash', [join(ROOT, 'scripts/peers/install-python.sh'), 'great-expectations'])
  const python = installed.toString().trim().split('\n').at(-1) ?? ''
  const lines = execFileSync(python, [join(ROOT, 'scripts/gx/answer.py')], {
    input: JSON.stringify({ ...cases, cases: cases.cases.map((one) => ({ ...one, sql: asksSql(one.type) })) }),
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  // Python writes NaN and infinities as no JSON has them; here they are texts.
  const text = lines.toString().replaceAll(/(?<=[[:,] ?)(NaN|-?Infinity)(?=[,\]}])/g, '"$1"')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as GxAnswer)
}
