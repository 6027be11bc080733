import type { DataType } from '../../base/kernel/index.ts'

/**
 * What rows must meet to be wanted, as far as files can be told apart by it: whoever reads may leave out files of which
 * no row can meet it, and filters the rows all the same. Columns are named in lower case, members of structs by their
 * `memberPath`; those of which it says
 * nothing may hold anything.
 */
export type RowCondition =
  | { readonly kind: 'and' | 'or'; readonly of: readonly RowCondition[] }
  | {
      readonly kind: 'compare'
      readonly column: string
      readonly is: Comparison
      /** As text; the constant's type says what it is. */
      readonly value: string
      readonly type: DataType['kind']
    }
  | { readonly kind: 'null'; readonly column: string; readonly isNull: boolean }

export type Comparison = 'eq' | 'lt' | 'le' | 'gt' | 'ge'

/** Met by every row. */
export const ANY_ROW: RowCondition = { kind: 'and', of: [] }
