import type { Alike } from './argument-types.ts'
import type { Expr } from './expr.ts'
import { Frame } from './frame.ts'
import { literalExpr } from './literal.ts'
import { callPlace, misused } from './place.ts'
import type { Missing, Plan } from './plan.ts'
import type { Filled, Present } from './result-row.ts'

/** Which rows `drop` leaves out. */
export interface MissingRows<K extends string = string> {
  /** `any` (default): rows with a missing value; `all`: rows without any value. */
  readonly how?: 'any' | 'all'
  /** Rows with fewer values than this; instead of `how`. */
  readonly thresh?: number
  readonly subset?: readonly K[]
}

/** Values by column. */
export type Fillings<R> = string extends keyof R
  ? Readonly<Record<string, unknown>>
  : { readonly [K in keyof R]?: Alike<R[K]> }
/** `R` after `drop` with options. */
export type PresentBy<R, M> = M extends { readonly thresh: number } | { readonly how: 'all' }
  ? R
  : M extends { readonly subset: readonly (infer K)[] }
    ? Present<R, K>
    : Present<R, keyof R>

type Scalar = string | number | bigint | boolean | null
/** What is replaced by what: `{ from: to }` of text, or pairs of any kind. */
export type Replacements = Readonly<Record<string, Scalar>> | readonly (readonly [from: Scalar, to: Scalar])[]

/** What is done about missing values: null, and NaN in columns of floating-point numbers. PySpark's DataFrameNaFunctions. */
export class FrameNaFunctions<R> {
  private readonly plan: Plan

  constructor(plan: Plan) {
    this.plan = plan
  }

  /** The rows that have values. @throws MillraceError OPTION_INVALID */
  drop<const K extends keyof R & string = keyof R & string>(columns?: readonly K[]): Frame<Present<R, K>>
  drop<const M extends MissingRows<keyof R & string>>(rows: M): Frame<PresentBy<R, M>>
  // biome-ignore lint/suspicious/noExplicitAny: the overloads state the rows
  drop(given: readonly (keyof R & string)[] | MissingRows<keyof R & string> = {}): Frame<any> {
    const {
      how = 'any',
      thresh,
      subset,
    }: MissingRows = Array.isArray(given) ? { subset: given } : (given as MissingRows)
    if (how !== 'any' && how !== 'all') {
      throw misused('OPTION_INVALID', `dropna: how is "${String(how)}"`, 'Use any or all.')
    }
    const least = thresh ?? (how === 'all' ? 1 : undefined)
    return this.next({ how: 'drop', ...(least === undefined ? {} : { least }), ...(subset ? { columns: subset } : {}) })
  }

  /**
   * Missing values replaced: by a value in all columns of its kind (numbers, text, truths) or in those named, or by
   * column: `fill({ amount: 0, name: 'unknown' })`.
   */
  fill<V extends number | bigint | string | boolean, const K extends keyof R & string = keyof R & string>(
    value: V,
    columns?: readonly K[],
  ): Frame<Filled<R, V, K>>
  fill<const M extends Fillings<R>>(values: M): Frame<Present<R, keyof M>>
  // biome-ignore lint/suspicious/noExplicitAny: the overloads state the rows
  fill(value: number | bigint | string | boolean | Fillings<R>, columns?: readonly (keyof R & string)[]): Frame<any> {
    if (typeof value !== 'object') {
      return this.next({ how: 'fill', value: literalExpr(value), ...(columns ? { columns } : {}) })
    }
    return Object.entries(value).reduce<Frame<R>>(
      (frame, [name, one]) =>
        new FrameNaFunctions<R>(frame.plan).next({ how: 'fill', value: literalExpr(one), columns: [name] }),
      new Frame<R>(this.plan),
    )
  }

  /**
   * Values replaced by others, in all columns of their kind or in those named: `replace({ UK: 'GB' })`,
   * `replace([[-1, null], [0, 1]], ['amount'])`.
   */
  replace(pairs: Replacements, columns?: readonly (keyof R & string)[]): Frame<R> {
    const entries = Array.isArray(pairs) ? pairs : Object.entries(pairs)
    if (entries.length === 0) return new Frame<R>(this.plan)
    return this.next({
      how: 'replace',
      pairs: entries.map(([from, to]): [Expr, Expr] => [literalExpr(from), literalExpr(to)]),
      ...(columns ? { columns } : {}),
    })
  }

  private next(missing: Missing): Frame<R> {
    const at = callPlace()
    return new Frame<R>({ op: 'na', input: this.plan, ...missing, ...(at ? { at } : {}) })
  }
}
