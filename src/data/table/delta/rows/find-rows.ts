import { id, type Sql, sql } from '../../../../base/sql/index.ts'
import { ROW_PLACE } from '../../parquet-port.ts'
import { ANY_ROW, type RowCondition } from '../../row-condition.ts'
import type { DeltaTable } from '../delta-table.ts'
import { Expressions, type Given } from '../expression/table-expression.ts'
import { filesThatMayHold } from '../skip-files.ts'
import { beginChange } from './begin-change.ts'
import type { ChangeOptions } from './changing-connection.ts'
import { checkConditions } from './check-conditions.ts'
import { allOf, rowsOf, type TargetRows } from './target-rows.ts'

/** What conditions and values call the table's rows when nothing else is said. */
export const TARGET = 'target'

/** Rows that a condition finds. */
export interface Found {
  readonly target: TargetRows
  /** What of the table it has looked at. */
  readonly where: RowCondition
  /** A query of the rows, as hits of the first clause. */
  readonly hits: Sql
}

/** Finds the rows that meet a condition (all by default), of the table's newest version. */
export async function findRows(
  table: DeltaTable,
  condition: Given | undefined,
  options: ChangeOptions,
): Promise<Found> {
  const base = await beginChange(table, options)
  const over = new Expressions([{ alias: TARGET, schema: base.schema }])
  const where = condition === undefined ? ANY_ROW : over.condition(condition, TARGET)
  const meets = condition === undefined ? sql`true` : over.sql(condition)
  const target: TargetRows = { table, base, files: filesThatMayHold(base, where) }
  const rows = await rowsOf(target, allOf(target), options)
  if (condition !== undefined) {
    await checkConditions(options.connection, [{ given: condition, sql: meets }], sql`from ${rows} as ${id(TARGET)}`)
  }
  const place = sql`${id(TARGET, ROW_PLACE.file)}, ${id(TARGET, ROW_PLACE.row)}`
  const hits = sql`select ${place}, cast(0 as integer) as clause, cast(null as bigint) as source from ${rows} as ${id(TARGET)} where ${meets}`
  return { target, where, hits }
}
