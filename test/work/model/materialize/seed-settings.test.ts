import { expect, test } from 'vitest'
import { dbtFolder } from '../dbt-folder.ts'

test.each([['""'], ['"||"']])('a seed of the delimiter %s fails', async (delimiter) => {
  const folder = await dbtFolder({
    'dbt_project.yml': `name: shop\nprofile: shop\nseeds: {+delimiter: ${delimiter}}\n`,
    'seeds/codes.csv': 'code\na\n',
  })
  const [result] = (await folder.dbt('seed')).results
  expect(result).toMatchObject({ status: 'error', error: { code: 'MODEL_INVALID' } })
})

test('quote_columns: false leaves the names of a seed as they stand, so that one that needs quotes fails', async () => {
  const folder = await dbtFolder({
    'dbt_project.yml': 'name: shop\nprofile: shop\nseeds: {+quote_columns: false}\n',
    'seeds/codes.csv': 'Code,amount\na,1\n',
    'seeds/pipes.csv': 'code|amount\na|1\n',
  })
  expect(folder.statuses(await folder.dbt('seed'))).toEqual({ codes: 'success', pipes: 'error' })
})
