import type { Accepted } from './argument-types.ts'
import { Column, type ColumnLike } from './column.ts'
import { misused } from './place.ts'
import type { JoinOn, JoinType } from './plan.ts'
import type { Flat, NameIn, Nullable } from './row-types.ts'
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

/** The rows of a join of `R` and `S` by the columns `K`. */
export type JoinedRow<R, S, K extends PropertyKey, H extends JoinName> = H extends
  | 'semi'
  | 'anti'
  | 'left_semi'
  | 'leftsemi'
  | 'left_anti'
  | 'leftanti'
  ? R
  : Flat<
      (H extends 'inner' | 'cross' | 'left' | 'left_outer' | 'leftouter'
        ? R
        : Flat<Pick<R, K & keyof R> & Nullable<Omit<R, K>>>) &
        (H extends 'inner' | 'cross' | 'right' | 'right_outer' | 'rightouter'
          ? Omit<S, K | keyof R>
          : Nullable<Omit<S, K | keyof R>>)
    >

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

/** What a join goes by, as the user gives it. */
export function joinOn(on: string | readonly string[] | ColumnLike | undefined): JoinOn {
  if (on === undefined) return { kind: 'none' }
  if (on instanceof Column) return { kind: 'condition', condition: on.expr }
  return { kind: 'using', columns: typeof on === 'string' ? [on] : (on as readonly string[]) }
}
