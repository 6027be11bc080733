import { MillraceError } from '../../base/kernel/index.ts'
import type { Expr } from './expr.ts'
import { expression, type Selectable } from './selection.ts'

/** The direction of all keys of an order, or of each. */
export interface SortDirections {
  readonly ascending: boolean | number | readonly (boolean | number)[]
}

/** What `orderBy` takes: keys, a list of keys, and at the end directions. */
export type SortItem<R> = Selectable<R> | readonly Selectable<R>[] | SortDirections

/** The keys of an order. @throws MillraceError OPTION_INVALID for directions that are not as many as the keys */
export function sortKeys<R>(items: readonly SortItem<R>[]): readonly Expr[] {
  const last = items.at(-1)
  const directions = isDirections(last) ? last.ascending : undefined
  const keys = (directions === undefined ? items : items.slice(0, -1)).flat().map(expression)
  if (keys.length === 0) {
    throw new MillraceError('FRAME_PLAN_INVALID', 'orderBy() needs at least one column', {
      hint: 'Such as orderBy("id").',
    })
  }
  if (directions === undefined) return keys
  const each = Array.isArray(directions) ? directions : keys.map(() => directions)
  if (each.length !== keys.length) {
    throw new MillraceError('OPTION_INVALID', `orderBy: ${each.length} directions for ${keys.length} columns`, {
      hint: 'Give one for all, or one for each.',
    })
  }
  return keys.map((key, i) => (each[i] ? key : { kind: 'sort', arg: key, descending: true, nullsFirst: false }))
}

function isDirections(item: unknown): item is SortDirections {
  return typeof item === 'object' && item !== null && 'ascending' in item
}
