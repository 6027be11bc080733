import { id, join, type Sql, sql } from '../../base/sql/index.ts'
import { FILE_COLUMN, type SourceFile, type SourceTable, type Staged } from '../../data/connect/index.ts'
import { pathsOf, type SelectedRows } from './select-rows.ts'

/** A query of REJECT_SCHEMA: the rows of files that do not fit, or have no cursor value; undefined when there are none. */
export function fileRejects(
  table: SourceTable,
  files: readonly SourceFile[],
  staged: Staged,
  selected: SelectedRows,
): Sql | undefined {
  const sources: Sql[] = []
  if (staged.rejects) sources.push(sql`select * from ${staged.rejects}`)
  if (selected.withoutCursor) {
    sources.push(sql`
      select ${id(FILE_COLUMN)} as "file", cast(null as bigint) as "line", ${table.cursor ?? ''} as "column",
        'the cursor has no value' as "reason", cast(to_json(staged) as varchar) as "raw"
      from ${staged.relation} where ${selected.withoutCursor.condition}`)
  }
  if (sources.length === 0) return undefined
  return sql`
    select coalesce(millrace_path, "file") as "file", "line", "column", "reason", "raw"
    from (${join(sources, ' union all ')}) as rejected left join ${pathsOf(files)} on millrace_location = "file"`
}

/** A query of the paths of files of which some row fits. */
export function goodFiles(files: readonly SourceFile[], staged: Staged): Sql {
  return sql`
    select distinct millrace_path from ${staged.relation} join ${pathsOf(files)} on millrace_location = ${id(FILE_COLUMN)}`
}
