import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Bench } from '../harness/bench.ts'
import { cached, peerPython } from '../harness/cache.ts'
import { deltaContestants } from '../harness/delta-bench.ts'

const COMMITS = 20_000
const FILES_EACH = 5

/** A log of many commits, with a checkpoint of the last by deltalake; its data files are not there. */
async function log(folder: string): Promise<void> {
  const into = join(folder, 'table/_delta_log')
  await mkdir(into, { recursive: true })
  const field = (name: string, type: string) => ({ name, type, nullable: true, metadata: {} })
  const fields = [field('id', 'long'), field('name', 'string'), field('amount', 'double'), field('day', 'string')]
  const metaData = {
    id: '5fba94ed-9794-4965-ba6e-6ee3c0d22af9',
    format: { provider: 'parquet', options: {} },
    schemaString: JSON.stringify({ type: 'struct', fields }),
    partitionColumns: ['day'],
    configuration: {},
    createdTime: 1_700_000_000_000,
  }
  const add = (at: number) => ({
    path: `day=${at % 100}/part-${String(at).padStart(36, '0')}.zstd.parquet`,
    partitionValues: { day: String(at % 100) },
    size: 12_345 + at,
    modificationTime: 1_700_000_000_000 + at,
    dataChange: true,
    stats: JSON.stringify({
      numRecords: 1000,
      minValues: { id: at * 1000, name: `name ${at * 1000}`, amount: at / 7 },
      maxValues: { id: at * 1000 + 999, name: `name ${at * 1000 + 999}`, amount: (at + 1) / 7 },
      nullCount: { id: 0, name: 0, amount: 0 },
    }),
  })
  for (let version = 0; version < COMMITS; version += 1) {
    const first = version === 0 ? [{ protocol: { minReaderVersion: 1, minWriterVersion: 2 } }, { metaData }] : []
    const files = Array.from({ length: FILES_EACH }, (_, at) => ({ add: add(version * FILES_EACH + at) }))
    const info = { commitInfo: { timestamp: 1_700_000_000_000 + version, operation: 'WRITE' } }
    const lines = [info, ...first, ...files].map((line) => JSON.stringify(line))
    await writeFile(join(into, `${String(version).padStart(20, '0')}.json`), `${lines.join('\n')}\n`)
  }
  const code = 'import sys, deltalake; deltalake.DeltaTable(sys.argv[1]).create_checkpoint()'
  await promisify(execFile)(await peerPython('deltalake'), ['-c', code, join(folder, 'table')])
}

export default {
  name: 'delta-open',
  summary: 'a Delta table of 20,000 commits and 100,000 files opened, and the files named, against deltalake',
  async prepare() {
    const folder = await cached('delta-open', log)
    const contestants = await deltaContestants('open', '-')
    return {
      data: `${COMMITS} commits, ${COMMITS * FILES_EACH} files with statistics, in a checkpoint of the last version.`,
      contestants: contestants.map((one) => ({
        ...one,
        // Nothing is written: where the table lies does not matter.
        work: async (out) => {
          const work = await one.work(out)
          return { ...work, args: [...work.args.slice(0, -1), join(folder, 'table')] }
        },
        // The programs themselves fail when it is another number.
        result: async () => '100000 files',
      })),
      targets: [{ against: 'deltalake', measure: 'wall', atLeast: 1 }],
    }
  },
} satisfies Bench
