import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import type { Row } from '../../../../../src/base/kernel/index.ts'
import { sql } from '../../../../../src/base/sql/index.ts'
import { localStore } from '../../../../../src/base/store/index.ts'
import type { Engine, EngineConnection } from '../../../../../src/data/engine/index.ts'
import { DeltaTable, type ParquetPort } from '../../../../../src/data/table/index.ts'
import { comparable, DELTALAKE_HINT, hasDeltalake, python } from '../../../../services/deltalake.ts'
import { duckDbFolder } from '../../../../services/duckdb-folder.ts'
import { everyWrite, LAST_VERSION, rowsFrom } from './every-write.ts'
import { KINDS_OF_TABLE } from './kinds-of-table.ts'

let dir: string
let engine: Engine
let connection: EngineConnection
beforeAll(async () => {
  const own = await duckDbFolder('goes-on', 2)
  ;({ dir, engine, connection } = own)
  return own.remove
})

async function read(path: string): Promise<Row[]> {
  const table = await DeltaTable.open(localStore(dir), path, { parquet: engine.files as ParquetPort<never> })
  return connection.rows<Row>(sql`select * from ${await table.relation()} as t`)
}

interface GoneOn {
  readonly rows?: Row[]
  readonly version?: number
  readonly refused?: string
}

test.skipIf(!hasDeltalake)(
  `deltalake appends to, merges into and compacts what every kind of write here left, and we read what comes of it (${DELTALAKE_HINT})`,
  async () => {
    for (const [at, kind] of KINDS_OF_TABLE.entries()) await everyWrite(dir, String(at), kind, connection)
    const script = join(import.meta.dirname, 'deltalake-goes-on.py')
    const folders = KINDS_OF_TABLE.map((_, at) => join(dir, String(at)))
    const { stdout } = await promisify(execFile)(python, [script, ...folders], { maxBuffer: 1 << 28 })
    const outcomes = JSON.parse(stdout) as GoneOn[]
    for (const [at, { rows: found, version, refused }] of outcomes.entries()) {
      const { name, properties } = KINDS_OF_TABLE[at] ?? { name: '', properties: {} }
      // It does not write to tables that map their columns or track rows, and says so.
      if ('delta.columnMapping.mode' in properties)
        expect([name, refused]).toEqual([name, expect.stringMatching(/column ?mapping/i)])
      else if ('delta.enableRowTracking' in properties)
        expect([name, refused]).toEqual([name, expect.stringMatching(/RowTracking/)])
      else {
        expect([name, refused, version]).toEqual([name, undefined, LAST_VERSION + 4])
        expect([name, comparable(await read(String(at)))]).toEqual([name, comparable(found ?? [])])
      }
    }
    // And back again, on what deltalake wrote.
    const table = await DeltaTable.open(localStore(dir), '0', { parquet: engine.files as ParquetPort<never> })
    const before = await read('0')
    await table.delete('id between 200 and 204', { connection })
    await table.merge(rowsFrom(205, 2), 'target.id = source.id', { connection }).whenMatchedDelete().execute()
    expect(comparable(await read('0'))).toEqual(
      comparable(before.filter(({ id }) => Number(id) < 200 || Number(id) > 206)),
    )
  },
)
