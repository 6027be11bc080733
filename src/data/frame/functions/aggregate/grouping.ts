import { Column, named } from '../../column.ts'
import type { ColumnOrName, NamesOf, NeedsOf } from '../../column-types.ts'
import { define, everywhere } from '../define.ts'
import { LONG, type ResultType } from '../result-type.ts'

const BIT: ResultType<number> = { of: () => ({ kind: 'byte' }) }

/** 1 where the row's group leaves the column out (a subtotal of rollup, cube or groupingSets), else 0. */
export const grouping = Object.assign(
  <const A extends ColumnOrName>(column: A): Column<number, string, NamesOf<A>, NeedsOf<A>> =>
    new Column({ kind: 'call', fn: 'grouping', args: [named(column)] }),
  { definition: define('grouping', everywhere('grouping($1)'), BIT, { kind: 'aggregate' }) },
)

/** The bits of `grouping` of the columns, or of all groups, as one number; the first column is the highest bit. */
export const groupingId = Object.assign(
  <const A extends readonly ColumnOrName[]>(
    ...columns: A
  ): Column<bigint, string, NamesOf<A[number]>, NeedsOf<A[number]>> =>
    new Column({ kind: 'call', fn: 'grouping_id', args: columns.map(named) }),
  { definition: define('grouping_id', everywhere('grouping($*)'), LONG, { kind: 'aggregate' }) },
)
