import type { Accepted } from './argument-types.ts'
import { Column } from './column.ts'
import type { ColumnLike } from './column-types.ts'
import type { Expr } from './expr.ts'
import { misused } from './place.ts'
import type { JoinOn, JoinType } from './plan.ts'
import type { NameIn } from './row-types.ts'
import type { Met } from './selection.ts'

/** Ways to write the kind of a join; PySpark's. */
export type JoinName =
  | JoinType
  | 'outer'
  | 'full_outer'
  | 'fullouter'
  | 'left_outer'
  | 'leftouter'
  | 'right_outer'
  | 'rightouter'
  | 'left_semi'
  | 'leftsemi'
  | 'left_anti'
  | 'leftanti'

/** A condition on rows of both frames. */
export type JoinCondition<R, S> = ColumnLike<Accepted<boolean | null>, NameIn<R> | NameIn<S>, Met<R> & Met<S>>

type RowsOfLeft = 'semi' | 'anti' | 'left_semi' | 'leftsemi' | 'left_anti' | 'leftanti'
/** Joins that keep each row of the left, or of the right, only where it is met: its columns are never null by the join. */
type LeftMet = 'inner' | 'cross' | 'left' | 'left_outer' | 'leftouter'
type RightMet = 'inner' | 'cross' | 'right' | 'right_outer' | 'rightouter'

/** The rows of a join of `R` and `S` by the columns `K`. */
export type JoinedRow<R, S, K extends PropertyKey, H extends JoinName> = H extends RowsOfLeft
  ? R
  : JoinedColumns<R, S, K, H extends LeftMet ? never : null, H extends RightMet ? never : null>
/** `A` and `B` are null, or never, where a row of the left or of the right may be missing. */
export type JoinedColumns<R, S, K, A, B> = {
  [N in keyof R | keyof S]: N extends keyof R ? (N extends K ? R[N] : R[N] | A) : S[N & keyof S] | B
}

const JOINS: Record<JoinName, JoinType> = {
  inner: 'inner', cross: 'cross', left: 'left', right: 'right', full: 'full', semi: 'semi', anti: 'anti', outer: 'full',
  full_outer: 'full', fullouter: 'full', left_outer: 'left', leftouter: 'left', right_outer: 'right', rightouter: 'right',
  left_semi: 'semi', leftsemi: 'semi', left_anti: 'anti', leftanti: 'anti',
} // biome-ignore format: a table

/** @throws MillraceError OPTION_INVALID */
export function joinType(how: JoinName): JoinType {
  const type = JOINS[how]
  if (type !== undefined) return type
  throw misused('OPTION_INVALID', `join: "${how}" is not a kind of join`, `Use ${Object.keys(JOINS).join(', ')}.`)
}

interface Nearest {
  readonly ranking: Expr
  readonly count: number
  readonly mode: string
  readonly direction: string
  readonly how: string
}

/** A join with the rows that rank first. @throws MillraceError OPTION_INVALID */
export function nearestJoin({ ranking, count, mode, direction, how }: Nearest) {
  const refuse = (what: string, hint: string): never => {
    throw misused('OPTION_INVALID', `nearestByJoin: ${what}`, hint)
  }
  if (!(Number.isInteger(count) && count >= 1 && count <= 100_000)) {
    refuse(`${count} is no number of rows`, 'Give a whole number from 1 to 100000.')
  }
  if (mode !== 'approx' && mode !== 'exact') refuse(`"${mode}" is no mode`, 'Use approx or exact.')
  if (direction !== 'distance' && direction !== 'similarity') {
    refuse(`"${direction}" is no direction`, 'Use distance or similarity.')
  }
  if (how !== 'inner' && how !== 'leftouter') refuse(`"${how}" is no kind of this join`, 'Use inner or leftouter.')
  const by: Expr = { kind: 'sort', arg: ranking, descending: direction === 'similarity', nullsFirst: false }
  const type: JoinType = how === 'inner' ? 'inner' : 'left'
  return { how: type, on: { kind: 'none' }, lateral: true, nearest: { by, count } } as const
}

/** Names, or conditions. */
export type JoinKeys = string | ColumnLike | readonly (string | ColumnLike)[]

/** What a join goes by, as the user gives it. */
export function joinOn(on: JoinKeys | undefined): JoinOn {
  if (on === undefined) return { kind: 'none' }
  const list: readonly unknown[] = Array.isArray(on) ? on : [on]
  const columns = list.filter((one) => typeof one === 'string')
  const conditions = list.filter((one) => one instanceof Column)
  if (conditions.length === 0) return { kind: 'using', columns }
  if (columns.length === 0) {
    const [first, ...rest] = conditions.map(({ expr }) => expr)
    const all = rest.reduce<Expr | undefined>((a, b) => a && { kind: 'call', fn: 'and', args: [a, b] }, first)
    if (all) return { kind: 'condition', condition: all }
  }
  throw misused(
    'OPTION_INVALID',
    'join: names and conditions stand in one list',
    'Give names that both sides have, or conditions.',
  )
}
