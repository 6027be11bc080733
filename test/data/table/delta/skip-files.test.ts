import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { literal, sql, trusted } from '../../../../src/base/sql/index.ts'
import { localStore } from '../../../../src/base/store/index.ts'
import { type Engine, type EngineConnection, openDuckDb } from '../../../../src/data/engine/index.ts'
import { col, explainText, frameSession, read, withSession } from '../../../../src/data/frame/index.ts'
import {
  appendTo,
  type Comparison,
  DeltaTable,
  filesThatMayHold,
  type ParquetPort,
  type RowCondition,
} from '../../../../src/data/table/index.ts'

let dir: string
let engine: Engine
let connection: EngineConnection
let table: DeltaTable
const FILES = 24
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-skip-'))
  engine = await openDuckDb({ threads: 2 })
  connection = await engine.connect()
  // Each file has a few rows close together, some of them null.
  const rows = (n: number) => sql`select
    if(r = 1, null, n * 10 + r)::bigint as l, (n * 10 + r - 100)::double / 4 as d, (n % 3)::integer as p,
    if(n % 5 = 0, null, chr((97 + n)::integer) || repeat('x', r::integer * 20)) as s, (date '2024-01-01' + (n * 2 + r)::integer) as t,
    ((n * 10 + r)::decimal(10,2) / 3)::decimal(12,2) as e, (timestamptz '2024-01-01 00:00:00.0004Z' + to_hours((n * 24)::integer)) as z, n % 2 = 0 as b,
    if(n % 7 = 0, null, {'l': if(r = 1, null, n * 10 + r)::bigint, 'k': {'s': chr((97 + n)::integer)}}) as st
    from range(3) as x(r), (select ${literal(n)}::bigint as n)`
  const schema = await connection.describe(rows(0))
  table = await DeltaTable.create(localStore(dir), {
    schema,
    partitionBy: ['p'],
    parquet: engine.files as ParquetPort<never>,
  })
  for (let n = 0; n < FILES; n += 1) await appendTo(table, rows(n), { connection })
}, 60_000)
afterAll(async () => {
  await connection[Symbol.asyncDispose]()
  await engine[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

const OPERATORS: Record<Comparison, string> = { eq: '=', lt: '<', le: '<=', gt: '>', ge: '>=' }
const constants = {
  l: fc.integer({ min: -5, max: 260 }).map((n) => ({ value: String(n), type: 'integer' as const })),
  d: fc.integer({ min: -120, max: 120 }).map((n) => ({ value: String(n / 4), type: 'double' as const })),
  p: fc.integer({ min: -1, max: 4 }).map((n) => ({ value: String(n), type: 'integer' as const })),
  s: fc
    .tuple(fc.integer({ min: 96, max: 123 }), fc.nat({ max: 50 }))
    .map(([c, n]) => ({ value: String.fromCharCode(c) + 'x'.repeat(n), type: 'string' as const })),
  t: fc.integer({ min: -2, max: 60 }).map((n) => {
    const day = new Date(Date.UTC(2024, 0, 1 + n)).toISOString().slice(0, 10)
    return { value: day, type: 'date' as const }
  }),
  e: fc.integer({ min: 0, max: 90 }).map((n) => ({ value: String(n), type: 'decimal' as const })),
  z: fc
    .integer({ min: -1, max: 30 })
    .map((n) => ({ value: new Date(Date.UTC(2024, 0, 1 + n)).toISOString(), type: 'timestamp' as const })),
  'st\0l': fc.integer({ min: -5, max: 260 }).map((n) => ({ value: String(n), type: 'integer' as const })),
  'st\0k\0s': fc
    .integer({ min: 96, max: 123 })
    .map((c) => ({ value: String.fromCharCode(c), type: 'string' as const })),
  b: fc.boolean().map((b) => ({ value: String(b), type: 'boolean' as const })),
}
const SQL_TYPES = {
  integer: 'bigint',
  double: 'double',
  string: 'varchar',
  date: 'date',
  decimal: 'decimal(12,2)',
  timestamp: 'timestamptz',
  boolean: 'boolean',
}
type Case = { condition: RowCondition; text: string }
const leaf: fc.Arbitrary<Case> = fc.oneof(
  ...Object.entries(constants).map(([column, constant]) =>
    fc.tuple(constant, fc.constantFrom(...(Object.keys(OPERATORS) as Comparison[]))).map(([{ value, type }, is]) => ({
      condition: { kind: 'compare', column, is, value, type } as RowCondition,
      text: `${column.replaceAll('\0', '.')} ${OPERATORS[is]} cast('${value}' as ${SQL_TYPES[type]})`,
    })),
  ),
  fc.tuple(fc.constantFrom(...Object.keys(constants)), fc.boolean()).map(([column, isNull]) => ({
    condition: { kind: 'null', column, isNull } as RowCondition,
    text: `${column.replaceAll('\0', '.')} is ${isNull ? '' : 'not '}null`,
  })),
)
const condition: fc.Arbitrary<Case> = fc.oneof(
  leaf,
  fc
    .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(leaf, { minLength: 2, maxLength: 3 }))
    .map(([kind, of]) => ({
      condition: { kind, of: of.map((one) => one.condition) } as RowCondition,
      text: of.map((one) => `(${one.text})`).join(` ${kind} `),
    })),
)

test('no file is left out that holds a row which meets the condition, whatever it is', async () => {
  const whole = await table.relation()
  let skipped = 0
  await fc.assert(
    fc.asyncProperty(condition, async ({ condition, text }) => {
      const files = filesThatMayHold(table.snapshot, condition)
      skipped += FILES - files.length
      const count = async (from: typeof whole) => {
        const [row] = await connection.rows<{ n: number }>(
          sql`select count(*)::integer as n from ${from} as q where ${trusted(text)}`,
        )
        return row?.n
      }
      expect(await count(await table.relation(table.snapshot, { files }))).toBe(await count(whole))
    }),
    { numRuns: 150 },
  )
  // A reader that leaves nothing out would pass as well.
  expect(skipped).toBeGreaterThan(150 * FILES * 0.3)
}, 120_000)

test('a frame opens only the files that its filters leave, and explain says how many', async () => {
  const session = await frameSession({ engine, dir })
  await withSession(session, async () => {
    const frame = read.delta(dir).select('l', 'p', 't')
    const one = frame.filter(col('l').eq(42))
    expect(await explainText(one.plan)).toMatch(
      new RegExp(`== Files ==\\nRead delta .*: 1 of ${FILES} files of version ${FILES}`),
    )
    expect(await one.collect()).toEqual([{ l: 42n, p: 1, t: '2024-01-11' }])
    const partition = frame.filter(col('p').eq(2))
    expect(await explainText(partition.plan)).toContain(`${FILES / 3} of ${FILES} files`)
    for (const file of table.snapshot.files) {
      if (file.partitionValues.p !== '2') await rm(join(dir, decodeURIComponent(file.path)))
    }
    expect(await partition.count()).toBe(FILES)
    expect(await frame.filter(col('t').gt('2099-01-01')).count()).toBe(0)
  })
})

test('members of structs have statistics, so far as the table says which columns do', async () => {
  const rows = sql`select 1::bigint as id, {'a': 5, 'b.c': {'d': 'x', 'e': [1]}} as st union all select 2, null`
  const statsWith = async (properties: Record<string, string>) => {
    const made = await DeltaTable.create(localStore(dir), {
      path: `stats-${Object.values(properties).join()}`.replaceAll(/\W/g, '-'),
      schema: await connection.describe(rows),
      properties,
    })
    await appendTo(made, rows, { connection })
    return JSON.parse(made.snapshot.files[0]?.stats ?? '{}') as Record<string, unknown>
  }
  expect(await statsWith({})).toEqual({
    numRecords: 2,
    minValues: { id: 1, st: { a: 5, 'b.c': { d: 'x' } } },
    maxValues: { id: 2, st: { a: 5, 'b.c': { d: 'x' } } },
    nullCount: { id: 0, st: { a: 1, 'b.c': { d: 1 } } },
  })
  expect(await statsWith({ 'delta.dataSkippingNumIndexedCols': '2' })).toMatchObject({
    nullCount: { id: 0, st: { a: 1 } },
  })
  expect(await statsWith({ 'delta.dataSkippingStatsColumns': 'st.`b.c`' })).toEqual({
    numRecords: 2,
    minValues: { st: { 'b.c': { d: 'x' } } },
    maxValues: { st: { 'b.c': { d: 'x' } } },
    nullCount: { st: { 'b.c': { d: 1 } } },
  })
})
