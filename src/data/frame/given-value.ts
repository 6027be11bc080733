import { type DataType, formatType, type Json, MillraceError } from '../../base/kernel/index.ts'
import { typedLiteral } from './literal.ts'

/** Bits of whole numbers. */
const BITS: Readonly<Record<string, number>> = { byte: 8, short: 16, integer: 32, long: 64 }

/**
 * A value given in the program as JSON of a type: what JSON cannot hold exactly becomes text, which the engine casts back.
 * @param path where the value stands: `row 2, column "tags"`
 * @throws MillraceError COLUMN_TYPE for a value that is none of the type
 */
export function givenValue(value: unknown, type: DataType, path: string): Json {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return ofDate(value, type, path)
  switch (type.kind) {
    case 'boolean':
      if (typeof value !== 'boolean') throw wrong(value, type, path)
      return value
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
      return ofWhole(value, type, path)
    case 'float':
    case 'double':
      if (typeof value === 'boolean' || typeof value === 'object') throw wrong(value, type, path)
      break
    case 'array':
      if (!Array.isArray(value)) throw wrong(value, type, path)
      return value.map((item, i) => givenValue(item, type.element, `${path}[${i}]`))
    case 'struct': {
      if (typeof value !== 'object' || value instanceof Uint8Array) throw wrong(value, type, path)
      if (Array.isArray(value) && value.length !== type.fields.length) throw wrong(value, type, path)
      const member = (name: string, i: number): unknown =>
        Array.isArray(value)
          ? value[i]
          : value instanceof Map
            ? value.get(name)
            : (value as Record<string, unknown>)[name]
      return Object.fromEntries(
        type.fields.map((field, i) => [
          field.name,
          givenValue(member(field.name, i), field.type, `${path}.${field.name}`),
        ]),
      )
    }
    case 'map': {
      if (typeof value !== 'object' || Array.isArray(value) || value instanceof Uint8Array)
        throw wrong(value, type, path)
      const entries = value instanceof Map ? [...value] : Object.entries(value)
      return Object.fromEntries(
        entries.map(([key, item]) => [String(key), givenValue(item, type.value, `${path}[${key}]`)]),
      )
    }
  }
  try {
    return typedLiteral(value).value
  } catch (thrown) {
    throw thrown instanceof MillraceError ? wrong(value, type, path) : thrown
  }
}

function ofDate(value: Date, type: DataType, path: string): Json {
  if (Number.isNaN(value.getTime())) throw wrong(value, type, path)
  return type.kind === 'date' ? value.toISOString().slice(0, 10) : value.toISOString()
}

/** Text may stand for a number, because not every bigint is one of JavaScript's numbers. */
function ofWhole(value: unknown, type: DataType, path: string): Json {
  const isText = typeof value === 'string' && /^[+-]?\d+$/.test(value.trim())
  const isNumber = typeof value === 'number' && Number.isInteger(value)
  if (!isText && !isNumber && typeof value !== 'bigint') throw wrong(value, type, path)
  const whole = BigInt(typeof value === 'string' ? value.trim().replace('+', '') : (value as number | bigint))
  if (BigInt.asIntN(BITS[type.kind] ?? 64, whole) !== whole) throw wrong(value, type, path)
  return Object.is(value, -0) ? 0 : typedLiteral(value).value
}

function wrong(value: unknown, type: DataType, path: string): MillraceError {
  return new MillraceError('COLUMN_TYPE', `${path}: ${shown(value)} is no ${formatType(type)}`, {
    hint: 'Give values of the type of the column, or another schema.',
  })
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 40))}`
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`
  if (value instanceof Date)
    return `the Date ${Number.isNaN(value.getTime()) ? 'that is invalid' : value.toISOString()}`
  if (typeof value !== 'object') return `the ${typeof value} ${String(value)}`
  return Array.isArray(value) ? 'an array' : 'an object'
}
