import {
  Dict,
  DictView,
  isMapping,
  type Mapping,
  mappingDelete,
  mappingEntries,
  mappingGet,
  mappingSet,
  PythonSet,
} from './dict.ts'
import { builtin, method } from './method.ts'
import { PythonError, typeError } from './python-error.ts'
import { Tuple } from './sequence.ts'
import { repr, typeName } from './text.ts'
import { iterable, iterate } from './truth.ts'
import { Undefined } from './undefined.ts'

/** What `dict(x)` and `d.update(x)` take: a mapping, or pairs. */
export function pairs(source: unknown): [unknown, unknown][] {
  if (isMapping(source)) return mappingEntries(source)
  if (source instanceof Undefined) throw source.error()
  return iterate(source).map((pair) => {
    const [key, value, ...rest] = iterate(pair)
    if (value === undefined || rest.length > 0) throw new PythonError('ValueError', 'a dict is made of pairs')
    return [key, value]
  })
}

type Body = (self: Mapping, ...args: unknown[]) => unknown

const METHODS: Record<string, readonly [names: readonly string[], body: Body]> = {
  clear: [
    [],
    (self) => {
      for (const [key] of mappingEntries(self)) mappingDelete(self, key)
    },
  ],
  copy: [[], (self) => new Dict(mappingEntries(self))],
  get: [['key', 'default?'], (self, key, otherwise) => mappingGet(self, key) ?? valueOr(self, key, otherwise)],
  items: [[], (self) => new DictView(self, 'items')],
  keys: [[], (self) => new DictView(self, 'keys')],
  pop: [
    ['key', 'default?'],
    (self, key, otherwise) => {
      const value = mappingGet(self, key)
      if (value === undefined) {
        if (otherwise === undefined) throw new PythonError('KeyError', repr(key))
        return otherwise
      }
      mappingDelete(self, key)
      return value
    },
  ],
  popitem: [
    [],
    (self) => {
      const last = mappingEntries(self).at(-1)
      if (last === undefined) throw new PythonError('KeyError', "'popitem(): dictionary is empty'")
      mappingDelete(self, last[0])
      return new Tuple(last)
    },
  ],
  setdefault: [
    ['key', 'default?'],
    (self, key, otherwise) => {
      const value = mappingGet(self, key)
      if (value !== undefined) return value
      mappingSet(self, key, otherwise ?? null)
      return otherwise ?? null
    },
  ],
  values: [[], (self) => new DictView(self, 'values')],
}

/** `get` must answer a `None` that is stored, not the default. */
function valueOr(self: Mapping, key: unknown, otherwise: unknown): unknown {
  const value = mappingGet(self, key)
  return value === undefined ? (otherwise ?? null) : value
}

/** A method of a dict, bound to it; `undefined` when dicts have none of that name. */
export function dictMethod(self: Mapping, name: string): unknown {
  if (name === 'update') {
    return builtin('update', ({ args, kwargs }) => {
      for (const source of args) for (const [key, value] of pairs(source)) mappingSet(self, key, value)
      for (const key of Object.keys(kwargs)) mappingSet(self, key, kwargs[key])
      return null
    })
  }
  if (name === 'fromkeys') {
    return method(name, ['iterable', 'value?'], (keys, value = null) => {
      return new Dict(iterate(keys).map((key) => [key, value] as const))
    })
  }
  if (!Object.hasOwn(METHODS, name)) return undefined
  const [names, body] = METHODS[name] as (typeof METHODS)[string]
  return method(name, names, (...args) => body(self, ...args))
}

/** An attribute of what `keys()`, `values()` or `items()` answers. */
export function viewMember(self: DictView, name: string): unknown {
  if (name !== 'isdisjoint' || self.kind === 'values') return undefined
  return method(name, ['other'], (other) => {
    const members = new PythonSet(self)
    return ![...iterable(other)].some((value) => members.members.has(value))
  })
}

/** The argument as a mapping, or the `TypeError` that `**value` gives. */
export function needMapping(value: unknown, what: string): Mapping {
  if (isMapping(value)) return value
  throw typeError(`${what} must be a mapping, not ${typeName(value)}`)
}
