import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { planHash } from '../../src/data/frame/index.ts'
import type { Answer, SparkCase } from '../../test/data/frame/spark/spark-case.ts'

const ROOT = join(import.meta.dirname, '../..')

/** What PySpark, installed outside of the tree, answers for cases, one after the other, with the hashes of their plans. */
export async function* askSpark(cases: readonly SparkCase[]): AsyncGenerator<[hash: string, answer: Answer]> {
  const python = execFileSync('bash', [join(ROOT, 'scripts/peers/install-python.sh'), 'pyspark'], { encoding: 'utf8' })
  const child = spawn(python.trim().split('\n').at(-1) ?? '', [join(ROOT, 'scripts/spark/evaluate.py')], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  await lines.next()
  for (const [i, { frame, eachRow }] of cases.entries()) {
    const id = planHash(frame.plan)
    child.stdin.write(`${JSON.stringify({ id, plan: frame.plan, eachRow: eachRow === true })}\n`)
    const { value, done } = await lines.next()
    if (done) throw new Error('PySpark ended before it had answered')
    const { id: _id, ...answer } = JSON.parse(value) as { id: string } & Answer
    yield [id, answer as Answer]
    if (i % 100 === 99) console.log(`${i + 1} of ${cases.length} …`)
  }
  child.stdin.end()
  await once(child, 'exit')
}
