import { id, join, literal, type Sql, sql } from '../../../../base/sql/index.ts'
import { type ParquetFile, type ParquetRead, ROW_PLACE } from '../../parquet-port.ts'
import type { DeltaLog } from '../log/delta-log.ts'
import { readFiles } from '../read-files.ts'
import type { DataFile, Snapshot } from '../snapshot.ts'
import type { TrackedColumns } from './tracked-columns.ts'

/**
 * Rows of files with their ids and the versions that made them: as the file says, or by their place in it (Delta protocol,
 * "Row Tracking"). The columns of the table come first, then these two, then those of `ROW_PLACE`.
 * @param readable the files as the engine reads them
 * @param numbers of the files, by which `ROW_PLACE` tells them
 */
export function trackedRows(
  log: DeltaLog,
  { schema, partitionBy, protocol, metadata }: Snapshot,
  files: readonly DataFile[],
  readable: readonly ParquetFile[],
  { rowId, commitVersion }: TrackedColumns,
  { numbers, ...read }: ParquetRead & { readonly numbers: readonly number[] },
): Sql {
  const [rows, base] = ['millrace_rows', 'millrace_base']
  const all = { schema: { fields: [...schema.fields, rowId, commitVersion] }, partitionBy, protocol, metadata }
  const bases = files.map(
    ({ baseRowId = null, defaultRowCommitVersion = null }, at) =>
      sql`(${literal(numbers[at] ?? at)}::bigint, ${literal(baseRowId)}::bigint, ${literal(defaultRowCommitVersion)}::bigint)`,
  )
  const columns = join([
    ...schema.fields.map(({ name }) => id(rows, name)),
    sql`coalesce(${id(rows, rowId.name)}, ${id(base, 'first')} + ${id(rows, ROW_PLACE.row)}) as ${id(rowId.name)}`,
    sql`coalesce(${id(rows, commitVersion.name)}, ${id(base, 'made')}) as ${id(commitVersion.name)}`,
    id(rows, ROW_PLACE.file),
    id(rows, ROW_PLACE.row),
  ])
  return sql`(select ${columns} from ${readFiles(log, all, readable, { ...read, numbers })} as ${id(rows)}
    join (values ${join(bases)}) as ${id(base)}(number, first, made) on ${id(base, 'number')} = ${id(rows, ROW_PLACE.file)})`
}
