import { PythonSet } from './dict.ts'
import { method } from './method.ts'
import { PythonError } from './python-error.ts'
import { repr } from './text.ts'
import { iterable } from './truth.ts'

const SET_METHODS: Record<string, (self: PythonSet, ...others: unknown[]) => unknown> = {
  add: (self, value) => {
    self.members.set(value, true)
  },
  clear: (self) => self.members.clear(),
  copy: (self) => new PythonSet(self),
  difference: (self, ...others) => {
    const drop = new PythonSet(others.flatMap((other) => [...iterable(other)]))
    return new PythonSet([...self].filter((value) => !drop.members.has(value)))
  },
  difference_update: (self, ...others) => {
    for (const other of others) for (const value of [...iterable(other)]) self.members.delete(value)
  },
  discard: (self, value) => {
    self.members.delete(value)
  },
  intersection: (self, ...others) => {
    const keep = others.map((other) => new PythonSet(iterable(other)))
    return new PythonSet([...self].filter((value) => keep.every((set) => set.members.has(value))))
  },
  intersection_update: (self, ...others) => refill(self, SET_METHODS['intersection']?.(self, ...others)),
  isdisjoint: (self, other) => ![...iterable(other)].some((value) => self.members.has(value)),
  issubset: (self, other) => {
    const all = new PythonSet(iterable(other))
    return [...self].every((value) => all.members.has(value))
  },
  issuperset: (self, other) => [...iterable(other)].every((value) => self.members.has(value)),
  pop: (self) => self.pop(),
  remove: (self, value) => {
    if (!self.members.delete(value)) throw new PythonError('KeyError', repr(value))
  },
  symmetric_difference: (self, other) => {
    const all = new PythonSet(iterable(other))
    return new PythonSet([
      ...[...self].filter((value) => !all.members.has(value)),
      ...[...all].filter((value) => !self.members.has(value)),
    ])
  },
  symmetric_difference_update: (self, other) => refill(self, SET_METHODS['symmetric_difference']?.(self, other)),
  union: (self, ...others) => new PythonSet([...self, ...others.flatMap((other) => [...iterable(other)])]),
  update: (self, ...others) => {
    for (const other of others) for (const value of iterable(other)) self.members.set(value, true)
  },
}

/** A method of a set, bound to it. */
export function setMethod(self: PythonSet, name: string): unknown {
  const body = Object.hasOwn(SET_METHODS, name) ? SET_METHODS[name] : undefined
  if (!body) return undefined
  return method(name, ['*'], (...args) => body(self, ...args))
}

function refill(self: PythonSet, members: unknown): void {
  const all = [...(members as PythonSet)]
  self.members.clear()
  for (const value of all) self.members.set(value, true)
}
