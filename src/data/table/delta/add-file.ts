import { MillraceError, type Schema } from '../../../base/kernel/index.ts'
import type { WrittenFile } from '../parquet-port.ts'
import type { AddFile } from './actions.ts'
import { encodePath } from './file-path.ts'
import { partitionText } from './partition-value.ts'
import { formatStats } from './stats.ts'

/**
 * The add action of a file that an engine has written into the table's folder.
 * @param now milliseconds since 1970
 * @throws MillraceError DELTA_SCHEMA_MISMATCH when a column that must not be null holds nulls
 */
export function addFile(written: WrittenFile, schema: Schema, partitionBy: readonly string[], now: number): AddFile {
  const partitionValues: Record<string, string | null> = {}
  for (const column of partitionBy) {
    const field = schema.fields.find(({ name }) => name === column)
    if (field) partitionValues[column] = partitionText(written.partition[column], field.type, column)
  }
  for (const { name, nullable } of schema.fields) {
    const nulls = name in partitionValues ? Number(partitionValues[name] === null) : (written.stats?.nulls[name] ?? 0)
    if (!nullable && nulls > 0) {
      throw new MillraceError('DELTA_SCHEMA_MISMATCH', `writing null into column "${name}", which must not be null`, {
        data: { column: name, nulls },
      })
    }
  }
  const stats = { min: {}, max: {}, nulls: {}, ...written.stats, rows: written.rows }
  return {
    path: encodePath(written.path),
    partitionValues,
    size: written.size,
    modificationTime: now,
    dataChange: true,
    stats: formatStats(stats, schema, partitionBy),
  }
}
