import { MillraceError, type Schema } from '../../../base/kernel/index.ts'
import type { WrittenFile } from '../parquet-port.ts'
import type { AddFile } from './actions.ts'
import { encodePath } from './file-path.ts'
import { partitionText } from './partition-value.ts'
import { type MappingMode, physicalName, physicalSchema } from './schema/column-mapping.ts'
import { formatStats } from './stats.ts'

/** What of a table the files that are written for it depend on. */
export interface FileShape {
  /** As the table calls its columns. */
  readonly schema: Schema
  readonly partitionBy: readonly string[]
  readonly mode: MappingMode
  /** The columns and members of structs that get statistics, by the `memberPath` of their stored names; all by default. */
  readonly indexed?: ReadonlySet<string>
}

/**
 * The add action of a file that an engine has written into the table's folder.
 * @param now milliseconds since 1970
 * @throws MillraceError DELTA_SCHEMA_MISMATCH when a column that must not be null holds nulls
 */
export function addFile(
  written: WrittenFile,
  { schema: columns, partitionBy: by, mode, indexed }: FileShape,
  now: number,
): AddFile {
  const partitionValues: Record<string, string | null> = {}
  const schema = physicalSchema(columns, mode)
  const partitionBy = by.map((name) => {
    const field = columns.fields.find((one) => one.name === name)
    return field ? physicalName(field, mode) : name
  })
  for (const column of partitionBy) {
    const field = schema.fields.find(({ name }) => name === column)
    if (field) partitionValues[column] = partitionText(written.partition[column], field.type, column)
  }
  for (const [at, { name, nullable }] of schema.fields.entries()) {
    const nulls = name in partitionValues ? Number(partitionValues[name] === null) : (written.stats?.nulls[name] ?? 0)
    if (!nullable && nulls > 0) {
      throw new MillraceError(
        'DELTA_SCHEMA_MISMATCH',
        `writing null into column "${columns.fields[at]?.name}", which must not be null`,
        {
          data: { column: columns.fields[at]?.name ?? name, nulls },
        },
      )
    }
  }
  const stats = { min: {}, max: {}, nulls: {}, ...written.stats, rows: written.rows }
  return {
    path: encodePath(written.path),
    partitionValues,
    size: written.size,
    modificationTime: now,
    dataChange: true,
    stats: formatStats(stats, schema, partitionBy, indexed),
  }
}
