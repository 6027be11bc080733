import { expect, test } from 'vitest'
import { dbtFolder } from '../dbt-folder.ts'

test.each([
  ["{{ exceptions.raise_compiler_error('no') }}", 'Compilation Error in model one (models/one.sql)\n  '],
  ['select nothing from nowhere', 'Runtime Error in model one (models/one.sql)\n  '],
])('what went wrong with %s is told as dbt tells it', async (code, beginning) => {
  const folder = await dbtFolder({
    'models/one.sql': code.includes('raise') ? `{% if execute %}${code}{% endif %}` : code,
  })
  const [result] = (await folder.dbt('run')).results
  expect(result?.message?.startsWith(beginning)).toBe(true)
})
