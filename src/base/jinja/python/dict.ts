import { Float } from './float.ts'
import { Markup, unmarked } from './markup.ts'
import { isPlainObject } from './protocol.ts'
import { PythonError, typeError } from './python-error.ts'
import { Tuple } from './sequence.ts'
import { Undefined } from './undefined.ts'

const UNDEFINED = Symbol('jinja.undefined')

/** The identity Python's hash and equality give a key: `1`, `1.0` and `True` are one key, tuples count by content. */
export function keyOf(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Float) return value.value
  if (value instanceof Tuple) return Symbol.for(`jinja.tuple ${value.items.map(keyText).join(',')}`)
  if (Array.isArray(value)) throw typeError("unhashable type: 'list'")
  if (value instanceof Dict || isPlainObject(value)) throw typeError("unhashable type: 'dict'")
  if (value instanceof PythonSet) throw typeError("unhashable type: 'set'")
  // All values that are not defined are equal.
  if (value instanceof Undefined) return value.allow() && UNDEFINED
  if (value instanceof Markup) return value.text
  return value
}

function keyText(value: unknown): string {
  const key = keyOf(value)
  if (typeof key === 'symbol') return `(${key.description})`
  if (typeof key === 'object' || typeof key === 'function') return `o${objectNumber(key)}`
  return `${typeof key} ${JSON.stringify(typeof key === 'bigint' ? String(key) : key)}`
}

const numbers = new WeakMap<object, number>()
let lastNumber = 0

function objectNumber(value: object | null): number {
  if (value === null) return 0
  const known = numbers.get(value)
  if (known !== undefined) return known
  lastNumber += 1
  numbers.set(value, lastNumber)
  return lastNumber
}

/** A Python dict: keeps insertion order, takes any hashable key. */
export class Dict {
  readonly #entries = new Map<unknown, [unknown, unknown]>()

  constructor(entries: Iterable<readonly [unknown, unknown]> = []) {
    for (const [key, value] of entries) this.set(key, value)
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: unknown): unknown {
    return this.#entries.get(keyOf(key))?.[1]
  }

  has(key: unknown): boolean {
    return this.#entries.has(keyOf(key))
  }

  set(key: unknown, value: unknown): this {
    const id = keyOf(key)
    const entry = this.#entries.get(id)
    if (entry) entry[1] = value
    else this.#entries.set(id, [key, value])
    return this
  }

  delete(key: unknown): boolean {
    return this.#entries.delete(keyOf(key))
  }

  clear(): void {
    this.#entries.clear()
  }

  keys(): unknown[] {
    return Array.from(this.#entries.values(), (entry) => entry[0])
  }

  entries(): [unknown, unknown][] {
    return Array.from(this.#entries.values(), ([key, value]) => [key, value])
  }

  /** Walks the keys, as Python does. */
  *[Symbol.iterator](): Iterator<unknown> {
    for (const [key] of this.#entries.values()) yield key
  }
}

/** Anything templates see as a dict: ours, a plain JavaScript object (text keys) or a `Map`. */
export type Mapping = Dict | Map<unknown, unknown> | Record<string, unknown>

export function isMapping(value: unknown): value is Mapping {
  return value instanceof Dict || value instanceof Map || isPlainObject(value)
}

/** The value under a key, or `undefined`. */
export function mappingGet(mapping: Mapping, key: unknown): unknown {
  if (mapping instanceof Dict) return mapping.get(key)
  const id = keyOf(key)
  if (mapping instanceof Map) return mapping.get(typeof id === 'string' ? id : key)
  return typeof id === 'string' && Object.hasOwn(mapping, id) ? mapping[id] : undefined
}

export function mappingHas(mapping: Mapping, key: unknown): boolean {
  if (mapping instanceof Dict) return mapping.has(key)
  const id = keyOf(key)
  if (mapping instanceof Map) return mapping.has(typeof id === 'string' ? id : key)
  return typeof id === 'string' && Object.hasOwn(mapping, id) && mapping[id] !== undefined
}

/** @throws PythonError when the host's object is frozen or takes text keys only. */
export function mappingSet(mapping: Mapping, given: unknown, value: unknown): void {
  const key = mapping instanceof Dict ? given : unmarked(given)
  if (mapping instanceof Dict || mapping instanceof Map) mapping.set(key, value)
  else if (typeof key !== 'string') throw typeError('this dict takes text keys only')
  else if (Object.isFrozen(mapping)) throw typeError('this dict cannot be changed')
  // A define, because assigning to `__proto__` would change the prototype instead.
  else Object.defineProperty(mapping, key, { value, writable: true, enumerable: true, configurable: true })
}

export function mappingDelete(mapping: Mapping, given: unknown): boolean {
  const key = mapping instanceof Dict ? given : unmarked(given)
  if (mapping instanceof Dict || mapping instanceof Map) return mapping.delete(key)
  if (!mappingHas(mapping, key)) return false
  if (Object.isFrozen(mapping)) throw typeError('this dict cannot be changed')
  return delete mapping[key as string]
}

export function mappingEntries(mapping: Mapping): [unknown, unknown][] {
  if (mapping instanceof Dict) return mapping.entries()
  if (mapping instanceof Map) return [...mapping.entries()]
  return Object.entries(mapping).filter(([, value]) => value !== undefined)
}

export function mappingSize(mapping: Mapping): number {
  return mapping instanceof Dict || mapping instanceof Map ? mapping.size : mappingEntries(mapping).length
}

/** A live view of a dict: `keys()`, `values()` or `items()`. */
export class DictView {
  readonly mapping: Mapping
  readonly kind: 'keys' | 'values' | 'items'

  constructor(mapping: Mapping, kind: 'keys' | 'values' | 'items') {
    this.mapping = mapping
    this.kind = kind
  }

  get length(): number {
    return mappingSize(this.mapping)
  }

  *[Symbol.iterator](): Iterator<unknown> {
    for (const [key, value] of mappingEntries(this.mapping)) {
      yield this.kind === 'keys' ? key : this.kind === 'values' ? value : new Tuple([key, value])
    }
  }
}

/** A Python set; walks in insertion order, where Python's order is undefined. */
export class PythonSet {
  readonly members: Dict

  constructor(values: Iterable<unknown> = []) {
    this.members = new Dict()
    for (const value of values) this.members.set(value, true)
  }

  [Symbol.iterator](): Iterator<unknown> {
    return this.members[Symbol.iterator]()
  }

  /** @throws PythonError `KeyError` when it is empty. */
  pop(): unknown {
    for (const value of this) {
      this.members.delete(value)
      return value
    }
    throw new PythonError('KeyError', "'pop from an empty set'")
  }
}
