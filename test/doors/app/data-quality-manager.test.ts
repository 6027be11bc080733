import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { DataQualityManager } from '../../../src/doors/app/quality.ts'

async function project(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'millrace-quality-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  await writeFile(
    join(dir, 'millrace.yml'),
    'name: quality\ntargets:\n  dev: { engine: duckdb, path: .millrace/db.duckdb }\ndatasets:\n  raw.orders: { format: csv, location: ./orders.csv }\n',
  )
  await writeFile(join(dir, 'orders.csv'), 'id,day,amount\n1,2024-01-30,5\n2,2024-01-31,-1\n')
  return dir
}

test('suites and checkpoints are written, and a table is validated for a day', async () => {
  const dir = await project()
  await using manager = await DataQualityManager.open({ projectDir: dir })
  const suite = await manager.createExpectations('orders')
  suite
    .add({ type: 'expect_column_values_to_be_between', kwargs: { column: 'amount', min_value: 5 } })
    .add({ type: 'expect_column_values_to_be_between', kwargs: { column: 'amount', min_value: 0 } })
    .add({ type: 'expect_table_row_count_to_equal', kwargs: { value: 1 } })
  await suite.save()
  const written = JSON.parse(await readFile(join(dir, 'suites/orders.json'), 'utf8'))
  expect(written).toMatchObject({
    name: 'orders',
    expectations: [{ type: 'expect_column_values_to_be_between', kwargs: { min_value: 0 } }, { kwargs: { value: 1 } }],
  })
  await expect(manager.createExpectations('orders')).rejects.toMatchObject({ code: 'WRITE_EXISTS' })
  expect((await manager.createExpectations('orders', { overwrite: true })).name).toBe('orders')

  await expect(manager.validateData('raw.orders', '2024-01-30')).rejects.toMatchObject({ code: 'CHECKPOINT_UNKNOWN' })
  await manager.addOrUpdateCheckpoint({ name: 'daily', validations: [{ data: 'raw.orders', suite: 'orders' }] })
  expect(await manager.validateData('raw.orders', '2024-01-30')).toBe(false)
  await manager.addOrUpdateCheckpoint({
    name: 'daily',
    validations: [{ data: 'raw.orders', suite: 'orders', where: 'cast(day as varchar) = {{ ds }}' }],
  })
  expect(await manager.validateData('raw.orders', '2024-01-30')).toBe(true)
  expect(await manager.validateData('raw.orders', '2024-01-31')).toBe(false)
  await expect(manager.validateData('raw.orders', '2024-02-30')).rejects.toMatchObject({ code: 'OPTION_INVALID' })

  const { validations, columns } = await manager.history({ dataset: 'raw.orders' })
  expect(validations.map(({ day }) => day)).toEqual(['2024-01-31', '2024-01-30', '2024-01-30'])
  expect(columns?.[0]).toMatchObject({ column: 'amount', evaluated: 1 })
  expect((await manager.history({ limit: 1 })).validations).toHaveLength(1)
  expect((await manager.checks('raw.orders')).map(({ check }) => check)).toContain('row count to equal value=1')
  expect(await manager.dataDocs()).toContain('2024-01-31')
})
