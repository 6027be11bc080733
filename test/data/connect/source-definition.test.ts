import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listFiles, loadSources, readSource, sourceTables } from '../../../src/data/connect/index.ts'
import { linesAt } from '../../../src/data/connect/physical-lines.ts'
import { folder } from './folder.ts'

test('a source says its tables; the format is told from the names of the files', async () => {
  await using project = await folder()
  await project.write(
    'sources/shop.yml',
    `name: shop
tables:
  orders:
    files: data/orders/*.csv
    cursor: updated_at
    primary_key: order_id
    columns: { amount: 'decimal(12,2)' }
    on_reject: { max: 5 }
  customers:
    files: [data/customers.ndjson.gz]
`,
  )
  const sources = await loadSources(join(project.dir, 'sources'))
  expect(sourceTables(sources, 'shop').map(({ name, kind }) => [name, kind?.name])).toEqual([
    ['orders', 'csv'],
    ['customers', 'json'],
  ])
  expect(sourceTables(sources, 'shop.orders')[0]).toMatchObject({
    cursor: 'updated_at',
    primaryKey: ['order_id'],
    maxRejects: 5,
    onSchemaChange: 'fail',
    stated: { fields: [{ name: 'amount', type: { kind: 'decimal', precision: 12, scale: 2 } }] },
  })
  expect(() => sourceTables(sources, 'shop.order')).toThrow(
    expect.objectContaining({ code: 'SOURCE_UNKNOWN', hint: expect.stringContaining('"orders"') }),
  )
})

test.each([
  ['an unknown key', 'tables:\n  t:\n    files: a.csv\n    cursr: x\n', 'SOURCE_INVALID', 4],
  ['an unknown format', 'tables:\n  t:\n    files: a\n    format: cvs\n', 'SOURCE_KIND_UNKNOWN', 4],
  ['a format that no name tells', 'tables:\n  t:\n    files: a.dat\n', 'SOURCE_INVALID', 3],
  ['an unknown type', 'tables:\n  t:\n    files: a.csv\n    columns:\n      n: nubmer\n', 'TYPE_INVALID', 5],
  [
    'an unknown option of the format',
    'tables:\n  t:\n    files: a.csv\n    options:\n      delimeter: ";"\n',
    'SOURCE_INVALID',
    5,
  ],
])('%s is refused with its line', async (_, text, code, line) => {
  await using project = await folder()
  await project.write('s.yml', text)
  await expect(readSource(join(project.dir, 's.yml'))).rejects.toMatchObject({ code, at: { line } })
})

test('files are listed in the order of their paths, relative to the project', async () => {
  await using project = await folder()
  await project.write('p/b.csv', '')
  await project.write('p/a.csv', 'x')
  await project.write('out.csv', '')
  const files = await listFiles(join(project.dir, 'p'), ['*.csv', '../out.csv', 'a.csv'])
  expect(files.map(({ path, size }) => [path, size])).toEqual([
    ['../out.csv', 0],
    ['a.csv', 1],
    ['b.csv', 0],
  ])
})

test('a pattern that matches nothing, and a bucket, are refused', async () => {
  await using project = await folder()
  await expect(listFiles(project.dir, ['*.csv'])).rejects.toMatchObject({ code: 'SOURCE_EMPTY' })
  await expect(listFiles(project.dir, ['s3://b/*.csv'])).rejects.toMatchObject({ code: 'STORE_UNSUPPORTED' })
})

test('positions are told as lines, also beyond the first pieces of a file', async () => {
  await using project = await folder()
  const text = 'x\n'.repeat(100_000)
  await project.write('a.csv', text)
  const lines = await linesAt(join(project.dir, 'a.csv'), [0, 1, 2, 131_072, 199_998])
  expect([...lines.values()]).toEqual([1, 1, 2, 65_537, 100_000])
})
