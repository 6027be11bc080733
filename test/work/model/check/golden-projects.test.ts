import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openDuckDb } from '../../../../src/data/engine/index.ts'
import { installPackages, runDbt } from '../../../../src/work/model/index.ts'
import { goldenOf, PROJECTS, projectFolder } from '../golden-duckdb/answers.ts'

/** What dbt itself cannot run: `select missing_column from …`. */
const WRONG = ['test.golden.broken']

test.each(PROJECTS)('of the project %s only what dbt fails at is accused', async (name) => {
  const dir = await mkdtemp(join(tmpdir(), 'golden-checked-'))
  const engine = await openDuckDb({ path: join(dir, 'warehouse.duckdb') })
  const connection = await engine.connect()
  onTestFinished(async () => {
    await connection[Symbol.asyncDispose]()
    await engine[Symbol.asyncDispose]()
    await rm(dir, { recursive: true })
  })
  await cp(join(projectFolder(name), 'project'), dir, { recursive: true })
  const { steps } = await goldenOf(name)
  const [first] = steps
  await connection.script(first?.sql ?? '')
  if (first?.deps) await installPackages({ dir })
  const run = await runDbt(
    'compile',
    { checkColumns: true, ...(first?.vars ? { vars: first.vars } : {}) },
    {
      dir,
      connect: () => engine.connect(),
      dialect: engine.dialect,
      database: engine.database,
      schema: 'main',
      target: { name: 'dev' },
      artifacts: false,
    },
  )
  const accused = run.results.filter(({ error }) => error?.code === 'MODEL_COLUMNS_INVALID')
  expect(accused.map(({ unique_id: id }) => id)).toEqual(name === 'checks' ? WRONG : [])
})
