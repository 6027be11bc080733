import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import type { Row } from '../../../../../src/base/kernel/index.ts'
import { sql } from '../../../../../src/base/sql/index.ts'
import { localStore } from '../../../../../src/base/store/index.ts'
import type { Engine, EngineConnection } from '../../../../../src/data/engine/index.ts'
import { DeltaTable, type ParquetPort } from '../../../../../src/data/table/index.ts'
import { comparable } from '../../../../services/deltalake.ts'
import { duckDbFolder } from '../../../../services/duckdb-folder.ts'
import { everyWrite } from './every-write.ts'
import { KINDS_OF_TABLE } from './kinds-of-table.ts'

/** A Python with pyspark 4.2, and Java; Spark fetches delta-spark by itself and takes minutes. */
const python = process.env.MILLRACE_TEST_DELTA_SPARK

let dir: string
let engine: Engine
let connection: EngineConnection
beforeAll(async () => {
  const own = await duckDbFolder('spark', 2)
  ;({ dir, engine, connection } = own)
  return own.remove
})

async function read(path: string): Promise<string[]> {
  const table = await DeltaTable.open(localStore(dir), path, { parquet: engine.files as ParquetPort<never> })
  return comparable(await connection.rows<Row>(sql`select * from ${await table.relation()} as t`))
}

test.skipIf(!python)(
  'delta-spark reads what every kind of write here left and goes on with it, and we read what comes of that (enable: MILLRACE_TEST_DELTA_SPARK=$(bash scripts/peers/install-python.sh pyspark))',
  async () => {
    for (const [at, kind] of KINDS_OF_TABLE.entries()) await everyWrite(dir, String(at), kind, connection)
    const before = await Promise.all(KINDS_OF_TABLE.map((_, at) => read(String(at))))
    const script = join(import.meta.dirname, 'spark-goes-on.py')
    const folders = KINDS_OF_TABLE.map((_, at) => join(dir, String(at)))
    const { stdout } = await promisify(execFile)(python ?? '', [script, ...folders], { maxBuffer: 1 << 28 })
    const lines = stdout.split('\n').filter((line) => line.startsWith('{'))
    expect(lines).toHaveLength(KINDS_OF_TABLE.length)
    for (const [at, line] of lines.entries()) {
      const told = JSON.parse(line) as { before?: Row[]; rows?: Row[]; refused?: string }
      expect([KINDS_OF_TABLE[at]?.name, told.refused]).toEqual([KINDS_OF_TABLE[at]?.name, undefined])
      expect(comparable(told.before ?? [])).toEqual(before[at])
      expect(await read(String(at))).toEqual(comparable(told.rows ?? []))
    }
  },
  1_800_000,
)
