import type { Row } from '../../base/kernel/index.ts'
import { type Sql, sql } from '../../base/sql/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'
import type { MapCheck } from './expectation.ts'

/** The check with its `decide` carried out: the distinct texts that are not as expected become a condition in SQL. */
export async function decided(
  connection: EngineConnection,
  relation: Sql,
  check: MapCheck,
  signal?: AbortSignal,
): Promise<MapCheck> {
  const [column] = check.sample
  if (!check.decide || !column) return check
  const { expected, among = sql`true` } = check.decide
  const looked = sql`select distinct ${column.sql} as text from ${relation}
    where ${column.sql} is not null and (${among})`
  const rows = await connection.rows<Row>(looked, signal ? { signal } : {})
  const refused = rows.map((row) => String(row.text)).filter((text) => !expected(text))
  if (refused.length === 0) return { ...check, unexpected: sql`false` }
  const bound = JSON.stringify(refused)
  const texts =
    column.dialect === 'postgres'
      ? sql`select json_array_elements_text(cast(${bound} as json))`
      : sql`select unnest(from_json(${bound}, '["VARCHAR"]'))`
  return { ...check, unexpected: sql`${column.sql} in (${texts})` }
}
