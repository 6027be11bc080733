import { type Sql, sql } from '../../../../../src/base/sql/index.ts'
import { localStore } from '../../../../../src/base/store/index.ts'
import type { EngineConnection } from '../../../../../src/data/engine/index.ts'
import { appendTo, DeltaTable, overwrite, type ParquetPort, replaceWhere } from '../../../../../src/data/table/index.ts'

/** The newest version of a table that `everyWrite` has made. */
export const LAST_VERSION = 8

export const rowsFrom = (from: number, count: number): Sql =>
  sql`select range as id, case when range % 2 = 0 then 'a' end as part, 'n' || range as note from range(${from}, ${from + count})`

/** A table to which every kind of write was done once. */
export async function everyWrite(
  dir: string,
  path: string,
  { properties, partitionBy }: { properties: Readonly<Record<string, string>>; partitionBy: readonly string[] },
  connection: EngineConnection,
): Promise<void> {
  const parquet = connection.engine.files as ParquetPort<never>
  const schema = await connection.describe(rowsFrom(0, 1))
  const table = await DeltaTable.create(localStore(dir), { path, schema, properties, partitionBy, parquet })
  await appendTo(table, rowsFrom(0, 40), { connection })
  await overwrite(table, rowsFrom(0, 50), { connection })
  await table.delete('id % 7 = 3', { connection })
  await table.update({ condition: 'id > 40', set: { note: "'late'" }, connection })
  await table
    .merge(rowsFrom(45, 20), 'target.id = source.id', { connection })
    .whenMatchedDelete({ condition: 'source.id = 46' })
    .whenMatchedUpdateAll()
    .whenNotMatchedInsertAll()
    .whenNotMatchedBySourceDelete({ condition: 'target.id < 5' })
    .execute()
  await replaceWhere(table, rowsFrom(60, 3), 'id >= 60', { connection })
  await table.addConstraint('positive', 'id >= 0', { connection })
  await table.addColumns([{ name: 'more', type: { kind: 'double' }, nullable: true }])
}
