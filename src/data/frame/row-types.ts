import type { Arithmetic, Quotient } from './arithmetic-type.ts'

/** A row nothing is known about: any column is allowed, any value comes out. */
// biome-ignore lint/suspicious/noExplicitAny: an untyped frame gives up checking on purpose
export type AnyRow = Record<string, any>

declare const decimal: unique symbol
/**
 * A decimal as `collect` gives it: text with all its digits, such as `'12.50'`. The mark tells it from other text, so
 * that `sum` takes it and `sum` of a name does not compile; it exists in types alone.
 */
export type Decimal = string & { readonly [decimal]: true }

declare const ref: unique symbol
declare const made: unique symbol
declare const from: unique symbol

/** The type of a column that is only known by its name until a frame is at hand. */
export interface Ref<K extends string> {
  readonly [ref]: K
}
/** A type made of `A` in the way `F`, once a frame tells what the references in `A` are. */
export interface Made<F extends keyof Ways<unknown>, A> {
  readonly [made]: F
  readonly [from]: A
}
/** A type that waits for a frame. */
// biome-ignore lint/suspicious/noExplicitAny: of whatever
export type Waiting = Ref<any> | Made<any, any>
type NumberWays = 'sum' | 'sumOrNull' | 'average' | 'arithmetic' | 'quotient' | 'rounded'
type ArrayWays = 'list' | 'array' | 'keys' | 'values' | 'entries' | 'arrays' | 'compact'
/** A type that waits for a frame and that is a number whatever the frame is. */
// biome-ignore lint/suspicious/noExplicitAny: of whatever
export type WaitingNumber = Made<NumberWays, any>
// biome-ignore lint/suspicious/noExplicitAny: of whatever
export type WaitingArray = Made<ArrayWays, any>
/** A type that waits for a frame and may be a truth, but is no column's own. */
// biome-ignore lint/suspicious/noExplicitAny: of whatever
export type WaitingTruth = Made<Exclude<keyof Ways<unknown>, NumberWays | ArrayWays | 'cast'>, any>
/** A type that waits for a frame and may be anything. */
// biome-ignore lint/suspicious/noExplicitAny: of whatever
export type WaitingAny = Ref<any> | WaitingTruth
/** A type that waits for a frame, and will be `V` or null. */
// biome-ignore lint/suspicious/noExplicitAny: of whatever
export type WaitingCast<V> = Made<'cast', { readonly of: any; readonly to: V }>

export type IsAny<T> = 0 extends 1 & T ? true : false

/** How types are made of types `V`; `Made` names one of these. */
export interface Ways<V> {
  /** Integers widen to `bigint`, doubles and decimals keep their form; a `number` may be either. */
  sum: V extends Decimal ? V : V extends number ? number | bigint : V
  sumOrNull: Ways<V>['sum'] | null
  same: V
  /** A double, or a decimal of decimals. */
  average: IsAny<V> extends true ? V : (Extract<V, Decimal> extends never ? number : Decimal) | null
  /** Text that is rounded is read as a number. */
  rounded: V extends Decimal ? V : V extends string ? number : V
  arithmetic: Arithmetic<V>
  quotient: Quotient<V>
  list: NonNullable<V>[]
  array: V[]
  compact: V extends readonly (infer E)[] ? NonNullable<E>[] : V
  orNull: V | null
  element: ElementOf<V>
  elementOrNull: ElementOf<V> | null
  arrays: V extends readonly unknown[] ? (V[number] extends readonly (infer E)[] | null ? E[] : never) : V
  keys: V extends ReadonlyMap<infer K, unknown> ? K[] : V
  values: V extends ReadonlyMap<unknown, infer M> ? M[] : V
  entries: V extends ReadonlyMap<infer K, infer M> ? { key: K; value: M }[] : V
  key: V extends ReadonlyMap<infer K, unknown> ? K : never
  value: V extends ReadonlyMap<unknown, infer M> ? M : never
  item: V extends { readonly of: infer S; readonly key: infer K } ? ItemOf<S, K> : never
  first: V extends { readonly first: infer A; readonly then: infer B } ? FirstOf<A, B> : never
  cast: V extends { readonly of: infer S; readonly to: infer T } ? (null extends S ? T | null : T) : never
}

/** The first of two that is not null. */
type FirstOf<A, B> = null extends A ? NonNullable<A> | B : A
/** What an array holds; of a map, its values. */
export type ElementOf<V> =
  IsAny<V> extends true
    ? V
    : V extends readonly (infer E)[]
      ? E
      : V extends ReadonlyMap<unknown, infer M>
        ? M
        : V extends null
          ? null
          : // biome-ignore lint/suspicious/noExplicitAny: what is no collection is refused elsewhere
            any
type ItemOf<S, K> =
  IsAny<S> extends true
    ? S
    : S extends readonly (infer E)[]
      ? E | null
      : S extends ReadonlyMap<unknown, infer M>
        ? M | null
        : S extends null
          ? null
          : K extends string
            ? Member<S, K>
            : // biome-ignore lint/suspicious/noExplicitAny: a member whose name is computed
              any

/** `T` in the way `F`: now when it waits for nothing, else when a frame is at hand. */
export type Make<F extends keyof Ways<unknown>, T> =
  IsAny<T> extends true ? Ways<T>[F] : [Extract<T, Waiting>] extends [never] ? Ways<T>[F] : Made<F, T>

/** The value type of `T` in rows of `R`, with references by name looked up. */
export type ValueIn<R, T> =
  IsAny<T> extends true
    ? T
    : T extends Ref<infer K>
      ? Lookup<R, K>
      : T extends Made<infer F, infer A>
        ? Ways<F extends 'item' | 'first' | 'cast' ? ValuesIn<R, A> : ValueIn<R, A>>[F]
        : T
type ValuesIn<R, A> = { readonly [K in keyof A]: ValueIn<R, A[K]> }

type Lookup<R, K extends string> = K extends keyof R
  ? R[K]
  : K extends `\`${infer Q}\``
    ? Q extends keyof R
      ? R[Q]
      : // biome-ignore lint/suspicious/noExplicitAny: a name in several backticks is not followed
        any
    : K extends `${infer Head}.${infer Rest}`
      ? Head extends keyof R
        ? Member<R[Head], Rest>
        : // biome-ignore lint/suspicious/noExplicitAny: the name of a frame's alias is not followed
          any
      : // biome-ignore lint/suspicious/noExplicitAny: names are checked elsewhere
        any

/** A struct's member by its path; of an array of structs, an array of it. */
export type Member<S, P extends string> =
  IsAny<S> extends true
    ? S
    : S extends null
      ? null
      : S extends readonly (infer E)[]
        ? Member<E, P>[]
        : S extends ReadonlyMap<unknown, infer M>
          ? M | null
          : P extends keyof S
            ? S[P]
            : P extends `${infer Head}.${infer Rest}`
              ? Head extends keyof S
                ? Member<S[Head], Rest>
                : // biome-ignore lint/suspicious/noExplicitAny: names are checked elsewhere
                  any
              : // biome-ignore lint/suspicious/noExplicitAny: names are checked elsewhere
                any

/** A value without parts. */
export type Scalar = string | number | bigint | boolean | Uint8Array | Date

/** The paths to members of structs in `R`: `address.city`. */
export type PathIn<R> = string extends keyof R
  ? never
  : { [K in keyof R & string]: IsAny<R[K]> extends true ? never : PathsOf<K, NonNullable<R[K]>> }[keyof R & string]
type PathsOf<K extends string, V> = V extends Scalar | readonly unknown[] | ReadonlyMap<unknown, unknown>
  ? never
  : V extends object
    ? { [M in keyof V & string]: `${K}.${M}` | Deeper<`${K}.${M}`, NonNullable<V[M]>> }[keyof V & string]
    : never
type Deeper<K extends string, V> = V extends Scalar | readonly unknown[] | ReadonlyMap<unknown, unknown>
  ? never
  : V extends object
    ? `${K}.${keyof V & string}`
    : never

/**
 * The names that may be written for a frame of `R`: its columns, members of its structs, or a name with a dot, which
 * may begin with a frame's alias.
 */
export type NameIn<R> = (keyof R & string) | PathIn<R> | (`${string}.${string}` & {})

/** Shows an intersection of object types as one object type. */
export type Flat<T> = { [K in keyof T]: T[K] }
/** A union of types as their intersection; `unknown` of none. */
export type Both<U> = (U extends unknown ? (value: U) => void : never) extends (value: infer I) => void ? I : never

/** The last part of a dotted path; a path to all members stays whole. */
export type LastPart<P extends string> = P extends `${string}.*`
  ? P
  : P extends `${string}.${infer Rest}`
    ? LastPart<Rest>
    : P

/** Rows with the columns of `S` beside those of `R` that are not named the same. */
export type Replaced<R, S> = string extends keyof S
  ? AnyRow
  : { [K in keyof R | keyof S]: K extends keyof S ? S[K] : R[K & keyof R] }

/** `R` with a column `N` of `V`, new or in the place of the one of that name. */
export type WithColumn<R, N extends string, V> = string extends N
  ? AnyRow
  : { [K in keyof R | N]: K extends N ? V : R[K & keyof R] }

/** `R` with every column nullable: the far side of an outer join. */
export type Nullable<R> = { [K in keyof R]: R[K] | null }
