import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import type { Row } from '../../../../src/base/kernel/index.ts'
import { sql } from '../../../../src/base/sql/index.ts'
import { localStore } from '../../../../src/base/store/index.ts'
import type { Engine, EngineConnection } from '../../../../src/data/engine/index.ts'
import { DeltaTable, type ParquetPort } from '../../../../src/data/table/index.ts'
import { comparable, DELTALAKE_HINT, hasDeltalake, python } from '../../../services/deltalake.ts'
import { duckDbFolder } from '../../../services/duckdb-folder.ts'

/** Tables that deltalake writes at random; another range is for a longer run. */
const FIRST = Number(process.env.MILLRACE_DELTALAKE_SEED ?? 1)
const TABLES = Number(process.env.MILLRACE_DELTALAKE_TABLES ?? 8)

interface Written {
  readonly seed: number
  readonly versions: readonly { readonly version: number; readonly rows: Row[] }[]
  readonly changes?: Row[] | null
}

let dir: string
let engine: Engine
let connection: EngineConnection
beforeAll(async () => {
  const own = await duckDbFolder('deltalake', 2)
  ;({ dir, engine, connection } = own)
  return own.remove
})

test.skipIf(!hasDeltalake)(
  `every version that deltalake writes is read as it reads it itself (${DELTALAKE_HINT})`,
  async () => {
    const script = join(import.meta.dirname, 'deltalake-writes.py')
    const { stdout } = await promisify(execFile)(python, [script, dir, String(FIRST), String(TABLES)], {
      maxBuffer: 1 << 28,
    })
    const written = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Written)
    expect(written).toHaveLength(TABLES)
    for (const { seed, versions, changes } of written) {
      const open = (version?: number) =>
        DeltaTable.open(localStore(dir), String(seed), {
          parquet: engine.files as ParquetPort<never>,
          ...(version === undefined ? {} : { version }),
        })
      let followed: DeltaTable | undefined
      for (const { version, rows } of versions) {
        const table = await open(version)
        const found = await connection.rows(sql`select * from ${await table.relation()} as t`)
        expect(comparable(found), `seed ${seed}, version ${version}`).toEqual(comparable(rows))
        followed ??= table
      }
      // Following the log leads to the same files as opening it anew.
      await followed?.refresh()
      const files = (table: DeltaTable | undefined) => table?.snapshot.files.map(({ path }) => path).sort()
      expect(files(followed), `seed ${seed}`).toEqual(files(await open()))
      if (!changes) continue
      const told = await (await open()).changes({ from: 0 })
      const found = await connection.rows<Row>(sql`select * exclude (_commit_timestamp) from ${told.sql} as t`)
      expect(comparable(found), `changes of seed ${seed}`).toEqual(comparable(changes))
    }
  },
  300_000,
)
