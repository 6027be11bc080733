import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench } from '../harness/bench.ts'
import { ROOT } from '../harness/cache.ts'

/** Rows at scale 1, each of about 250 bytes. */
const ROWS = 20_000_000

export default {
  name: 'frame-spill',
  summary: 'a sort and a join of 5 GB of rows as frames, under a memory limit of 1 GB (20 GB with --scale 4)',
  async prepare(scale) {
    const rows = Math.round(ROWS * scale)
    return {
      data: `${rows} computed rows of about 250 bytes (${((rows * 250) / 1e9).toFixed(1)} GB), sorted into Parquet, and joined with as many; DuckDB may use 1 GB and spills the rest.`,
      contestants: [
        {
          name: 'Millrace',
          role: 'ours',
          version: 'frames, built package',
          work: (out: string) => ({
            command: process.execPath,
            args: [join(ROOT, 'bench/contestants/frame-spill.ts'), String(rows), out],
          }),
          result: async (out: string) => readFile(join(out, 'verdict.txt'), 'utf8'),
        },
      ],
      targets: [],
    }
  },
} satisfies Bench
