import { MillraceError, unknownName } from '../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../base/sql/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'

/** What somebody asks to look at, in their own words. */
export interface Asked {
  /** A dataset, a path, or a query. */
  readonly data: string
  /** A condition in SQL. */
  readonly where?: string
  /** Columns that name a row. */
  readonly index?: readonly string[]
}

/** A condition of the user's own, closed against what stands around it; a comment at its end ends with it. */
export function conditionOf(where: string): Sql {
  return sql`(${trusted(`\n${where}\n`)})`
}

/**
 * Tries what the user wrote by itself before anything is computed, so that a slip is told once and in its own place.
 * @throws MillraceError DATASET_INVALID when the files cannot be read, QUERY_INVALID for a query or a condition, COLUMN_UNKNOWN
 */
export async function understood(
  connection: EngineConnection,
  relation: Sql,
  { data, where, index }: Asked,
): Promise<void> {
  if (isQuery(data)) {
    const query = trusted(data)
    // Nothing stands before it, so that the engine's line and column are those of the query.
    await understandably(
      () => connection.describe(query),
      (told) => new MillraceError('QUERY_INVALID', `the query: ${told}`),
    )
  } else {
    await understandably(() => connection.describe(sql`select * from ${relation}`), unreadable(data))
  }
  if (index !== undefined) {
    const { fields } = await connection.describe(sql`select * from ${relation}`)
    const columns = fields.map(({ name }) => name)
    const missing = index.find((name) => !columns.includes(name))
    if (missing !== undefined) throw unknownName('COLUMN_UNKNOWN', 'column', missing, columns)
  }
  if (where === undefined) return
  const invalid = (told: string) => new MillraceError('QUERY_INVALID', `the condition ${where}: ${placeless(told)}`)
  if (where.trim() === '') throw invalid('it is empty')
  // Whoever closes a bracket early, or leaves one open, fits into one of these two, but not into both.
  await understandably(() => connection.describe(sql`select * from ${relation} where ${conditionOf(where)}`), invalid)
  const bare = trusted(`\n${where}\n`)
  await understandably(
    () => connection.describe(sql`select case when ${bare} then 1 end as holds from ${relation}`),
    invalid,
  )
}

/** Without a place in SQL that the user has not written. */
function placeless(told: string): string {
  return told.replace(/ \(line \d+(, column \d+)?\)$/, '')
}

/** What is told of files that the engine cannot read. */
export function unreadable(data: string): (told: string) => MillraceError {
  const hint = 'Look at the file; its name says what it is read as.'
  return (told) => new MillraceError('DATASET_INVALID', `reading ${data}: ${placeless(told)}`, { hint })
}

/** Runs what the engine may refuse, with the refusal told in the user's own terms. */
export async function understandably<T>(run: () => Promise<T>, asError: (told: string) => MillraceError): Promise<T> {
  try {
    return await run()
  } catch (thrown) {
    if (!(thrown instanceof MillraceError) || thrown.code !== 'ENGINE_SQL') throw thrown
    const [first = '', second] = thrown.message.replace(/^running a statement in \w+: /, '').split('\n')
    // DuckDB says on the second line what it missed in a CSV file.
    const line = first.includes('Error when sniffing file') && second ? second : first
    const { message, hint = thrown.hint, code } = asError(line)
    throw new MillraceError(code, message, { ...(hint === undefined ? {} : { hint }) })
  }
}

/** Whether data is named by a query rather than a dataset or a path. */
export function isQuery(data: string): boolean {
  return /^\s*(select|with|from)\s/i.test(data)
}
