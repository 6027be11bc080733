import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Engine, openDuckDb } from '../../../src/data/engine/index.ts'
import { createDataFrame, frameSession, withSession } from '../../../src/data/frame/index.ts'
import { peerPython } from '../../services/peers.ts'
import { ROWS, SCHEMA } from './arrow-rows.ts'

/** Each value as text, the same for both readers. */
const SHOW = `
import json, sys, datetime, decimal
def plain(v):
    if isinstance(v, (list, tuple)): return [plain(x) for x in v]
    if isinstance(v, dict): return {str(k): plain(x) for k, x in v.items()}
    if isinstance(v, bytes): return v.hex()
    if isinstance(v, (datetime.date, datetime.datetime)): return v.isoformat()
    if isinstance(v, decimal.Decimal): return format(v, 'f')
    return str(v) if isinstance(v, int) and not isinstance(v, bool) else v
`
const READ: Record<string, string> = {
  polars: `${SHOW}
import polars
frame = polars.read_ipc_stream(sys.argv[1])
print(json.dumps([plain(row) for row in frame.rows()]))`,
  deltalake: `${SHOW}
import pyarrow
table = pyarrow.ipc.open_stream(open(sys.argv[1], 'rb')).read_all()
table.validate(full=True)
rows = [[dict(v) if n == 'm' and v is not None else v for n, v in row.items()] for row in table.to_pylist()]
print(json.dumps([plain(row) for row in rows]))`,
}
const EXPECTED = [
  [true, '1', '2', '3', '9007199254740993', 1.5, 0.1, '12.50', '12345678901234567890123456.789', 'it’s €', '6869', '2024-02-29',
    '2024-02-29T12:34:56.789123+00:00', '2024-02-29T12:34:56.789123', ['1', null, '3'], { x: '1', y: 'a' }, { k: '1' }, [{ z: ['q'] }, null]],
  Array.from({ length: 18 }, () => null),
  [false, '-128', '-32768', '-2147483648', '-9223372036854775808', -2, 1e300, '-0.01', '-1.000', '', '', '0001-01-01',
    '1900-01-01T00:00:00+00:00', '9999-12-31T23:59:59.999999', [], { x: null, y: null }, {}, []],
] // biome-ignore format: a table

let dir = ''
let engine: Engine
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-arrow-'))
  engine = await openDuckDb({ threads: 1 })
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

describe.each(['polars', 'deltalake'])(
  'toArrow() read by the Python of %s (enable: scripts/peers/install-python.sh)',
  (peer) => {
    test.skipIf(!existsSync(peerPython(peer)))('holds every value of every type', async () => {
      const session = await frameSession({ engine })
      const frame = createDataFrame(ROWS, SCHEMA)
      const file = join(dir, `${peer}.arrow`)
      await writeFile(file, await withSession(session, () => frame.toArrow()))
      const read = execFileSync(peerPython(peer), ['-c', READ[peer] ?? '', file], { encoding: 'utf8' })
      expect(JSON.parse(read)).toEqual(EXPECTED)
    })

    test.skipIf(!existsSync(peerPython(peer)))('of no rows has the columns', async () => {
      const session = await frameSession({ engine })
      const file = join(dir, `${peer}-none.arrow`)
      await writeFile(file, await withSession(session, () => createDataFrame([], SCHEMA).toArrow()))
      expect(JSON.parse(execFileSync(peerPython(peer), ['-c', READ[peer] ?? '', file], { encoding: 'utf8' }))).toEqual(
        [],
      )
    })
  },
)
