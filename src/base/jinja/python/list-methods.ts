import { ascending, equals } from './compare.ts'
import { indexOf } from './float.ts'
import { builtin, method } from './method.ts'
import type { Call } from './protocol.ts'
import { PythonError, typeError } from './python-error.ts'
import { type Range, Tuple } from './sequence.ts'
import { repr } from './text.ts'
import { iterable, truth } from './truth.ts'

type Body = (self: unknown[], ...args: unknown[]) => unknown

function place(self: readonly unknown[], value: unknown, start: unknown, stop: unknown, what: string): number {
  const bound = (given: unknown, otherwise: number): number => {
    const index = given === undefined ? otherwise : indexOf(given)
    return index < 0 ? Math.max(0, index + self.length) : index
  }
  const [from, to] = [bound(start, 0), bound(stop, self.length)]
  const at = self.findIndex((item, index) => index >= from && index < to && equals(item, value))
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
  index: [['value', 'start?', 'stop?'], (self, value, start, stop) => place(self, value, start, stop, 'list')],
  insert: [
    ['index', 'object'],
    (self, index, value) => {
      self.splice(indexOf(index), 0, value)
    },
  ],
  pop: [['index?'], pop],
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
  if (name === 'sort') return builtin('sort', (call) => sort(self, call))
  if (!Object.hasOwn(METHODS, name)) return undefined
  const [names, body] = METHODS[name] as (typeof METHODS)[string]
  return method(name, names, (...args) => body(self, ...args))
}

function sort(self: unknown[], { args, kwargs, caller }: Call): null {
  if (args.length > 0) throw typeError('sort() takes no positional arguments')
  const key = kwargs['key']
  const keyed = self.map((item) => ({ item, key: key ? caller.call(key, [item]) : item }))
  const sign = truth(kwargs['reverse'] ?? false) ? -1 : 1
  keyed.sort((a, b) => sign * ascending(a.key, b.key))
  self.splice(0, self.length, ...keyed.map(({ item }) => item))
  return null
}

/** A method of a tuple. */
export function tupleMethod(self: Tuple, name: string): unknown {
  if (name === 'count') {
    return method(name, ['value'], (value) => self.items.filter((item) => equals(item, value)).length)
  }
  if (name !== 'index') return undefined
  return method(name, ['value', 'start?', 'stop?'], (value, start, stop) =>
    place(self.items, value, start, stop, 'tuple'),
  )
}

/** An attribute of a range. */
export function rangeMember(self: Range, name: string): unknown {
  if (name === 'start' || name === 'stop' || name === 'step') return self[name]
  return name === 'index' || name === 'count' ? tupleMethod(new Tuple([...self]), name) : undefined
}
