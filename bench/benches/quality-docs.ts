import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench, Contestant } from '../harness/bench.ts'
import { cached, ROOT } from '../harness/cache.ts'

const ANSWERS = {
  docs: 'Data Docs as one page',
  history: 'the history of all',
  dataset: 'the history of one dataset',
  list: 'the list of all checks',
}

export default {
  name: 'quality-docs',
  summary: 'Data Docs, history and list of 3,000 validations of twelve expectations each',
  async prepare() {
    const script = ['--conditions=millrace-source', join(ROOT, 'bench/contestants/quality-docs.ts')]
    const folder = await cached('quality-docs-3000', async (target) => {
      await writeFile(join(target, 'millrace.yml'), 'name: kept\n')
      execFileSync(process.execPath, [...script, target, 'make'])
    })
    return {
      data: '3,000 validations of 30 datasets by 3 suites, in the metadata database; the first answer of a process that is open.',
      contestants: Object.entries(ANSWERS).map(
        ([what, name]): Contestant => ({
          name,
          role: 'ours',
          version: 'from source',
          work: () => ({ command: process.execPath, args: [...script, folder, what] }),
          result: async () => '',
          incomparable: 'each is another answer',
        }),
      ),
      targets: [],
      limits: Object.values(ANSWERS).map((side) => ({ side, measure: 'wall', atMostSeconds: 0.2 })),
    }
  },
} satisfies Bench
