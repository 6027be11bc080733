import { MillraceError } from '../../base/kernel/index.ts'
import { type Sql, sql } from '../../base/sql/index.ts'
import type { QueryOptions } from '../../data/engine/index.ts'
import { type HistoryEntry, parseMoment, versionSince } from '../../data/table/index.ts'
import type { Project } from './open-project.ts'
import { type RowStream, streamRows } from './query-data.ts'

/** The versions of a Delta table, by its name or path, newest first. */
export async function tableHistory(project: Project, name: string, limit?: number): Promise<HistoryEntry[]> {
  return (await project.catalog.deltaTable(name)).history(limit)
}

/** Which versions' changes are wanted; those of the newest alone by default. */
export interface WantedChanges {
  readonly from?: number
  readonly to?: number
  /** In place of `from`: the first version of this moment or after it. */
  readonly since?: Date
}

/** The rows that versions of a Delta table changed: see `DeltaTable.changes`. */
export async function tableChanges(
  project: Project,
  name: string,
  wanted: WantedChanges,
  options: QueryOptions = {},
): Promise<RowStream> {
  const changes = await changesOf(project, name, wanted)
  const connection = await project.lake.connect()
  return streamRows(connection, sql`select * from ${changes} as changes order by _commit_version`, options)
}

/** How many rows versions of a Delta table changed. */
export async function countChanges(project: Project, name: string, wanted: WantedChanges): Promise<number> {
  const changes = await changesOf(project, name, wanted)
  await using connection = await project.lake.connect()
  const [row] = await connection.rows<{ rows: bigint }>(sql`select count(*) as "rows" from ${changes} as changes`)
  return Number(row?.rows ?? 0)
}

async function changesOf(project: Project, name: string, { from, to, since }: WantedChanges): Promise<Sql> {
  const table = await project.catalog.deltaTable(name)
  const first = since ? await versionSince(table.log, since.getTime()) : (from ?? to ?? table.snapshot.version)
  return (await table.changes({ from: first, ...(to === undefined ? {} : { to }) })).sql
}

/** A date or time of the command line. @throws MillraceError OPTION_INVALID */
export function momentOf(flag: string, text: string): Date {
  const moment = parseMoment(text)
  if (moment !== undefined) return new Date(moment)
  throw new MillraceError('OPTION_INVALID', `${flag} ${text} is no time`, {
    hint: `Write it in UTC or with a zone, such as ${flag} "2024-01-31 08:00:00".`,
  })
}
