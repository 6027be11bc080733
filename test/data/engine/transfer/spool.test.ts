import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import type { DataType, MillraceError, Schema } from '../../../../src/base/kernel/index.ts'
import { sql } from '../../../../src/base/sql/index.ts'
import { openDuckDb, spool, spoolError, spooledRelation } from '../../../../src/data/engine/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-spool-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const text: DataType = { kind: 'string' }
const schema = (...types: DataType[]): Schema => ({
  fields: types.map((type, index) => ({ name: `c${index}`, type, nullable: true })),
})

async function* pieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** The rows as PostgreSQL's `format csv` writes them. */
function csv(rows: readonly (readonly (string | null)[])[]): Buffer {
  const cell = (value: string | null) =>
    value === null
      ? ''
      : value === '' || /[",\r\n]/.test(value) || value === '\\.'
        ? `"${value.replaceAll('"', '""')}"`
        : value
  return Buffer.from(rows.map((row) => `${row.map(cell).join(',')}\n`).join(''))
}

test('whatever is in a text: files are cut at row ends, and the rows that went in come out', async () => {
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  const cell = fc.option(
    fc.oneof(
      fc.string({
        unit: fc.constantFrom('"', ',', '\n', '\r', 'a', ' ', '\\', '.', '\uFEFF', 'é', '{', 'N', '#'),
        maxLength: 6,
      }),
      fc.string({ maxLength: 8 }).map((value) => value.replaceAll('\0', '')),
    ),
    { nil: null },
  )
  const rows = fc
    .integer({ min: 1, max: 3 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }))
  const limits = fc.record({
    size: fc.integer({ min: 3, max: 40 }),
    maxBytes: fc.integer({ min: 1, max: 60 }),
    counted: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(rows, limits, async (given, { size, maxBytes, counted }) => {
      const files = []
      let counts = 0
      const limit = counted ? { maxRows: 3 } : { maxBytes }
      for await (const file of spool(pieces(csv(given), size), { dir: join(folder, 'p'), ...limit })) {
        files.push(file)
        counts += file.rows ?? 0
      }
      if (counted) expect([counts, files.length]).toEqual([given.length, Math.ceil(given.length / 3)])
      const relation = (paths: string[]) => spooledRelation(paths, schema(...(given[0] ?? []).map(() => text)))
      const out: unknown[] = []
      for (const { path } of files) {
        for (const row of await connection.rows(sql`select * from ${relation([path])}`)) out.push(Object.values(row))
      }
      for (const file of files) await file[Symbol.asyncDispose]()
      expect(out).toEqual(given)
    }),
    { numRuns: 150 },
  )
  expect(readdirSync(join(folder, 'p'))).toEqual([])
}, 60_000)

test('one file is written ahead and no more; leaving the loop deletes it and ends the stream', async () => {
  let taken = 0
  let ended = false
  async function* endless() {
    try {
      for (;;) {
        taken += 1
        yield Buffer.from('1,2\n'.repeat(100))
      }
    } finally {
      ended = true
    }
  }
  const dir = join(folder, 'ahead')
  for await (const file of spool(endless(), { dir, maxBytes: 4000, wholeRows: true })) {
    await using _ = file
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect([taken, readdirSync(dir).length]).toEqual([20, 2])
    expect(statSync(file.path).mode & 0o777).toBe(0o600)
    break
  }
  expect([ended, readdirSync(dir)]).toEqual([true, []])
})

test('an error of the stream reaches the reader once the files before it were given', async () => {
  async function* failing() {
    yield Buffer.from('1\n2\n')
    throw new Error('gone')
  }
  const seen: string[] = []
  const read = async () => {
    for await (const file of spool(failing(), { dir: join(folder, 'fail'), maxBytes: 1 })) {
      await using _ = file
      seen.push(readFileSync(file.path, 'utf8'))
    }
  }
  await expect(read()).rejects.toThrow('gone')
  expect(seen).toEqual(['1\n', '2\n'])
  expect(existsSync(join(folder, 'fail')) && readdirSync(join(folder, 'fail'))).toEqual([])
})

test('a row of 7 MB is read wherever it stands, and one of 60 MB that came as a piece of its own', async () => {
  await using engine = await openDuckDb({ threads: 4 })
  await using connection = await engine.connect()
  const small = (rows: number) => csv(Array.from({ length: rows }, (_, n) => [`${n}`, 'x'.repeat(60)]))
  const read = async (length: number, before: number, piece: number) => {
    async function* stream() {
      yield* pieces(small(before), piece)
      yield* pieces(csv([['-1', 'y'.repeat(length)]]), piece)
      yield* pieces(small(200_000), piece)
    }
    for await (const file of spool(stream(), { dir: join(folder, 'long') })) {
      await using _ = file
      const relation = spooledRelation([file.path], schema({ kind: 'long' }, text), file)
      const [row] = await connection
        .rows<{ n: bigint; l: bigint }>(sql`select count(*) as n, max(length(c1)) as l from ${relation}`)
        .catch((thrown) => Promise.reject(spoolError(thrown, 'shop: orders')))
      return [Number(row?.n) - before, Number(row?.l)]
    }
  }
  for (const before of [0, 100_000, 400_000, 480_000]) expect(await read(7e6, before, 65_536)).toEqual([200_001, 7e6])
  expect(await read(60e6, 100_000, 100e6)).toEqual([200_001, 60e6])
  const error = await read(40e6, 1000, 65_536).catch((thrown: MillraceError) => [thrown.code, thrown.message])
  expect(error).toEqual(['VALUE_OUT_OF_RANGE', expect.stringContaining('shop: orders')])
}, 60_000)

test('of whole rows the longest is known, and no more is asked of the reader', async () => {
  await using engine = await openDuckDb({ threads: 4 })
  await using connection = await engine.connect()
  async function* stream() {
    yield csv([['1', 'short']])
    yield csv([['2', 'y'.repeat(20e6)]])
    yield csv([['3', 'short']])
  }
  for await (const file of spool(stream(), { dir: join(folder, 'whole'), wholeRows: true })) {
    await using _ = file
    expect(file.rowBytes).toBeGreaterThanOrEqual(20e6)
    expect(file.rowBytes).toBeLessThan(21e6)
    const relation = (given: object) => spooledRelation([file.path], schema({ kind: 'long' }, text), given)
    const lengths = await connection.rows(sql`select length(c1) as l from ${relation(file)} order by c0`)
    expect(lengths.map(({ l }) => Number(l))).toEqual([5, 20e6, 5])
    await expect(connection.rows(sql`select * from ${relation({})}`)).rejects.toThrow()
  }
})

test('no file is a relation without rows, with the types', async () => {
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  const types: DataType[] = [
    { kind: 'decimal', precision: 10, scale: 2 },
    { kind: 'timestamp' },
    { kind: 'array', element: text, containsNull: true },
  ]
  const relation = spooledRelation([], schema(...types))
  expect((await connection.describe(sql`select * from ${relation}`)).fields.map(({ type }) => type)).toEqual(types)
  expect(await connection.rows(sql`select * from ${relation}`)).toEqual([])
})

test.each([
  [{ kind: 'integer' }, '2147483648'],
  [{ kind: 'decimal', precision: 4, scale: 2 }, '123.45'],
  [{ kind: 'decimal', precision: 4, scale: 2 }, 'NaN'],
  [{ kind: 'date' }, 'infinity'],
  [{ kind: 'timestamp' }, '-infinity'],
  [{ kind: 'timestamp_ntz' }, '294276-12-31 23:59:59'],
  [{ kind: 'date' }, '2024-02-30'],
  [{ kind: 'array', element: { kind: 'integer' }, containsNull: true }, '[["1"],["2"]]'],
  [{ kind: 'array', element: { kind: 'integer' }, containsNull: true }, '["x"]'],
  [{ kind: 'boolean' }, 'perhaps'],
  [{ kind: 'uuid' }, 'x'],
] as const)('a value that %o does not hold is VALUE_OUT_OF_RANGE: %s', async (type, value) => {
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  for await (const file of spool(
    pieces(
      csv([
        ['1', null],
        ['2', value],
      ]),
      64,
    ),
    { dir: join(folder, 'range') },
  )) {
    await using _ = file
    const relation = spooledRelation([file.path], schema({ kind: 'long' }, type as DataType))
    const error = await connection
      .rows(sql`select * from ${relation}`)
      .catch((thrown) => spoolError(thrown, 'shop: orders'))
    expect(error).toMatchObject({ code: 'VALUE_OUT_OF_RANGE' })
    expect(String(error)).toContain('"c1" of shop: orders')
  }
})
