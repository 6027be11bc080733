import type { Decimal, IsAny } from './row-types.ts'

/** `1` and `2n`, but not `1.5` nor `number`: a constant that is whole keeps the type of what it is computed with. */
type Whole<V> = V extends number ? (number extends V ? never : `${V}` extends `${bigint}` ? V : never) : never
/** `1.5`: a constant that makes a double of everything. */
type Fraction<V> = V extends number ? (number extends V ? never : `${V}` extends `${bigint}` ? never : V) : never
type HasNone<T> = [T] extends [never] ? true : false

/**
 * The type of a sum, difference, product or remainder of values `V` (a union of the types of all that takes part):
 * `bigint` of longs and whole constants, `Decimal` of decimals and whole numbers, `number` of doubles. A `number` may
 * be an integer or a double, so with a long or a decimal the result may be either. What is computed with text, such as
 * a date and days, may be anything.
 */
export type Arithmetic<V> =
  IsAny<V> extends true
    ? V
    : HasNone<Exclude<Extract<V, string>, Decimal>> extends true
      ? ArithmeticOf<NonNullable<V>> | Extract<V, null>
      : // biome-ignore lint/suspicious/noExplicitAny: a date moved by days, or text that is read as a number
        any
type ArithmeticOf<V> =
  HasNone<Fraction<V>> extends false
    ? number
    : HasNone<Exclude<Extract<V, number>, Whole<V>>> extends true
      ? HasNone<Extract<V, Decimal>> extends false
        ? Decimal
        : HasNone<Extract<V, bigint>> extends false
          ? bigint
          : number
      : HasNone<Extract<V, Decimal>> extends false
        ? number | Decimal
        : HasNone<Extract<V, bigint>> extends false
          ? number | bigint
          : number

/** The type of a quotient: a double, or a decimal when decimals take part. */
export type Quotient<V> =
  IsAny<V> extends true
    ? V
    : HasNone<Extract<V, Decimal>> extends true
      ? number | Extract<V, null>
      :
          | (HasNone<Fraction<V>> extends false
              ? number
              : HasNone<Exclude<Extract<V, number>, Whole<V>>> extends true
                ? Decimal
                : number | Decimal)
          | Extract<V, null>
