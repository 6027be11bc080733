import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as arrow from 'apache-arrow'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Engine, openDuckDb } from '../../../src/data/engine/index.ts'
import { createDataFrame, type Frame, frameSession, range, read, withSession } from '../../../src/data/frame/index.ts'
import { peerPython } from '../../services/peers.ts'
import { ROWS, SCHEMA } from './arrow-rows.ts'

let dir = ''
let engine: Engine
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-read-arrow-'))
  engine = await openDuckDb({ threads: 1 })
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

const within = async <T>(work: () => Promise<T>) => withSession(await frameSession({ engine, dir }), work)
// biome-ignore lint/suspicious/noExplicitAny: frames of any rows
const told = async (frame: Frame<any>) => ({ schema: await frame.schema(), rows: await frame.collect() })

describe('what toArrow() gives', () => {
  test('is the same frame when it is given back, as bytes, as a table and as a file', () =>
    within(async () => {
      const frame = createDataFrame(ROWS, SCHEMA)
      const bytes = await frame.toArrow()
      const expected = await told(frame)
      await writeFile(join(dir, 'rows.arrow'), bytes)
      expect(await told(createDataFrame(bytes))).toEqual(expected)
      expect(await told(createDataFrame(arrow.tableFromIPC(bytes)))).toEqual(expected)
      expect(await told(read.arrow(join(dir, 'rows.arrow')))).toEqual(expected)
      await writeFile(join(dir, 'file.arrow'), arrow.tableToIPC(arrow.tableFromIPC(bytes), 'file'))
      expect(await told(read.format('arrow').load(join(dir, 'file.arrow')))).toEqual(expected)
      expect(await createDataFrame(bytes).toArrow()).toEqual(bytes)
    }))

  test('of no rows has its columns', () =>
    within(async () => {
      const frame = createDataFrame([], SCHEMA)
      expect(await told(createDataFrame(await frame.toArrow()))).toEqual(await told(frame))
    }))

  test('of several batches has all rows in their order', () =>
    within(async () => {
      const bytes = await range(10_000).toArrow()
      expect(arrow.tableFromIPC(bytes).batches.length).toBeGreaterThan(1)
      const ids = (await createDataFrame<{ id: bigint }>(bytes).collect()).map(({ id }) => Number(id))
      expect(ids).toEqual(Array.from({ length: 10_000 }, (_, i) => i))
    }))
})

describe('a table of apache-arrow', () => {
  test('with dictionaries, nulls and nested parts reads as its values', () =>
    within(async () => {
      const words = arrow.vectorFromArray(
        ['a', 'b', null, 'a'],
        new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8()),
      )
      const pair = new arrow.FixedSizeList(2, new arrow.Field('item', new arrow.Int16(), true))
      const table = new arrow.Table({
        words,
        numbers: arrow.vectorFromArray([1, 2, 3, null], new arrow.Uint8()),
        nothing: arrow.vectorFromArray([null, null, null, null], new arrow.Null()),
        pairs: arrow.vectorFromArray([[1, 2], null, [3, 4], [5, 6]], pair),
      })
      expect(await createDataFrame(table).collect()).toEqual([
        { words: 'a', numbers: 1, nothing: null, pairs: [1, 2] },
        { words: 'b', numbers: 2, nothing: null, pairs: null },
        { words: null, numbers: 3, nothing: null, pairs: [3, 4] },
        { words: 'a', numbers: null, nothing: null, pairs: [5, 6] },
      ])
      expect(await createDataFrame(table.slice(1, 3)).select('words', 'pairs').collect()).toEqual([
        { words: 'b', pairs: null },
        { words: null, pairs: [3, 4] },
      ])
      expect(await createDataFrame(table, ['w', 'n', 'o', 'p']).columns()).toEqual(['w', 'n', 'o', 'p'])
      expect(await createDataFrame(table, 'numbers int, words string, more date').limit(1).collect()).toEqual([
        { numbers: 1, words: 'a', more: null },
      ])
    }))
})

describe('bytes that are no whole Arrow', () => {
  test.each([
    ['nothing', () => new Uint8Array()],
    ['text', () => Buffer.from('id,name\n1,a\n2,b\n')],
    ['a stream that is cut off', (whole: Uint8Array) => whole.slice(0, whole.length - 200)],
    ['a stream with its middle overwritten', (whole: Uint8Array) => whole.slice().fill(255, 100, 300)],
  ] as const)('%s is refused with the line that gives it', (_, damage) =>
    within(async () => {
      const bytes = damage(await createDataFrame(ROWS, SCHEMA).toArrow())
      await writeFile(join(dir, 'bad.arrow'), bytes)
      for (const frame of [createDataFrame(bytes), read.arrow(join(dir, 'bad.arrow'))]) {
        const thrown = await frame.collect().then(
          () => undefined,
          (error) => error,
        )
        expect(thrown).toMatchObject({ code: 'SOURCE_MALFORMED' })
        expect(`${thrown.message} ${JSON.stringify(thrown.at)}`).toContain('read-arrow.test.ts')
      }
    }),
  )

  test('whose values have any byte changed give rows, or are refused by a code', { timeout: 60_000 }, () =>
    within(async () => {
      const whole = await createDataFrame(ROWS, SCHEMA).toArrow()
      const messages = new arrow.MessageReader(whole)
      messages.readSchema()
      const body = messages.readMessage()?.bodyLength ?? 0
      expect(body).toBeGreaterThan(500)
      // The end of the stream is 8 bytes.
      const place = fc.integer({ min: whole.length - 8 - body, max: whole.length - 9 })
      const places = fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 3 })
      const damage = async (changes: readonly (readonly [number, number])[]) => {
        const bytes = whole.slice()
        for (const [at, value] of changes) bytes[at] = value
        const outcome = await createDataFrame(bytes)
          .collect()
          .then(
            () => 'rows',
            (error) => error.code ?? String(error.stack),
          )
        expect(outcome).toMatch(/^(rows|SOURCE_MALFORMED)$/)
      }
      await fc.assert(fc.asyncProperty(places, damage), { numRuns: 200 })
    }),
  )

  test('a missing file, and a type that no column has, are told', () =>
    within(async () => {
      await expect(read.arrow(join(dir, 'none.arrow')).collect()).rejects.toMatchObject({ code: 'SOURCE_EMPTY' })
      const table = new arrow.Table({ d: arrow.vectorFromArray([1n], new arrow.DurationSecond()) })
      await expect(createDataFrame(table).collect()).rejects.toMatchObject({ code: 'TYPE_UNSUPPORTED' })
    }))
})

const ROWS_OF_PEERS = `
import datetime, decimal
D, T = datetime.date, datetime.datetime
utc = datetime.timezone.utc
columns = {
  'i': [1, None, -3], 's': ['x', None, 'a text of more than twelve bytes €'], 'f': [0.5, None, -1e300],
  'd': [D(2024, 2, 29), None, D(1, 1, 1)], 't': [T(2024, 1, 1, 1, 2, 3, 4), None, T(1900, 1, 1)],
  'z': [T(2024, 1, 1, 1, 2, 3, 4, tzinfo=utc), None, T(1900, 1, 1, tzinfo=utc)],
  'l': [['p', None], None, []], 'st': [{'x': 1, 'y': ['a']}, None, {'x': None, 'y': None}],
  'dec': [decimal.Decimal('1.25'), None, decimal.Decimal('-3.50')], 'bin': [b'abc', None, b''], 'b': [True, None, False],
}
`
const WRITE: Readonly<Record<string, string>> = {
  polars: `import sys, polars as pl
${ROWS_OF_PEERS}
frame = pl.DataFrame(columns).with_columns(pl.Series('c', ['u', None, 'u'], dtype=pl.Categorical), e=pl.Series(['v', None, 'w'], dtype=pl.Enum(['v', 'w'])))
frame = pl.concat([frame, frame], rechunk=False)
out = sys.argv[1]
frame.write_ipc_stream(out + '/stream.arrow')
frame.write_ipc(out + '/file.arrow')
frame.write_ipc(out + '/old.arrow', compat_level=pl.CompatLevel.oldest())
frame.write_ipc(out + '/lz4.arrow', compression='lz4')
frame.write_ipc(out + '/zstd.arrow', compression='zstd')`,
  deltalake: `import sys, pyarrow as pa, pyarrow.feather as feather
${ROWS_OF_PEERS}
table = pa.table({**columns, 'dec': pa.array(columns['dec'], pa.decimal128(9, 2))})
table = table.append_column('c', pa.array(['u', None, 'u']).dictionary_encode()).append_column('e', pa.array(['v', None, 'w']).dictionary_encode())
table = pa.concat_tables([table, table])
out = sys.argv[1]
with pa.ipc.new_stream(out + '/stream.arrow', table.schema) as w: w.write_table(table, max_chunksize=2)
with pa.ipc.new_file(out + '/file.arrow', table.schema) as w: w.write_table(table, max_chunksize=4)
feather.write_feather(table, out + '/old.arrow', compression='uncompressed')
feather.write_feather(table, out + '/lz4.arrow', compression='lz4')
feather.write_feather(table, out + '/zstd.arrow', compression='zstd')`,
}
const VALUES = [
  { i: 1n, s: 'x', f: 0.5, d: '2024-02-29', t: '2024-01-01T01:02:03.000004', z: '2024-01-01T01:02:03.000004Z', l: ['p', null],
    st: { x: 1n, y: ['a'] }, dec: '1.25', bin: new Uint8Array([97, 98, 99]), b: true, c: 'u', e: 'v' },
  { i: null, s: null, f: null, d: null, t: null, z: null, l: null, st: null, dec: null, bin: null, b: null, c: null, e: null },
  { i: -3n, s: 'a text of more than twelve bytes €', f: -1e300, d: '0001-01-01', t: '1900-01-01T00:00:00.000000', z: '1900-01-01T00:00:00.000000Z',
    l: [], st: { x: null, y: null }, dec: '-3.50', bin: new Uint8Array(), b: false, c: 'u', e: 'w' },
] // biome-ignore format: a table

describe.each(['polars', 'deltalake'])(
  'files of the Python of %s (enable: scripts/peers/install-python.sh)',
  (peer) => {
    test.skipIf(!existsSync(peerPython(peer)))('read equal, packed or not', { timeout: 60_000 }, () =>
      within(async () => {
        const folder = await mkdtemp(join(dir, peer))
        execFileSync(peerPython(peer), ['-c', WRITE[peer] ?? '', folder], { encoding: 'utf8' })
        for (const name of ['stream', 'file', 'old', 'lz4', 'zstd']) {
          const rows = await read.arrow(join(folder, `${name}.arrow`)).collect()
          expect(rows, name).toEqual([...VALUES, ...VALUES])
        }
        expect(await read.arrow(folder).count()).toBe(30)
      }),
    )
  },
)
