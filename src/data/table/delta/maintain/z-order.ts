import { type DataType, MillraceError, type Schema, unknownName } from '../../../../base/kernel/index.ts'
import { id, join, type Sql, sql, trusted } from '../../../../base/sql/index.ts'

/** Bits that the ranks of all columns have together, in one unsigned integer of 64. */
const BITS = 60
/** The most that one column's rank has: 65,536 steps. */
const MOST = 16

/**
 * The names of columns to order by, as the table spells them.
 * @throws MillraceError COLUMN_UNKNOWN, OPTION_INVALID for a partition column or one named twice, TYPE_UNSUPPORTED for
 *   a column whose values have no order
 */
export function zOrderColumns(wanted: readonly string[], schema: Schema, partitionBy: readonly string[]): string[] {
  const columns = wanted.map((name) => {
    const field = schema.fields.find((one) => one.name.toLowerCase() === name.toLowerCase())
    if (!field) {
      const names = schema.fields.map((one) => one.name)
      throw unknownName('COLUMN_UNKNOWN', 'column', name, names)
    }
    if (partitionBy.includes(field.name)) {
      throw new MillraceError(
        'OPTION_INVALID',
        `ordering a Delta table by "${field.name}", which it is partitioned by`,
        {
          hint: 'Within a partition it has one value: order by other columns.',
        },
      )
    }
    if (!hasOrder(field.type)) {
      throw new MillraceError('TYPE_UNSUPPORTED', `ordering a Delta table by "${field.name}" (${field.type.kind})`, {
        hint: 'Order by numbers, texts, dates, times or booleans.',
      })
    }
    return field.name
  })
  if (new Set(columns).size === columns.length && columns.length <= BITS) return columns
  throw new MillraceError('OPTION_INVALID', `ordering a Delta table by ${columns.join(', ')}`, {
    hint: 'Name each column once.',
  })
}

function hasOrder({ kind }: DataType): boolean {
  return !['array', 'map', 'struct', 'binary', 'null'].includes(kind)
}

/**
 * The rows in Z-order by columns: each value becomes its rank among those of its column, in equal steps, and rows are
 * ordered by the bits of their ranks in turns, so that rows that are alike in any of the columns lie together (Morton
 * 1966). Of one column it is the order itself.
 */
export function zOrdered(rows: Sql, names: readonly string[], columns: readonly string[]): Sql {
  const shown = join(names.map((name) => id(name)))
  const [only] = columns
  if (only !== undefined && columns.length === 1) return sql`select ${shown} from ${rows} as r order by ${id(only)}`
  const bits = Math.min(MOST, Math.floor(BITS / columns.length))
  const rank = (at: number) => id(`millrace_rank_${at}`)
  const ranks = columns.map(
    (name, at) =>
      sql`cast(ntile(${trusted(String(2 ** bits))}) over (order by ${id(name)}) - 1 as ubigint) as ${rank(at)}`,
  )
  const terms = Array.from({ length: bits }, (_, bit) =>
    columns.map((_name, at) => {
      const to = trusted(String(bit * columns.length + (columns.length - 1 - at)))
      return sql`((((${rank(at)} >> ${trusted(String(bit))}) & 1)) << ${to})`
    }),
  ).flat()
  const ranked = sql`select ${shown}, ${join(ranks)} from ${rows} as r`
  return sql`select ${shown} from (${ranked}) as ranked order by ${join(terms, ' | ')}`
}
