import type {
  Both,
  Decimal,
  IsAny,
  Made,
  Ref,
  Scalar,
  Waiting,
  WaitingAny,
  WaitingArray,
  WaitingCast,
  WaitingNumber,
} from './row-types.ts'

/** What a function or operator takes: the types of values, by a word for each kind. */
export interface Kinds {
  any: unknown
  number: number | bigint | Decimal | null | undefined
  /** Decimals are text too, and Spark writes them out where text is wanted. */
  text: string | null | undefined
  truth: boolean | null | undefined
  /** What can be added, subtracted, multiplied and divided: also dates and days, and text that Spark reads as a number. */
  computable: number | bigint | string | Date | null | undefined
  /** Dates and timestamps, which are text in rows. */
  time: string | Date | null | undefined
  array: readonly unknown[] | null | undefined
  map: ReadonlyMap<unknown, unknown> | null | undefined
  collection: readonly unknown[] | ReadonlyMap<unknown, unknown> | null | undefined
  /** What is no collection. */
  scalar: Scalar | null | undefined
}

/** The types a column may have where `V` is wanted: one that waits for a frame is checked when it meets the frame. */
export type Accepted<V> =
  | V
  | WaitingAny
  | WaitingCast<V>
  | (number extends V ? WaitingNumber : never)
  | (readonly never[] extends V ? WaitingArray : never)

/** What a row has to be, so that `T` is one of `V` in it: columns that are not in it are refused by their names. */
export type Need<T, V> = IsAny<T> extends true ? unknown : unknown extends V ? unknown : Both<NeedOf<T, V>>
type NeedOf<T, V> =
  T extends Ref<infer K>
    ? string extends K
      ? never
      : K extends `${infer Head}.${infer Rest}`
        ? object & { readonly [P in Head]?: Within<Rest, V> }
        : { readonly [P in K]?: V }
    : T extends Made<infer F, infer A>
      ? F extends 'orNull'
        ? NeedOf<A, V>
        : F extends 'element' | 'elementOrNull'
          ? NeedOf<A, readonly V[] | ReadonlyMap<unknown, V> | null | undefined>
          : F extends 'first'
            ? A extends { readonly first: infer B; readonly then: infer C }
              ? NeedOf<B, V> | NeedOf<C, V>
              : never
            : never
      : never

/** That the member of a dotted name exists, when the name begins with a struct. */
export type PathNeed<K extends string> = K extends `${infer Head}.${infer Rest}`
  ? object & { readonly [P in Head]?: Within<Rest, unknown> }
  : unknown
/** That a reference has the member `F`. */
export type Exists<T, F extends string> = T extends Ref<infer K extends string> ? PathNeed<`${K}.${F}`> : unknown

/** A struct with a member by its path. Lists and maps are not followed, nor what is no struct: the name may be an alias. */
type Within<P extends string, V> =
  | Scalar
  | readonly unknown[]
  | ReadonlyMap<unknown, unknown>
  | null
  | undefined
  | (P extends '*'
      ? unknown
      : P extends `${infer Head}.${infer Rest}`
        ? { readonly [M in Head]: Within<Rest, V> }
        : { readonly [M in P]: V })

/** The types of values that `V` can be compared with: Spark converts numbers, text and times into one another. */
export type Alike<V> =
  | (IsAny<V> extends true
      ? unknown
      : unknown extends V
        ? unknown
        : [V] extends [null | undefined]
          ? unknown
          : AlikeOf<V>)
  | null
  | undefined
type AlikeOf<V> = V extends Waiting
  ? unknown
  : V extends number | bigint | string | Date
    ? number | bigint | string | Date | (V extends string ? boolean | Uint8Array : never)
    : V extends boolean
      ? boolean | string
      : V extends Uint8Array
        ? Uint8Array | string
        : V extends readonly unknown[]
          ? readonly unknown[]
          : V extends ReadonlyMap<unknown, unknown>
            ? never
            : V extends object
              ? object
              : never
