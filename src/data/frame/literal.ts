import { type DataType, type Field, type Json, MillraceError } from '../../base/kernel/index.ts'
import type { Expr } from './expr.ts'

/** A JavaScript value that can stand in an expression as a constant. */
export type Literal =
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | Uint8Array
  | readonly Literal[]
  | { readonly [name: string]: Literal }

export interface TypedLiteral {
  readonly value: Json
  readonly type: DataType
}

const INT_MAX = 2_147_483_647

/**
 * The constant with its type: whole numbers are `integer`, or `long` from 2³¹ on, other numbers `double`,
 * `bigint` is `long` (`hugeint` from 2⁶³ on), `Date` is `timestamp`.
 * @throws MillraceError COLUMN_TYPE for a value that has no SQL form (a function, a symbol, undefined)
 */
export function typedLiteral(value: unknown): TypedLiteral {
  if (value === null) return { value, type: { kind: 'null' } }
  switch (typeof value) {
    case 'boolean':
      return { value, type: { kind: 'boolean' } }
    case 'string':
      return { value, type: { kind: 'string' } }
    case 'number':
      return numberLiteral(value)
    case 'bigint': {
      const long = BigInt.asIntN(64, value) === value
      return { value: String(value), type: { kind: long ? 'long' : 'hugeint' } }
    }
    case 'object':
      if (value instanceof Date) return { value: value.toISOString(), type: { kind: 'timestamp' } }
      if (value instanceof Uint8Array) return { value: Buffer.from(value).toString('base64'), type: { kind: 'binary' } }
      return Array.isArray(value) ? arrayLiteral(value) : structLiteral(value as Record<string, unknown>)
    default:
      throw new MillraceError('COLUMN_TYPE', `a ${typeof value} cannot be a value of a column`, {
        hint: 'Use null, a boolean, number, bigint, string, Date, Uint8Array, an array or a plain object.',
      })
  }
}

function numberLiteral(value: number): TypedLiteral {
  if (!Number.isFinite(value)) return { value: String(value), type: { kind: 'double' } }
  // JSON, which a plan is, has no zero with a sign.
  if (Object.is(value, -0)) return { value: '-0.0', type: { kind: 'double' } }
  if (!Number.isInteger(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    return { value, type: { kind: 'double' } }
  }
  if (Math.abs(value) <= INT_MAX) return { value, type: { kind: 'integer' } }
  return { value: String(value), type: { kind: 'long' } }
}

function arrayLiteral(values: readonly unknown[]): TypedLiteral {
  const typed = values.map(typedLiteral)
  const element = typed.map((item) => item.type).reduce(widest, { kind: 'null' })
  return { value: typed.map((item) => item.value), type: { kind: 'array', element, containsNull: true } }
}

function structLiteral(value: Record<string, unknown>): TypedLiteral {
  const typed = Object.entries(value).map(([name, item]) => ({ name, ...typedLiteral(item) }))
  const fields: Field[] = typed.map(({ name, type }) => ({ name, type, nullable: true }))
  return {
    value: Object.fromEntries(typed.map(({ name, value: item }) => [name, item])),
    type: { kind: 'struct', fields },
  }
}

const WIDTH = ['integer', 'long', 'hugeint', 'double']

/**
 * The narrowest type of literals that holds values of both.
 * @throws MillraceError COLUMN_TYPE when there is none
 */
export function widest(a: DataType, b: DataType): DataType {
  if (a.kind === 'null') return b
  if (b.kind === 'null') return a
  if (a.kind === 'array' && b.kind === 'array') {
    return { kind: 'array', element: widest(a.element, b.element), containsNull: true }
  }
  if (a.kind === 'struct' && b.kind === 'struct') {
    const names = new Map(a.fields.map((field) => [field.name, field]))
    for (const field of b.fields) {
      const known = names.get(field.name)
      names.set(field.name, known ? { ...known, type: widest(known.type, field.type) } : field)
    }
    return { kind: 'struct', fields: [...names.values()] }
  }
  if (a.kind === b.kind) return a
  const rank = Math.max(WIDTH.indexOf(a.kind), WIDTH.indexOf(b.kind))
  const wider = WIDTH[rank]
  if (wider !== undefined && WIDTH.includes(a.kind) && WIDTH.includes(b.kind)) return { kind: wider as 'double' }
  throw new MillraceError('COLUMN_TYPE', `values of ${a.kind} and ${b.kind} cannot stand in one column`, {
    hint: 'Give all values one type, or state a schema.',
  })
}

/** A literal expression of a JavaScript value. */
export function literalExpr(value: unknown): Expr {
  return { kind: 'literal', ...typedLiteral(value) }
}
