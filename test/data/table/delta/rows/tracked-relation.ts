import { id, type Sql, sql } from '../../../../../src/base/sql/index.ts'
import { trackedColumns } from '../../../../../src/data/table/delta/row-tracking/tracked-columns.ts'
import { trackedRows } from '../../../../../src/data/table/delta/row-tracking/tracked-rows.ts'
import type { DeltaTable } from '../../../../../src/data/table/index.ts'

/** The rows of a table that tracks them: `id`, and as `row` and `version` what Spark's metadata columns tell; undefined of any other. */
export async function trackedRelation(table: DeltaTable): Promise<Sql | undefined> {
  const { snapshot, log } = table
  const columns = trackedColumns(snapshot)
  if (!columns) return undefined
  const numbers = snapshot.files.map((_, at) => at)
  const relation = trackedRows(log, snapshot, snapshot.files, await table.readable(), columns, { numbers })
  const [row, version] = [id(columns.rowId.name), id(columns.commitVersion.name)]
  return sql`(select id, ${row} as row, ${version} as version from ${relation} as tracked)`
}
