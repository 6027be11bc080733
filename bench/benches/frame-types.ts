import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checked, FRAME } from '../../test/types/benchmark/checked.ts'
import { typedPlan } from '../../test/types/benchmark/typed-plan.ts'
import type { Bench, Contestant } from '../harness/bench.ts'
import { ROOT } from '../harness/cache.ts'

/** The language server asked for columns at the end of a typed plan of so many operators, after a change at its start. */
function asked(name: string, role: Contestant['role'], operators: number): Contestant {
  return {
    name,
    role,
    version: 'TypeScript 7.0.2, tsc --lsp',
    work: async (out) => {
      await mkdir(join(out, 'src'), { recursive: true })
      await writeFile(join(out, 'src/plan.mts'), typedPlan(operators, FRAME))
      const config = {
        extends: join(ROOT, 'tsconfig.json'),
        compilerOptions: { typeRoots: [join(ROOT, 'node_modules/@types')] },
        include: ['src'],
      }
      await writeFile(join(out, 'tsconfig.json'), JSON.stringify(config))
      const driver = join(ROOT, 'bench/contestants/frame-types-editor.ts')
      return { command: process.execPath, args: [driver, out, join(ROOT, 'node_modules/.bin/tsc')] }
    },
    // The driver fails when the column is not proposed.
    result: async () => 'the column is proposed',
  }
}

export default {
  name: 'frame-types',
  summary: 'how long an editor waits for the columns of a typed plan of 60 operators, against a plan of none',
  async prepare(scale) {
    const operators = Math.max(1, Math.round(60 * scale))
    const [none, all] = [
      await checked({ plan: typedPlan(0, FRAME) }),
      await checked({ plan: typedPlan(operators, FRAME) }),
    ]
    const more = all.instantiations - none.instantiations
    return {
      data: `A typed plan of ${operators} operators over 28 columns; seconds are those from a change to the proposed columns (median of 9). Checking it takes ${more} type instantiations, ${Math.round(more / operators)} an operator, beside ${none.instantiations} of the library.`,
      contestants: [
        asked('Millrace', 'ours', operators),
        { ...asked('no operators', 'reference', 0), version: 'the same file without a step' },
      ],
      targets: [],
    }
  },
} satisfies Bench
