import { openDuckDb } from '../../../src/data/engine/index.ts'
import { type DbtCommand, runDbt } from '../../../src/work/model/index.ts'

// Run as a process of its own, which a failpoint kills: crash-child.ts <folder> <command>.
const [dir = '.', command = 'build'] = process.argv.slice(2)
const engine = await openDuckDb({ path: `${dir}/shop.duckdb` })
const run = await runDbt(
  command as DbtCommand,
  { threads: 1 },
  {
    dir,
    connect: () => engine.connect(),
    database: engine.database,
    schema: 'main',
    artifacts: false,
  },
)
await engine[Symbol.asyncDispose]()
process.exitCode = run.exitCode
