import { Dict, DictView, isMapping, mappingGet, mappingHas, mappingSet, PythonSet } from './dict.ts'
import { dictMethod, viewMember } from './dict-methods.ts'
import { Float, indexOf, isInt } from './float.ts'
import { listMethod, rangeMember, tupleMethod } from './list-methods.ts'
import { isText, like, Markup, unmarked } from './markup.ts'
import { markupMethod } from './markup-methods.ts'
import { numberMember } from './number-methods.ts'
import { ATTRIBUTE, CALL, ITEM, PARAMS, protocolOf } from './protocol.ts'
import { typeError } from './python-error.ts'
import { NamedTuple, Range, Tuple } from './sequence.ts'
import { setMethod } from './set-methods.ts'
import { Slice, slice } from './slice.ts'
import { stringMethod } from './string-methods.ts'
import { repr, typeName } from './text.ts'
import { characters } from './truth.ts'
import { Undefined } from './undefined.ts'

/** `value.name` in a template: the attribute, else the item of that name, else `Undefined`. */
export function attribute(value: unknown, name: string): unknown {
  let found = member(value, name)
  if (found === undefined) found = itemOf(value, name)
  return found === undefined ? missing(value, name) : found
}

/** `value[key]` in a template: the item, else the attribute of that name, else `Undefined`. */
export function item(value: unknown, key: unknown): unknown {
  if (key instanceof Slice) {
    const sliced = slice(value, key)
    if (sliced !== undefined) return sliced
    if (value instanceof Undefined) return used(value)
    const own = protocolOf(value)?.[ITEM]?.(key)
    if (own !== undefined) return own
    throw typeError(`'${typeName(value)}' object cannot be sliced`)
  }
  let found = itemOf(value, key)
  const name = unmarked(key)
  if (found === undefined && typeof name === 'string') found = member(value, name)
  return found === undefined ? missing(value, key) : found
}

/** What a value that is not defined answers to any use. @throws PythonError unless it is lenient */
function used(value: Undefined): Undefined {
  if (value.chainable) return value
  throw value.error()
}

/** What reading an attribute or an item that there is not answers. */
export function missing(value: unknown, key: unknown): Undefined {
  const kind = value === null ? 'None' : `'${typeName(value)} object'`
  const reason = isText(key) ? `${kind} has no attribute '${key}'` : `${kind} has no element ${repr(key)}`
  return new Undefined(reason, `no such element: ${kind.replaceAll("'", '')}[${repr(key)}]`)
}

/** The attribute alone, without falling back to items; `undefined` when there is none. `None` stays `null`. */
export function member(value: unknown, name: string): unknown {
  switch (typeof value) {
    case 'string':
      return stringMethod(value, name)
    case 'object':
    case 'function':
      return value === null ? undefined : objectMember(value, name)
    case 'number':
    case 'bigint':
    case 'boolean':
      return numberMember(value, name)
    default:
      return undefined
  }
}

function objectMember(value: object, name: string): unknown {
  if (Array.isArray(value)) return listMethod(value, name)
  if (value instanceof Dict) return dictMethod(value, name)
  if (value instanceof Undefined) return used(value)
  if (value instanceof Markup) return markupMethod(value, name)
  const own = protocolOf(value)?.[ATTRIBUTE]
  if (own) return own.call(value, name)
  if (value instanceof Tuple) {
    if (value instanceof NamedTuple && value.names.includes(name)) return value.items[value.names.indexOf(name)]
    return tupleMethod(value, name)
  }
  if (value instanceof Range) return rangeMember(value, name)
  if (value instanceof DictView) return viewMember(value, name)
  if (value instanceof PythonSet) return setMethod(value, name)
  if (value instanceof Float) return numberMember(value, name)
  if (isMapping(value)) {
    // A function the host put into a plain object is meant, even under the name of a dict method.
    const given = value instanceof Map ? undefined : mappingGet(value, name)
    return typeof given === 'function' ? given : dictMethod(value, name)
  }
  return hostMember(value, name)
}

/** A property of a host object: its own or its class's, never those every JavaScript object has. */
function hostMember(value: object, name: string): unknown {
  if (name.startsWith('__') || name === 'constructor' || name === 'prototype') return undefined
  if (typeof value === 'function' && (name === 'call' || name === 'apply' || name === 'bind')) return undefined
  const found = (value as Record<string, unknown>)[name]
  if (found === undefined || found === (Object.prototype as unknown as Record<string, unknown>)[name]) return undefined
  if (typeof found !== 'function' || CALL in found) return found
  const bound = found.bind(value)
  const names = protocolOf(found)?.[PARAMS]
  return names ? Object.defineProperty(bound, PARAMS, { value: names }) : bound
}

function isHashable(key: unknown): boolean {
  if (key instanceof Tuple) return key.items.every(isHashable)
  return !(Array.isArray(key) || isMapping(key) || key instanceof PythonSet)
}

function itemOf(value: unknown, key: unknown): unknown {
  if (value === null || value === undefined) return undefined
  if (isMapping(value)) {
    if (Array.isArray(key) || isMapping(key)) return undefined
    return key instanceof Tuple && !isHashable(key) ? undefined : mappingGet(value, key)
  }
  if (isInt(key) || typeof key === 'boolean') {
    const index = Number(key)
    if (Array.isArray(value)) return value.at(index)
    if (value instanceof Tuple) return value.items.at(index)
    if (isText(value)) {
      const character = characters(value.toString()).at(index)
      return character === undefined ? undefined : like(value, character)
    }
    if (value instanceof Range) {
      const place = index < 0 ? value.length + index : index
      return place >= 0 && place < value.length ? value.at(place) : undefined
    }
  }
  if (value instanceof Undefined) return used(value)
  return protocolOf(value)?.[ITEM]?.(key)
}

/** Python's `container[key] = value`, as `__setitem__` and `do`-less updates of the runtime need it. */
export function setItem(container: unknown, key: unknown, value: unknown): void {
  if (Array.isArray(container)) {
    const index = indexOf(key)
    const place = index < 0 ? container.length + index : index
    if (place < 0 || place >= container.length) throw typeError('list assignment index out of range')
    container[place] = value
  } else if (isMapping(container)) mappingSet(container, key, value)
  else throw typeError(`'${typeName(container)}' object does not support item assignment`)
}

/** Whether a dict has the key, or an object the attribute. */
export function has(value: unknown, name: string): boolean {
  return isMapping(value) ? mappingHas(value, name) : member(value, name) !== undefined
}
