import { expect, test } from 'vitest'
import { installPackages, runDbt } from '../../../../src/work/model/index.ts'
import { goldenOf, PROJECTS } from '../golden-duckdb/answers.ts'
import { goldenFolder } from '../golden-duckdb/golden-folder.ts'

/** What dbt itself cannot run: `select missing_column from …`. */
const WRONG = ['test.golden.broken']

test.each(PROJECTS)('of the project %s only what dbt fails at is accused', async (name) => {
  const { connection, deps } = await goldenFolder(name)
  const { steps } = await goldenOf(name)
  const [first] = steps
  await connection.script(first?.sql ?? '')
  if (first?.deps) await installPackages({ dir: deps.dir })
  const run = await runDbt('compile', { checkColumns: true, ...(first?.vars ? { vars: first.vars } : {}) }, deps)
  const accused = run.results.filter(({ error }) => error?.code === 'MODEL_COLUMNS_INVALID')
  expect(accused.map(({ unique_id: id }) => id)).toEqual(name === 'checks' ? WRONG : [])
})
