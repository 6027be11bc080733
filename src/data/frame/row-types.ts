/** A row nothing is known about: any column is allowed, any value comes out. */
// biome-ignore lint/suspicious/noExplicitAny: an untyped frame gives up checking on purpose
export type AnyRow = Record<string, any>

/** The type of a column that is only known by its name until a frame is at hand. */
export interface Ref<K extends string> {
  readonly ref: K
}
/** The type of a sum over `T`: integers widen to `bigint`, decimals (text) and doubles keep their form. */
export interface SumOf<T> {
  readonly sumOf: T
}
/** The type of a list collected from `T`. */
export interface ListOf<T> {
  readonly listOf: T
}
/** `T` or null. */
export interface OrNull<T> {
  readonly orNull: T
}

type IsAny<T> = 0 extends 1 & T ? true : false
type SumValue<T> = IsAny<T> extends true ? number | bigint | string | null : SumMember<T>
type SumMember<T> = T extends number ? number | bigint : T

/** The value type of `T` in rows of `R`, with references by name looked up. */
export type ValueIn<R, T> =
  IsAny<T> extends true
    ? // biome-ignore lint/suspicious/noExplicitAny: any stays any
      any
    : T extends Ref<infer K>
      ? K extends keyof R
        ? R[K]
        : // biome-ignore lint/suspicious/noExplicitAny: a member of a struct or of an alias is not followed
          any
      : T extends SumOf<infer A>
        ? SumValue<ValueIn<R, A>>
        : T extends ListOf<infer A>
          ? NonNullable<ValueIn<R, A>>[]
          : T extends OrNull<infer A>
            ? ValueIn<R, A> | null
            : T

/** The names that may be written for a frame of `R`: its columns, or a path with a dot, which is not checked. */
export type NameIn<R> = (keyof R & string) | `${string}.${string}`

/** Shows an intersection of object types as one object type. */
export type Flat<T> = { [K in keyof T]: T[K] }
/** A union of types as their intersection. */
export type Both<U> = (U extends unknown ? (value: U) => void : never) extends (value: infer I) => void ? I : never

/** The last part of a dotted path; a path to all members stays whole. */
export type LastPart<P extends string> = P extends `${string}.*`
  ? P
  : P extends `${string}.${infer Rest}`
    ? LastPart<Rest>
    : P

/** Rows with the columns of `S` beside those of `R` that are not named the same. */
export type Replaced<R, S> = Flat<Omit<R, keyof S> & S>

/** `R` with every column nullable: the far side of an outer join. */
export type Nullable<R> = { [K in keyof R]: R[K] | null }
