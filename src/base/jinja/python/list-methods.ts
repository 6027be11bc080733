import { ascending, equals } from './compare.ts'
import { indexOf } from './float.ts'
import { type Call, native, params } from './protocol.ts'
import { PythonError } from './python-error.ts'
import type { Tuple } from './sequence.ts'
import { repr } from './text.ts'
import { iterable, truth } from './truth.ts'

type Body = (self: unknown[], ...args: unknown[]) => unknown

function place(self: readonly unknown[], value: unknown, start: unknown, what: string): number {
  const from = start === undefined ? 0 : indexOf(start)
  const at = self.findIndex((item, index) => index >= from && equals(item, value))
  if (at < 0) throw new PythonError('ValueError', `${repr(value)} is not in ${what}`)
  return at
}

function pop(self: unknown[], index: unknown): unknown {
  if (self.length === 0) throw new PythonError('IndexError', 'pop from empty list')
  const given = index === undefined ? -1 : indexOf(index)
  const at = given < 0 ? self.length + given : given
  if (at < 0 || at >= self.length) throw new PythonError('IndexError', 'pop index out of range')
  return self.splice(at, 1)[0]
}

const METHODS: Record<string, readonly [names: readonly string[], body: Body]> = {
  append: [
    ['object'],
    (self, value) => {
      self.push(value)
    },
  ],
  clear: [
    [],
    (self) => {
      self.length = 0
    },
  ],
  copy: [[], (self) => [...self]],
  count: [['value'], (self, value) => self.filter((item) => equals(item, value)).length],
  extend: [
    ['iterable'],
    (self, values) => {
      self.push(...iterable(values))
    },
  ],
  index: [['value', 'start'], (self, value, start) => place(self, value, start, 'list')],
  insert: [
    ['index', 'object'],
    (self, index, value) => {
      self.splice(indexOf(index), 0, value)
    },
  ],
  pop: [['index'], pop],
  remove: [
    ['value'],
    (self, value) => {
      const at = self.findIndex((item) => equals(item, value))
      if (at < 0) throw new PythonError('ValueError', 'list.remove(x): x not in list')
      self.splice(at, 1)
    },
  ],
  reverse: [
    [],
    (self) => {
      self.reverse()
    },
  ],
}

/** A method of a list, bound to it; `undefined` when lists have none of that name. */
export function listMethod(self: unknown[], name: string): unknown {
  if (name === 'sort') return native('sort', (call) => sort(self, call))
  if (!Object.hasOwn(METHODS, name)) return undefined
  const [names, body] = METHODS[name] as (typeof METHODS)[string]
  const bound = (...args: unknown[]) => body(self, ...args)
  Object.defineProperty(bound, 'name', { value: name })
  return params(bound, names)
}

function sort(self: unknown[], { kwargs, caller }: Call): null {
  const key = kwargs['key']
  const keyed = self.map((item) => ({ item, key: key ? caller.call(key, [item]) : item }))
  const sign = truth(kwargs['reverse'] ?? false) ? -1 : 1
  keyed.sort((a, b) => sign * ascending(a.key, b.key))
  self.splice(0, self.length, ...keyed.map(({ item }) => item))
  return null
}

/** A method of a tuple. */
export function tupleMethod(self: Tuple, name: string): unknown {
  if (name === 'count') return (value: unknown) => self.items.filter((item) => equals(item, value)).length
  if (name === 'index') return (value: unknown, start?: unknown) => place(self.items, value, start, 'tuple')
  return undefined
}
