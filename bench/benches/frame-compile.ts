import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench } from '../harness/bench.ts'
import { peerPython, ROOT } from '../harness/cache.ts'

const TIMES = 50
const PLANS = 8

export default {
  name: 'frame-compile',
  summary: 'compiling frames of 100 operators to SQL, against optimising the same in Polars',
  async prepare() {
    const polars = await peerPython('polars')
    const script = (name: string) => join(ROOT, 'bench/contestants/frame-compile', name)
    const side = (command: string, file: string) => ({
      work: (out: string) => ({ command, args: [script(file), String(TIMES), join(out, 'results.json')] }),
      result: async (out: string) => `${await readFile(join(out, 'results.json'), 'utf8')} plans`,
    })
    return {
      data: `${PLANS} plans of 100 operators (steps of all kinds, filters, columns, selections, joins, groups, unions, windows), ${TIMES} times.`,
      contestants: [
        { name: 'Millrace', role: 'ours', version: 'frames, built package', ...side(process.execPath, 'millrace.ts') },
        { name: 'Polars', role: 'peer', version: '2.1.0, lazy frames', ...side(polars, 'polars_plans.py') },
      ],
      targets: [],
      remarks: (results) => {
        const ours = results.get('Millrace')?.median.cpu ?? 0
        return [
          `Compiling a plan of 100 operators takes ${((ours * 1000) / TIMES / PLANS).toFixed(2)} ms (to stay under 5).`,
        ]
      },
    }
  },
} satisfies Bench
