import type { DataType } from '../../../base/kernel/index.ts'
import type { Sql } from '../../../base/sql/index.ts'
import { constantOf } from '../dialect/constant.ts'
import { asDecimal, boundedDecimal, commonOf, commonType } from './shared-type.ts'

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

/** The type of what is always null. */
export const VOID = always<null>({ kind: 'null' })

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

/** An average is a double; of decimals a decimal with four more digits on both sides of the point. */
export const AVERAGE: ResultType<'average'> = {
  of: ([type]) =>
    type?.kind === 'decimal'
      ? { kind: 'decimal', precision: Math.min(38, type.precision + 4), scale: Math.min(38, type.scale + 4) }
      : { kind: 'double' },
}

/** The type of an array's elements. */
// biome-ignore lint/suspicious/noExplicitAny: the element may be anything
export const ELEMENT: ResultType<any> = { of: ([type]) => (type?.kind === 'array' ? type.element : undefined) }

type Operation = 'add' | 'multiply' | 'divide' | 'mod'

/**
 * The type of a decimal's arithmetic with another or with a whole number; a whole constant counts its own digits
 * (Spark's `DecimalPrecision`).
 */
export function decimalOf(
  operation: Operation,
  [a, b]: readonly (DataType | undefined)[],
  args: readonly Sql[] = [],
): Extract<DataType, { kind: 'decimal' }> | undefined {
  if (!a || !b || (a.kind !== 'decimal' && b.kind !== 'decimal')) return undefined
  const [one, two] = [digitsOf(a, args[0]), digitsOf(b, args[1])]
  if (!one || !two) return undefined
  const scale = Math.max(one.scale, two.scale)
  const before = [one.precision - one.scale, two.precision - two.scale] as const
  switch (operation) {
    case 'add':
      return bounded(Math.max(...before) + scale + 1, scale)
    case 'multiply':
      return bounded(one.precision + two.precision + 1, one.scale + two.scale)
    case 'divide': {
      const behind = Math.max(6, one.scale + two.precision + 1)
      return bounded(before[0] + two.scale + behind, behind)
    }
    case 'mod':
      return bounded(Math.min(...before) + scale, scale)
  }
}

function bounded(precision: number, scale: number) {
  return boundedDecimal(precision, scale) as Extract<DataType, { kind: 'decimal' }>
}

/** How many digits an operand has: its type's, or those of a whole constant. */
export function digitsOf(type: DataType, arg: Sql | undefined) {
  const constant = type.kind === 'decimal' ? undefined : constantOf(arg)
  const text = typeof constant === 'number' && Number.isInteger(constant) ? String(Math.abs(constant)) : undefined
  return text === undefined ? asDecimal(type) : { precision: text.length, scale: 0 }
}

/** The type of a sum, difference, product or remainder of two numbers. */
export function arithmetic(operation: Exclude<Operation, 'divide'>): ResultType<unknown> {
  return {
    of: ([a, b], args) => {
      if (a === undefined || b === undefined) return undefined
      const exact = decimalOf(operation, [a, b], args)
      if (exact) return exact
      const common = commonType(a, b)
      return common && (asDecimal(common) || common.kind === 'float' || common.kind === 'double') ? common : undefined
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
