import { Dict, DictView, isMapping, mappingEntries, mappingGet, mappingHas, mappingSize, PythonSet } from './dict.ts'
import { Float, numberOf } from './float.ts'
import { isText, unmarked } from './markup.ts'
import { CONTAINS, EQUALS, OPERATE, protocolOf } from './protocol.ts'
import { typeError } from './python-error.ts'
import { Range, Tuple } from './sequence.ts'
import { typeName } from './text.ts'
import { isIterable, iterable } from './truth.ts'
import { Undefined } from './undefined.ts'

/** Python's `==`, by content. */
export function equals(left: unknown, right: unknown): boolean {
  if (left === right) return !Number.isNaN(left)
  if (left === null || right === null) return bothUndefined(left, right)
  if (typeof left === 'string' || typeof right === 'string') {
    if (left instanceof Undefined || right instanceof Undefined) return bothUndefined(left, right)
    return overloaded(left, right)
  }
  const a = numberOf(left)
  const b = numberOf(right)
  if (a !== undefined && b !== undefined) {
    return typeof left === 'bigint' && typeof right === 'bigint' ? left === right : a === b
  }
  if (Array.isArray(left) && Array.isArray(right)) return equalItems(left, right)
  if (left instanceof Tuple && right instanceof Tuple) return equalItems(left.items, right.items)
  if (left instanceof Undefined || right instanceof Undefined) {
    return bothUndefined(left, right)
  }
  if (isMapping(left) && isMapping(right)) {
    return (
      mappingSize(left) === mappingSize(right) &&
      mappingEntries(left).every(([key, value]) => mappingHas(right, key) && equals(value, mappingGet(right, key)))
    )
  }
  if (left instanceof Range && right instanceof Range) return equalItems([...left], [...right])
  if (isSetLike(left) && isSetLike(right)) {
    const members = new Dict([...right].map((value) => [value, true] as const))
    const own = [...left]
    return own.length === members.size && own.every((value) => members.has(value))
  }
  return overloaded(left, right)
}

/** Of values one of which is not defined. @throws PythonError when that is strict */
function bothUndefined(left: unknown, right: unknown): boolean {
  if (left instanceof Undefined) left.allow()
  if (right instanceof Undefined) right.allow()
  return left instanceof Undefined && right instanceof Undefined
}

function overloaded(left: unknown, right: unknown): boolean {
  return protocolOf(left)?.[EQUALS]?.(right) ?? protocolOf(right)?.[EQUALS]?.(left) ?? dates(left, right)
}

function dates(left: unknown, right: unknown): boolean {
  return left instanceof Date && right instanceof Date && left.getTime() === right.getTime()
}

/** Whether it is a set, or a view of a dict that is one. */
export function isSetLike(value: unknown): value is Iterable<unknown> {
  return value instanceof PythonSet || (value instanceof DictView && value.kind !== 'values')
}

function equalItems(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((value, index) => equals(value, right[index]))
}

export type Ordering = '<' | '<=' | '>' | '>='

/** Python's ordering comparisons. @throws PythonError `TypeError` for values that have no order. */
export function order(left: unknown, operator: Ordering, right: unknown): boolean {
  const sign = compared(left, operator, right)
  return typeof sign === 'boolean' ? sign : (bySign(operator, sign) ?? false)
}

/** What an ordering comparison of two values says whose difference has this sign; undefined for other operators. */
export function bySign(operator: string, sign: number): boolean | undefined {
  switch (operator) {
    case '<':
      return sign < 0
    case '<=':
      return sign <= 0
    case '>':
      return sign > 0
    case '>=':
      return sign >= 0
    default:
      return undefined
  }
}

function compared(first: unknown, operator: Ordering, second: unknown): number | boolean {
  const left = unmarked(first)
  const right = unmarked(second)
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right)
  const a = numberOf(left)
  const b = numberOf(right)
  if (a !== undefined && b !== undefined) {
    if (typeof left === 'bigint' && typeof right === 'bigint') return left < right ? -1 : left > right ? 1 : 0
    return a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN
  }
  const ours = itemsOf(left)
  const theirs = itemsOf(right)
  if (ours && theirs && Array.isArray(left) === Array.isArray(right)) {
    for (let index = 0; index < Math.min(ours.length, theirs.length); index += 1) {
      if (!equals(ours[index], theirs[index])) return compared(ours[index], operator, theirs[index])
    }
    return ours.length - theirs.length
  }
  if (left instanceof Date && right instanceof Date) return left.getTime() - right.getTime()
  if (left instanceof Undefined) throw left.error()
  if (right instanceof Undefined) throw right.error()
  const own =
    protocolOf(left)?.[OPERATE]?.(operator, right, false) ?? protocolOf(right)?.[OPERATE]?.(operator, left, true)
  if (typeof own === 'boolean') return own
  throw typeError(`'${operator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`)
}

function itemsOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : value instanceof Tuple ? value.items : undefined
}

/** Order by code points, where JavaScript orders by code units. */
function compareText(left: string, right: string): number {
  if (left === right) return 0
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    if (left.charCodeAt(index) !== right.charCodeAt(index)) {
      return (left.codePointAt(index) ?? 0) - (right.codePointAt(index) ?? 0)
    }
  }
  return left.length - right.length
}

/** A sort function of Python's `<`. */
export function ascending(left: unknown, right: unknown): number {
  return order(left, '<', right) ? -1 : order(right, '<', left) ? 1 : 0
}

/** Python's `value in container`. */
export function contains(container: unknown, value: unknown): boolean {
  if (isText(container)) {
    if (isText(value)) return container.includes(value.toString())
    throw typeError(`'in <string>' requires string as left operand, not ${typeName(value)}`)
  }
  if (container instanceof Dict) return container.has(value)
  const own = protocolOf(container)?.[CONTAINS]
  if (own) return own.call(container, value)
  if (container instanceof PythonSet) return container.members.has(value)
  if (isMapping(container)) return mappingHas(container, value)
  if (!isIterable(container)) throw typeError(`argument of type '${typeName(container)}' is not iterable`)
  for (const item of iterable(container)) if (item === value || equals(item, value)) return true
  return false
}

/** Python's `is`: small values by value, objects by identity. */
export function same(left: unknown, right: unknown): boolean {
  if (left instanceof Float && right instanceof Float) return left === right || left.value === right.value
  return left === right
}

/** Lower case for sorting and grouping without regard to case; other values as they are. */
export function ignoreCase(value: unknown): unknown {
  return isText(value) ? value.toString().toLowerCase() : value
}
