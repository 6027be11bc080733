/**
 * One act of maintenance on a table in a process of its own, to be killed by a failpoint:
 * `maintain.ts FOLDER optimize|zorder|vacuum|checkpoint|restore|convert|clone`.
 */
import { localStore } from '../../../../src/base/store/index.ts'
import { openDuckDb } from '../../../../src/data/engine/index.ts'
import {
  checkpoint,
  DeltaTable,
  optimize,
  type ParquetPort,
  restore,
  shallowClone,
  vacuum,
} from '../../../../src/data/table/index.ts'

const [folder = '', act = ''] = process.argv.slice(2)
await using engine = await openDuckDb({ threads: 1 })
await using connection = await engine.connect()
const parquet = engine.files as ParquetPort<never>
const open = () => DeltaTable.open(localStore(folder), '', { parquet })
const acts: Record<string, () => Promise<unknown>> = {
  optimize: async () => optimize(await open(), { connection, commitBytes: 1 }),
  zorder: async () => optimize(await open(), { connection, zOrderBy: ['id'] }),
  vacuum: async () => vacuum(await open(), { retainMs: 0, allowShortRetention: true }),
  checkpoint: async () => checkpoint(await open()),
  restore: async () => restore(await open(), { version: 2 }),
  convert: async () => DeltaTable.convert(localStore(folder), { parquet }),
  clone: async () => shallowClone(await open(), localStore(`${folder}-clone`)),
}
await acts[act]?.()
