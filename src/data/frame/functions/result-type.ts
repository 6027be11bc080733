import type { DataType } from '../../../base/kernel/index.ts'
import type { Sql } from '../../../base/sql/index.ts'
import { constantOf } from '../dialect/constant.ts'
import { asDecimal, commonOf, commonType } from './shared-type.ts'

/** What a function returns, given the types of its arguments as far as they are known. `T` is the value type in TypeScript. */
export interface ResultType<T> {
  /** `names` are those of arguments that are columns or have a name. */
  of(
    types: readonly (DataType | undefined)[],
    args?: readonly Sql[],
    names?: readonly (string | undefined)[],
  ): DataType | undefined
  readonly value?: T
}

function always<T>(type: DataType): ResultType<T> {
  return { of: () => type }
}

export const BOOLEAN = always<boolean | null>({ kind: 'boolean' })
export const STRING = always<string | null>({ kind: 'string' })
export const INTEGER = always<number | null>({ kind: 'integer' })
export const LONG = always<bigint | null>({ kind: 'long' })
/** A long that is never null, as counts are. */
export const COUNT = always<bigint>({ kind: 'long' })
/** An integer that is never null, as ranks are. */
export const RANK = always<number>({ kind: 'integer' })
export const DOUBLE = always<number | null>({ kind: 'double' })
export const DATE = always<string | null>({ kind: 'date' })
export const TIMESTAMP = always<string | null>({ kind: 'timestamp' })
export const BINARY = always<Uint8Array | null>({ kind: 'binary' })
export const STRINGS = always<string[] | null>({
  kind: 'array',
  element: { kind: 'string' },
  containsNull: true,
})

/** A type that only the engine knows. */
// biome-ignore lint/suspicious/noExplicitAny: the value may be anything
export const UNKNOWN: ResultType<any> = { of: () => undefined }

/** The type of the first argument whose type is known. */
export const SAME: ResultType<'same'> = { of: (args) => args.find((type) => type && type.kind !== 'null') }

/** The type that all arguments have in common. */
export const COMMON: ResultType<'same'> = { of: commonOf }

/** An array of the first argument. */
export const LIST: ResultType<'list'> = {
  of: ([element]) => element && { kind: 'array', element, containsNull: false },
}

const WHOLE = new Set(['byte', 'short', 'integer', 'long', 'ubyte', 'ushort', 'uinteger'])

/** Spark's sum: whole numbers give a long, decimals ten more digits, the rest a double. */
export const SUM: ResultType<'sum'> = {
  of: ([type]) => {
    if (type === undefined) return undefined
    if (WHOLE.has(type.kind)) return { kind: 'long' }
    if (type.kind === 'decimal') {
      return { kind: 'decimal', precision: Math.min(38, type.precision + 10), scale: type.scale }
    }
    return type.kind === 'float' || type.kind === 'double' ? { kind: 'double' } : undefined
  },
}

/** An average is a double, of decimals too (Spark would keep a decimal). */
export const AVERAGE: ResultType<'average'> = { of: () => ({ kind: 'double' }) }

/** The type of an array's elements. */
// biome-ignore lint/suspicious/noExplicitAny: the element may be anything
export const ELEMENT: ResultType<any> = { of: ([type]) => (type?.kind === 'array' ? type.element : undefined) }

const LIMIT = 18

/** DuckDB keeps decimals in 64 bits as long as both arguments are, and fails on what does not fit. */
function decimal(precision: number, scale: number, a: number, b: number): DataType {
  const most = Math.max(a, b) <= LIMIT && scale < LIMIT ? LIMIT : 38
  return { kind: 'decimal', precision: Math.min(most, precision), scale }
}

/** The type of a sum, difference, product or remainder of two numbers. */
export function arithmetic(operation: 'add' | 'multiply' | 'mod'): ResultType<unknown> {
  return {
    of: ([a, b]) => {
      if (a === undefined || b === undefined) return undefined
      const one = asDecimal(a)
      const two = asDecimal(b)
      if (!one || !two || (a.kind !== 'decimal' && b.kind !== 'decimal')) {
        const common = commonType(a, b)
        return common && (asDecimal(common) || common.kind === 'float' || common.kind === 'double') ? common : undefined
      }
      const widths = [one.precision, two.precision] as const
      if (operation === 'multiply') {
        return decimal(one.precision + two.precision, one.scale + two.scale, ...widths)
      }
      const scale = Math.max(one.scale, two.scale)
      const before = Math.max(one.precision - one.scale, two.precision - two.scale)
      return decimal(before + scale + (operation === 'add' ? 1 : 0), scale, ...widths)
    },
  }
}

/** A quotient keeps fractions: a double, or a float of floats. */
export const QUOTIENT: ResultType<unknown> = {
  of: ([a, b]) => {
    const common = commonType(a, b)
    return common && { kind: common.kind === 'float' ? 'float' : 'double' }
  },
}

/** The type of `pmod`: that of a remainder of a sum of a remainder. */
export const PMOD: ResultType<unknown> = {
  of: ([a, b]) => arithmetic('mod').of([arithmetic('add').of([arithmetic('mod').of([a, b]), b]), b]),
}

/** Rounding keeps the type; a decimal keeps as many digits behind the point as are asked for. */
export const ROUNDED: ResultType<unknown> = {
  of: ([type], args) => {
    if (type?.kind !== 'decimal') return type
    const digits = args === undefined ? undefined : args.length > 1 ? constantOf(args[1]) : 0
    if (typeof digits !== 'number') return undefined
    return { ...type, scale: Math.max(0, Math.min(type.scale, digits)) }
  },
}
