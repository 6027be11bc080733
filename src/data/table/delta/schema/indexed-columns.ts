import type { Field, Schema } from '../../../../base/kernel/index.ts'
import { memberPath } from '../../parquet-port.ts'
import { type MappingMode, physicalName } from './column-mapping.ts'

/** Columns with statistics when the table does not say (`delta.dataSkippingNumIndexedCols`), counted down to the members of structs. */
const INDEXED = 32

/**
 * The columns and members of structs that get statistics, by the `memberPath` of their stored names: those that
 * `delta.dataSkippingStatsColumns` lists (of a struct all members), otherwise the first `delta.dataSkippingNumIndexedCols`
 * (-1: all), as in Spark.
 */
export function indexedColumns(
  schema: Schema,
  partitionBy: readonly string[],
  properties: Readonly<Record<string, string>>,
  mode: MappingMode,
): ReadonlySet<string> {
  const fields = schema.fields.filter(({ name }) => !partitionBy.includes(name))
  const leaves = leavesOf(fields, mode, { shown: [], stored: [] })
  const listed = listedPaths(properties['delta.dataSkippingStatsColumns'] ?? '')
  const given = Number(properties['delta.dataSkippingNumIndexedCols'] ?? INDEXED)
  const most = Number.isNaN(given) ? INDEXED : given < 0 ? Number.POSITIVE_INFINITY : given
  const indexed =
    listed.length > 0
      ? leaves.filter(({ shown }) =>
          listed.some((path) => path.every((name, at) => name.toLowerCase() === shown[at]?.toLowerCase())),
        )
      : leaves.slice(0, most)
  return new Set(indexed.map(({ stored }) => memberPath(stored)))
}

interface Leaf {
  readonly shown: readonly string[]
  readonly stored: readonly string[]
}

function leavesOf(fields: readonly Field[], mode: MappingMode, above: Leaf): Leaf[] {
  return fields.flatMap((field) => {
    const here = { shown: [...above.shown, field.name], stored: [...above.stored, physicalName(field, mode)] }
    return field.type.kind === 'struct' ? leavesOf(field.type.fields, mode, here) : [here]
  })
}

const NAME = /`((?:[^`]|``)*)`|([^.,`\s][^.,`]*)|([.,])/g

/** The columns of a list such as `a, place.city, \`odd.name\``, each by its names. */
function listedPaths(list: string): string[][] {
  const paths: string[][] = [[]]
  for (const [, quoted, plain, separator] of list.matchAll(NAME)) {
    if (separator === ',') paths.push([])
    else if (separator === undefined) paths.at(-1)?.push(quoted?.replaceAll('``', '`') ?? (plain ?? '').trim())
  }
  return paths.filter((path) => path.length > 0)
}
