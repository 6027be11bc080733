import type { DataType, Schema } from '../../../../base/kernel/index.ts'
import { type MappingMode, physicalName } from './column-mapping.ts'

/** Columns with statistics when the table does not say (`delta.dataSkippingNumIndexedCols`), counted down to the members of structs. */
const INDEXED = 32

/**
 * The columns that get statistics, by their stored names: those that `delta.dataSkippingStatsColumns` lists, otherwise
 * the first `delta.dataSkippingNumIndexedCols` (-1: all), as in Spark.
 */
export function indexedColumns(
  schema: Schema,
  partitionBy: readonly string[],
  properties: Readonly<Record<string, string>>,
  mode: MappingMode,
): ReadonlySet<string> {
  const fields = schema.fields.filter(({ name }) => !partitionBy.includes(name))
  const listed = properties['delta.dataSkippingStatsColumns']
  if (listed !== undefined && listed.trim() !== '') {
    const names = new Set(
      listed.split(',').map((name) =>
        name
          .trim()
          .replace(/^`(.*)`$/, '$1')
          .toLowerCase(),
      ),
    )
    return new Set(fields.filter(({ name }) => names.has(name.toLowerCase())).map((field) => physicalName(field, mode)))
  }
  const given = Number(properties['delta.dataSkippingNumIndexedCols'] ?? INDEXED)
  const most = Number.isNaN(given) ? INDEXED : given < 0 ? Number.POSITIVE_INFINITY : given
  const indexed = new Set<string>()
  let count = 0
  for (const field of fields) {
    if (count >= most) break
    indexed.add(physicalName(field, mode))
    count += leaves(field.type)
  }
  return indexed
}

function leaves(type: DataType): number {
  return type.kind === 'struct' ? type.fields.reduce((sum, field) => sum + leaves(field.type), 0) : 1
}
