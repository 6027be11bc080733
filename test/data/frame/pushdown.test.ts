import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Engine, openDuckDb } from '../../../src/data/engine/index.ts'
import {
  col,
  explainText,
  expr,
  type Frame,
  type FrameSession,
  frameSession,
  range,
  read,
  sum,
  withSession,
} from '../../../src/data/frame/index.ts'

let dir = ''
let engine: Engine
let session: FrameSession
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-pushdown-'))
  engine = await openDuckDb({ threads: 1 })
  session = await frameSession({ engine, dir })
  await withSession(session, async () => {
    const rows = range(20_000).select(
      col('id'),
      expr('cast(id % 10 as int)').as('part'),
      expr('cast(id as int)').as('number'),
      expr('cast(id as decimal(10,2))').as('price'),
      expr('cast(id as double)').as('amount'),
      expr('cast(id as string)').as('text'),
      expr("date_add(date'2024-01-01', cast(id % 100 as int))").as('day'),
      expr("timestamp'2024-01-01 00:00:00' + make_interval(0, 0, 0, 0, 0, 0, id)").as('time'),
    )
    await rows.write.parquet('plain')
    await rows.write.partitionBy('part').parquet('parted')
  })
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

interface Scan {
  readonly columns: string[]
  readonly filters: string
  readonly files: string
}

/** The scans of Parquet in DuckDB's plan of a frame. */
async function scansOf(frame: Frame): Promise<Scan[]> {
  const text = await withSession(session, () => explainText(frame.plan, { extended: true }))
  const sql = text.slice(text.indexOf('== SQL'), text.indexOf('== Engine'))
  const statement = sql.slice(sql.indexOf('\n') + 1)
  await using connection = await engine.connect()
  const { trusted, sql: tag } = await import('../../../src/base/sql/index.ts')
  const [row] = await connection.rows<Record<string, string>>(tag`explain (format json) ${trusted(statement)}`)
  const scans: Scan[] = []
  const visit = (node: { name: string; children?: unknown[]; extra_info?: Record<string, unknown> }) => {
    if (/PARQUET/i.test(node.name)) {
      const info = node.extra_info ?? {}
      scans.push({
        columns: [info.Projections ?? []]
          .flat()
          .map(String)
          .filter((one) => one !== ''),
        filters: [info.Filters ?? [], info['File Filters'] ?? []].flat().join(' AND '),
        files: String(info['Scanning Files'] ?? info['Total Files Read'] ?? ''),
      })
    }
    for (const child of node.children ?? []) visit(child as never)
  }
  for (const node of JSON.parse(Object.values(row ?? {}).at(-1) ?? '[]')) visit(node)
  return scans
}

const plain = () => read.parquet('plain')

describe('filters and columns reach the scan', () => {
  const CASES: readonly (readonly [string, () => Frame, string[], RegExp])[] = [
    ['of a filter', () => plain().filter(col('number').gt(100)).select('id'), ['id', 'number'], /number.*100/],
    [
      'of a filter over columns that were chosen',
      () => plain().select('id', 'number').filter('number = 5'),
      ['id', 'number'],
      /number.*5/,
    ],
    [
      'of a filter behind withColumn',
      () => plain().withColumn('double', col('amount').multiply(2)).filter('number < 7').select('double'),
      ['amount', 'number'],
      /number.*7/,
    ],
    [
      'of a filter on a new name',
      () => plain().withColumnRenamed('number', 'n').filter('n = 3').select('id'),
      ['id', 'number'],
      /number.*3/,
    ],
    ['of a filter on text', () => plain().filter(col('text').eq('77')).select('id'), ['id', 'text'], /text.*77/],
    [
      'of a filter on a decimal',
      () => plain().filter(col('price').gt('100.50')).select('id'),
      ['id', 'price'],
      /price/,
    ],
    [
      'of a filter on a double',
      () => plain().filter(col('amount').gt(1.5)).select('id'),
      ['id', 'amount'],
      /amount.*1\.5/,
    ],
    [
      'of a filter on a day',
      () => plain().filter(col('day').eq('2024-02-01')).select('id'),
      ['id', 'day'],
      /day.*2024-02-01/,
    ],
    [
      'of a filter on a time',
      () => plain().filter("time >= timestamp'2024-01-01 01:00:00'").select('id'),
      ['id', 'time'],
      /time.*2024-01-01/,
    ],
    [
      'of a filter behind a sort and a distinct',
      () => plain().select('id', 'number').distinct().orderBy('id').filter('number = 9'),
      ['id', 'number'],
      /number.*9/,
    ],
    [
      'of a filter behind a union',
      () => plain().select('number').union(plain().select('number')).filter('number = 2'),
      ['number'],
      /number.*2/,
    ],
    [
      'of a filter behind a group by its column',
      () => plain().groupBy('number').agg(sum('amount').as('total')).filter('number = 4'),
      ['amount', 'number'],
      /number.*4/,
    ],
    [
      'of a filter behind a join',
      () => plain().select('id', 'number').join(plain().select('id', 'amount'), 'id').filter('number = 6'),
      ['id', 'number'],
      /number.*6/,
    ],
    [
      'of a filter in a view',
      () => plain().alias('p').filter('p.number = 8').select('p.id'),
      ['id', 'number'],
      /number.*8/,
    ],
  ]
  test.each(CASES)('%s', async (_name, frame, columns, filter) => {
    const scans = await scansOf(frame())
    const scan = scans.find(({ filters }) => filter.test(filters))
    // A column that only the filter needs does not leave the scan.
    expect(
      scan?.columns.filter((column) => !columns.includes(column)),
      JSON.stringify(scans),
    ).toEqual([])
  })

  test('of partitions: only the folder that is asked for is read', async () => {
    const one = read.parquet('parted').filter('part = 3').select('id')
    const scans = await scansOf(one)
    expect(scans.length).toBe(1)
    expect(scans[0]?.columns).toEqual(['id'])
    expect(scans[0]?.files).toMatch(/^1\/|^1$|^$/)
    expect(await withSession(session, () => one.count())).toBe(2000)
  })

  test('of both at once', async () => {
    const [scan, ...others] = await scansOf(read.parquet('parted').filter('part = 3 and number > 10').select('text'))
    expect(others).toEqual([])
    expect(scan?.columns).toEqual(['text'])
    expect(scan?.filters).toMatch(/number.*10/)
  })

  test('of a given schema, whose types are wider than the files’', async () => {
    const [scan] = await scansOf(read.parquet('plain', { schema: 'id bigint, number bigint' }).filter('number = 5'))
    expect(scan?.columns.toSorted()).toEqual(['id', 'number'])
    expect(scan?.filters).toMatch(/number.*5/)
  })
})
