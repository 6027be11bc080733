import { id, join, type Sql, sql } from '../../base/sql/index.ts'
import { chunkRows, type EngineConnection } from '../../data/engine/index.ts'
import type { Column, Decision, MapCheck } from './expectation.ts'
import { withinTime } from './within-time.ts'

/** How many texts are looked at in one go, and how long that may take. */
const AT_ONCE = 1000
const MOST_MS = 5000
/** How many texts are read, and how many one value holds that goes back to the engine. */
const MOST_BOUND = 20_000

/** What looking at texts needs. */
export interface Deciding {
  readonly connection: EngineConnection
  readonly relation: Sql
  readonly signal?: AbortSignal
}

let tables = 0

/**
 * Works on the check with its `decide` carried out: the distinct texts that are not as expected become a condition in
 * SQL. DuckDB keeps the texts in temporary tables, which are there while the work lasts; they cannot be seen on other
 * connections.
 * @throws MillraceError EXPECTATION_INVALID when looking at texts takes too long
 */
export async function whileDecided<T>(
  { connection, relation, signal }: Deciding,
  check: MapCheck,
  work: (decided: MapCheck) => Promise<T>,
): Promise<T> {
  const [column] = check.sample
  if (!check.decide || !column) return work(check)
  if (column.dialect !== 'duckdb')
    return work(await decided({ connection, relation, ...(signal ? { signal } : {}) }, check))
  const { expected, text = column.sql } = check.decide
  tables += 1
  const [seen, refused] = [id(`millrace_seen_${tables}`), id(`millrace_refused_${tables}`)]
  const asked = signal ? { signal } : {}
  await connection.execute(
    sql`create temporary table ${seen} as select row_number() over () - 1 as place, text from (${looked(relation, column, check.decide)}) as texts`,
    asked,
  )
  await connection.execute(sql`create temporary table ${refused} (text varchar)`, asked)
  for (let from = 0, more = true; more; from += MOST_BOUND) {
    const rows = await connection.rows<{ text: string }>(
      sql`select text from ${seen} where place >= ${from} and place < ${from + MOST_BOUND} order by place`,
      asked,
    )
    const unmet = rows.flatMap((_, at) => (at % AT_ONCE === 0 ? unmetOf(rows, at, expected, column) : []))
    more = rows.length === MOST_BOUND
    if (unmet.length === 0) continue
    const bound = JSON.stringify(unmet)
    await connection.execute(sql`insert into ${refused} select unnest(from_json(${bound}, '["VARCHAR"]'))`, asked)
  }
  await connection.execute(sql`drop table ${seen}`)
  const result = await work({ ...check, unexpected: sql`${text} in (select text from ${refused})` })
  // When the work fails, its transaction takes the table away.
  await connection.execute(sql`drop table ${refused}`)
  return result
}

/** Of the texts from a place on, as many as are looked at in one go, those that are not as expected. */
function unmetOf(
  rows: readonly { readonly text: string }[],
  start: number,
  expected: Decision['expected'],
  column: Column,
): string[] {
  const texts = rows.slice(start, start + AT_ONCE).map((row) => String(row.text))
  const look = () => texts.filter((one) => !expected(one))
  return withinTime(look, MOST_MS, `looking at ${texts.length} texts of "${column.name}"`)
}

function looked(relation: Sql, column: Column, { among = sql`true`, text = column.sql }: Decision): Sql {
  return sql`select distinct ${text} as text from ${relation} where ${column.sql} is not null and (${among})`
}

/**
 * The check with its `decide` carried out, as a condition that holds on every connection: the texts that are not as
 * expected stand in it.
 * @throws MillraceError EXPECTATION_INVALID when looking at texts takes too long
 */
export async function decided({ connection, relation, signal }: Deciding, check: MapCheck): Promise<MapCheck> {
  const [column] = check.sample
  if (!check.decide || !column) return check
  const { expected, text = column.sql } = check.decide
  const found = await connection.query(looked(relation, column, check.decide), signal ? { signal } : {})
  const refused: string[] = []
  for await (const chunk of found) {
    const all = chunkRows(chunk, found.schema) as { text: string }[]
    for (let start = 0; start < all.length; start += AT_ONCE) {
      refused.push(...unmetOf(all, start, expected, column))
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
