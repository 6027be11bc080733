import { MillraceError } from '../../../../base/kernel/index.ts'
import type { Selectable, SelectionGraph } from '../selectable.ts'
import type { Criterion } from '../selection-spec.ts'

/** Says of a node whether a criterion means it. */
export type Matches = (node: Selectable) => boolean

/** One way to find nodes: made once for a criterion, asked for every node. */
export type SelectionMethodOf = (criterion: Criterion, graph: SelectionGraph) => Matches

/** A value that a method does not know. */
export function refused(criterion: Criterion, reason: string, hint: string): MillraceError {
  return new MillraceError('SELECTOR_INVALID', `reading the selection "${criterion.written}": ${reason}`, { hint })
}

/** The value of a criterion as text. */
export function textOf({ value }: Criterion): string {
  return typeof value === 'string' ? value : String(value)
}
