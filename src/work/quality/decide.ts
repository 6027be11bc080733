import { join, type Sql, sql } from '../../base/sql/index.ts'
import { chunkRows, type EngineConnection } from '../../data/engine/index.ts'
import type { MapCheck } from './expectation.ts'
import { withinTime } from './within-time.ts'

/** How many texts are looked at in one go, and how long that may take. */
const AT_ONCE = 1000
const MOST_MS = 5000
/** How many texts one value holds that goes back to the engine. */
const MOST_BOUND = 20_000

/**
 * The check with its `decide` carried out: the distinct texts that are not as expected become a condition in SQL.
 * @throws MillraceError EXPECTATION_INVALID when looking at texts takes too long
 */
export async function decided(
  connection: EngineConnection,
  relation: Sql,
  check: MapCheck,
  signal?: AbortSignal,
): Promise<MapCheck> {
  const [column] = check.sample
  if (!check.decide || !column) return check
  const { expected, among = sql`true`, text = column.sql } = check.decide
  const looked = sql`select distinct ${text} as text from ${relation} where ${column.sql} is not null and (${among})`
  const found = await connection.query(looked, signal ? { signal } : {})
  const refused: string[] = []
  for await (const chunk of found) {
    const all = chunkRows(chunk, found.schema)
    for (let start = 0; start < all.length; start += AT_ONCE) {
      const texts = all.slice(start, start + AT_ONCE).map((row) => String(row.text))
      const unmet = () => texts.filter((one) => !expected(one))
      refused.push(...withinTime(unmet, MOST_MS, `looking at ${texts.length} texts of "${column.name}"`))
    }
  }
  if (refused.length === 0) return { ...check, unexpected: sql`false` }
  // One value of a million texts takes an engine far more memory than many values of some.
  const parts = Array.from({ length: Math.ceil(refused.length / MOST_BOUND) }, (_, part) => {
    const bound = JSON.stringify(refused.slice(part * MOST_BOUND, (part + 1) * MOST_BOUND))
    return column.dialect === 'postgres'
      ? sql`select json_array_elements_text(cast(${bound} as json))`
      : sql`select unnest(from_json(${bound}, '["VARCHAR"]'))`
  })
  return { ...check, unexpected: sql`${text} in (${join(parts, ' union all ')})` }
}
