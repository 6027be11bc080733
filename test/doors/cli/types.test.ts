import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checked } from '../../types/benchmark/checked.ts'
import { json, millrace, shop } from './command-line.ts'

const INGEST = ['ingest', 'shop.orders', '--into', 'raw.orders']

test('the types of a project’s datasets are written, compared, and make columns checked', {
  timeout: 300_000,
}, async () => {
  await using folder = await shop()
  const cwd = folder.path
  await millrace(INGEST, { cwd })
  const none = await millrace(['types', '--check'], { cwd })
  expect(none).toMatchObject({ code: 1, out: 'millrace.d.ts is out of date; run millrace types.\n' })
  const written = await millrace(['types', '--json'], { cwd })
  expect(json(written)).toMatchObject({ file: 'millrace.d.ts', changed: true, skipped: [] })
  expect((json(written) as { datasets: string[] }).datasets).toContain('raw.orders')
  expect(await millrace(['types', '--check', '--json'], { cwd })).toMatchObject({ code: 0 })
  expect((await millrace(['types'], { cwd })).out).toContain(', as before.')

  const text = await readFile(join(cwd, 'millrace.d.ts'), 'utf8')
  expect(text).toContain("declare module 'millrace' {")
  expect(text).toMatch(/"raw\.orders": \{\n {6}order_id: bigint \| null\n/)
  const program = (frame: string) => `import { col, type Frame, pipeline, read, sum } from 'millrace'
${frame}
export const told: Frame<{ order_id: bigint | null }> = read.table('raw.orders').select('order_id')
export const other = read.table('raw.of_another_day').select('anything')
export default pipeline('p', { startDate: '2024-01-01' }, (task) => {
  const raw = task.ingest('extract', { source: 'shop', into: 'raw' })
  const checkedOrders = task.validate('check', { data: raw.dataset('orders'), suite: 'orders' })
  task.frame('totals', {
    inputs: { orders: checkedOrders, again: 'raw.orders' },
    into: { parquet: 'lake://x' },
    frame: ({ orders, again, ds }) => orders.join(again, 'order_id').filter(col('order_date').eq(ds)).agg(sum('quantity').as('q')),
  })
})
`
  const fine = await checked({ 'millrace.d': text, program: program('') })
  expect(fine.errors).toEqual([])
  const wrong = await checked({
    'millrace.d': text,
    program: program("export const typo = read.table('raw.orders').select('order_idd')").replace(
      "col('order_date')",
      "col('order_dat')",
    ),
  })
  expect(wrong.errors.map((line) => /program\.mts\((\d+),/.exec(line)?.[1])).toEqual(['2', '11'])
})
