import type { DataType } from '../../../base/kernel/index.ts'

/** What a function returns, given the types of its arguments as far as they are known. `T` is the value type in TypeScript. */
export interface ResultType<T> {
  of(args: readonly (DataType | undefined)[]): DataType | undefined
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
