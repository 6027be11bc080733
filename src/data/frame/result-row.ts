import type { AnyRow, Decimal, Flat, IsAny, Make, Ref, ValueIn } from './row-types.ts'

/** The rows of both frames, matched by name; what one of them lacks is null there. */
export type UnitedRow<R, S> = string extends keyof R | keyof S
  ? AnyRow
  : Flat<
      { [K in keyof R]: K extends keyof S ? R[K] | S[K] : R[K] | null } & {
        [K in Exclude<keyof S, keyof R>]: S[K] | null
      }
    >
/** The rows of both frames, matched by position: the names are those of the first. */
export type StackedRow<R, S> = [keyof R, keyof S] extends [keyof S, keyof R]
  ? { [K in keyof R]: R[K] | S[K & keyof S] }
  : R

/** `R` without nulls in the columns `K`. */
export type Present<R, K> = { [N in keyof R]: N extends K ? NonNullable<R[N]> : R[N] }
/** `R` after `fill(value)`: a number fills columns of numbers, a truth those of truths. Text may not fill dates, which are text in types. */
export type Filled<R, V, K> = {
  [N in keyof R]: N extends K
    ? NonNullable<R[N]> extends (
        V extends boolean
          ? boolean
          : V extends number | bigint
            ? number | bigint | Decimal
            : never
      )
      ? NonNullable<R[N]>
      : R[N]
    : R[N]
}

/** New names for the columns `M` names. */
export type RenamedRow<R, M> = string extends keyof M
  ? AnyRow
  : { [K in keyof R as K extends keyof M ? (M[K] extends string ? M[K] : K) : K]: R[K] }

/** Rows of a value column and its name beside the columns `I`. */
export type UnpivotedRow<I, V, N extends string, M extends string> = Flat<
  Omit<I, N | M> & { [K in N]: string } & { [K in M]: V[keyof V] }
>

/** The columns of aggregates `A` for each value of a pivot: by the value alone when there is one aggregate. */
export type PivotedRow<P, A> =
  IsAny<P> extends true
    ? AnyRow
    : string extends P
      ? AnyRow
      : IsOne<keyof A> extends true
        ? { [K in PivotName<P>]: A[keyof A] | null }
        : { [K in PivotName<P> as `${K}_${keyof A & string}`]: unknown } extends infer Names
          ? {
              [K in keyof Names]: K extends `${PivotName<P>}_${infer N}`
                ? N extends keyof A
                  ? A[N] | null
                  : never
                : never
            }
          : never
type PivotName<P> = P extends null ? 'null' : P extends string | number | bigint | boolean ? `${P}` : never
type IsOne<K> = [K] extends [never] ? false : [K] extends [UnionAll<K>] ? true : false
type UnionAll<U> = (U extends unknown ? (value: U) => void : never) extends (value: infer I) => void ? I : never

/** The aggregates of `agg({ amount: 'sum' })`. */
export type NamedAggregates<R, M> = {
  [K in keyof M & string as `${M[K] & string}(${K extends '*' ? '1' : K})`]: M[K] extends 'count'
    ? bigint
    : M[K] extends 'sum'
      ? ValueIn<R, Make<'sum', Ref<K>>>
      : M[K] extends 'avg' | 'mean'
        ? ValueIn<R, Make<'average', Ref<K>>>
        : M[K] extends 'min' | 'max' | 'first' | 'last'
          ? ValueIn<R, Ref<K>>
          : // biome-ignore lint/suspicious/noExplicitAny: as the function gives
            any
}
