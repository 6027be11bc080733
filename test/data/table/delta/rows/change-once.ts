/**
 * One change of a table for the crash tests: `change-once.ts FOLDER STEP`, to be killed by a failpoint. Each step can be
 * done again without harm.
 */
import { sql } from '../../../../../src/base/sql/index.ts'
import { openStore } from '../../../../../src/base/store/index.ts'
import { openDuckDb } from '../../../../../src/data/engine/index.ts'
import { DeltaTable, type ParquetPort, replaceWhere } from '../../../../../src/data/table/index.ts'

const [folder = '', step = ''] = process.argv.slice(2)
await using engine = await openDuckDb({ threads: 1 })
await using connection = await engine.connect()
const table = await DeltaTable.open(openStore(folder), '', { parquet: engine.files as ParquetPort<never> })
const rows = sql`select range as id, 'new' as v from range(5, 15)`
switch (step) {
  case 'delete':
    await table.delete('id % 3 = 0', { connection })
    break
  case 'update':
    await table.update({ condition: "id % 3 = 1 and v <> 'new'", set: { v: "'new'" }, connection })
    break
  case 'merge':
    await table
      .merge(rows, 'target.id = source.id', { connection })
      .whenMatchedUpdateAll()
      .whenNotMatchedInsertAll()
      .execute()
    break
  case 'replace':
    await replaceWhere(table, rows, 'id >= 5', { connection })
    break
  case 'alter':
    await table.addConstraint('c', 'id >= 0', { connection })
    break
}
