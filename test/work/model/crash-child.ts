import { postgresConfig } from '../../../src/base/postgres/index.ts'
import { openDuckDb, openPostgres } from '../../../src/data/engine/index.ts'
import { runDbt } from '../../../src/work/model/index.ts'

// Run as a process of its own, which a failpoint kills: crash-child.ts <folder> [<PostgreSQL's address>].
const [dir = '.', url] = process.argv.slice(2)
const engine = url
  ? await openPostgres(postgresConfig('warehouse', url, {}), {})
  : await openDuckDb({ path: `${dir}/shop.duckdb` })
const run = await runDbt(
  'build',
  { threads: 1 },
  {
    dir,
    connect: () => engine.connect(),
    database: engine.database,
    dialect: engine.dialect,
    schema: url ? 'public' : 'main',
    artifacts: false,
  },
)
await engine[Symbol.asyncDispose]()
process.exitCode = run.exitCode
