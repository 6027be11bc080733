import { Dict, DictView, isMapping, mappingSize, PythonSet } from './dict.ts'
import { Float } from './float.ts'
import { isText } from './markup.ts'
import { LENGTH, protocolOf, TRUTH } from './protocol.ts'
import { typeError } from './python-error.ts'
import { OneShot, Range, Tuple } from './sequence.ts'
import { typeName } from './text.ts'
import { Undefined } from './undefined.ts'

/** Python's `bool`. */
export function truth(value: unknown): boolean {
  if (typeof value !== 'object') return Boolean(value) || typeof value === 'function' || Number.isNaN(value)
  if (value === null) return false
  if (Array.isArray(value)) return value.length > 0
  if (value instanceof Undefined) return value.isTrue()
  if (value instanceof Float) return value.value !== 0
  const own = protocolOf(value)
  if (own?.[TRUTH]) return own[TRUTH]()
  const size = sizeOf(value)
  return size === undefined || size > 0
}

/** Python's `len`. Text counts by code points. */
export function length(value: unknown): number {
  if (isText(value)) return characters(value.toString()).length
  if (value instanceof Undefined) return value.allow() && 0
  const size = typeof value === 'object' && value !== null ? sizeOf(value) : undefined
  if (size === undefined) throw typeError(`object of type '${typeName(value)}' has no len()`)
  return size
}

function sizeOf(value: object): number | undefined {
  if (Array.isArray(value)) return value.length
  if (value instanceof Dict) return value.size
  if (value instanceof Tuple) return value.items.length
  if (value instanceof PythonSet) return value.members.size
  if (value instanceof DictView || value instanceof Range) return value.length
  if (isMapping(value)) return mappingSize(value)
  return protocolOf(value)?.[LENGTH]?.()
}

/** The code points of a text, each as a string; the text itself when they are its code units. */
export function characters(text: string): string | string[] {
  return /[\ud800-\udfff]/.test(text) ? Array.from(text) : text
}

/**
 * What `for` walks: an array as it stands, otherwise a copy of the members.
 * @throws PythonError `TypeError` when the value is not iterable.
 */
export function iterate(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  return [...iterable(value)]
}

/** The value as a JavaScript iterable of Python's members: keys of a dict, characters of a text. */
export function iterable(value: unknown): Iterable<unknown> {
  if (typeof value === 'string') return value
  if (value !== null && typeof value === 'object') {
    if (isMapping(value) && !(value instanceof Dict)) {
      return value instanceof Map ? value.keys() : Object.keys(value).filter((key) => value[key] !== undefined)
    }
    if (Symbol.iterator in value) return value as Iterable<unknown>
  }
  throw typeError(`'${typeName(value)}' object is not iterable`)
}

/** Whether `for` could walk the value. */
export function isIterable(value: unknown): boolean {
  if (isText(value)) return true
  return value !== null && typeof value === 'object' && (isMapping(value) || Symbol.iterator in value)
}

/** Whether the value has a length and can be indexed, as Jinja's `sequence` test asks. */
export function isSequence(value: unknown): boolean {
  if (isText(value) || Array.isArray(value) || isMapping(value)) return true
  if (value instanceof Undefined) return !value.strict
  if (value instanceof Tuple || value instanceof Range) return true
  if (value instanceof OneShot || value instanceof PythonSet || value instanceof DictView) return false
  return protocolOf(value)?.[LENGTH] !== undefined
}
