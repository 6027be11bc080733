// Compares Millrace with the tool that a subject follows, live, on cases made from a seed:
//   npm run conformance -- frame [--seed N] [--plans N] [--only I]
// Each subject is a file of scripts/conformance/. The exit code is 1 when a case differs.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What a subject's file exports. */
export interface ConformanceSubject {
  /** What it compares, in a line. */
  readonly summary: string
  /** Runs it with the words after its name; gives the number of cases that differ. */
  run(words: readonly string[]): Promise<number>
}

const folder = join(import.meta.dirname, 'conformance')
const subjects = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''))
const [name = '', ...words] = process.argv.slice(2)

if (!subjects.includes(name)) {
  console.error(`usage: npm run conformance -- ${subjects.join(' | ')} [options]`)
  for (const one of subjects) console.error(`  ${one}: ${(await subjectNamed(one)).summary}`)
  process.exitCode = 2
} else {
  process.exitCode = (await (await subjectNamed(name)).run(words)) === 0 ? 0 : 1
}

async function subjectNamed(subject: string): Promise<ConformanceSubject> {
  const { default: found } = (await import(join(folder, `${subject}.ts`))) as { default: ConformanceSubject }
  return found
}
