import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dbtFolder } from './dbt-folder.ts'

test('a source of files is read where its external_location says', async () => {
  const folder = await dbtFolder({
    'raw/orders.csv': 'id\n1\n2\n',
    'models/m.sql':
      "select * from {{ source('raw', 'orders') }} o union all select * from {{ source('raw', 'named') }}",
  })
  const place = folder.dir.replaceAll('\\', '/')
  folder.write({
    'models/s.yml': `
sources:
  - name: raw
    config: { meta: { external_location: "${place}/raw/{name}.csv" } }
    tables:
      - name: orders
      - name: named
        config: { meta: { external_location: "read_csv('${place}/raw/%(file)s.csv')", formatter: oldstyle, file: orders } }
`,
  })
  const run = await folder.dbt('run')
  expect(run.results[0]?.message).toBe('OK')
  expect(run.manifest.nodes.get('model.shop.m')?.compiled_code).toContain(`'${join(folder.dir, 'raw/orders.csv')}' o`)
  expect(await folder.rows('select count(*) from m')).toEqual([['4']])
  expect((await folder.dbt('run', { empty: true })).exitCode).toBe(0)
  expect(await folder.rows('select count(*) from m')).toEqual([['0']])
})

test.each([
  ['{ external_location: "x/{file}.csv" }', 'the name "file" does not exist'],
  ['{ external_location: x, formatter: printf }', 'the formatter "printf" does not exist'],
  ['{ plugin: gsheet }', 'the profile has no plugin gsheet'],
])('a source with %s is refused', async (meta, message) => {
  const folder = await dbtFolder({
    'models/m.sql': "select * from {{ source('raw', 'orders') }}",
    'models/s.yml': `sources: [{ name: raw, tables: [{ name: orders, meta: ${meta} }] }]`,
  })
  expect((await folder.dbt('run')).results[0]?.message).toContain(message)
})
