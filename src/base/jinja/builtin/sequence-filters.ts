import { bind } from '../python/arguments.ts'
import { ascending, equals, ignoreCase, order } from '../python/compare.ts'
import { isMapping, mappingEntries, PythonSet } from '../python/dict.ts'
import { escapedText, htmlOf } from '../python/escape.ts'
import { indexOf } from '../python/float.ts'
import { isText, like, Markup } from '../python/markup.ts'
import { builtin } from '../python/method.ts'
import type { Call } from '../python/protocol.ts'
import { PythonError, typeError } from '../python/python-error.ts'
import { NamedTuple, OneShot, Range, Tuple } from '../python/sequence.ts'
import { str, typeName } from '../python/text.ts'
import { iterate, truth } from '../python/truth.ts'
import { Undefined } from '../python/undefined.ts'
import { type Context, steps } from '../runtime/context.ts'

type Body = (context: Context, ...args: unknown[]) => unknown

/** A filter with named parameters that reads attributes; what was not passed is `undefined`. */
function filter(names: readonly string[], body: Body): unknown {
  return builtin(names[0] ?? 'filter', ({ args, kwargs, caller }) =>
    body(caller as Context, ...bind('filter', ['value', ...names], args, kwargs)),
  )
}

function keyed(context: Context, caseSensitive: unknown, path: unknown): (value: unknown) => unknown {
  const keep = truth(caseSensitive ?? false)
  return (value) => {
    const key = context.path(value, path)
    return keep ? key : ignoreCase(key)
  }
}

function extreme(sign: '<' | '>'): unknown {
  return filter(['case_sensitive', 'attribute'], (context, value, caseSensitive, attribute) => {
    const items = iterate(value)
    if (items.length === 0) return new Undefined('No aggregated item, sequence was empty.')
    const key = keyed(context, caseSensitive, attribute)
    return items.reduce((best, next) => (order(key(next), sign, key(best)) ? next : best))
  })
}

function sorted(items: readonly unknown[], key: (value: unknown) => unknown, reverse: unknown): unknown[] {
  const all = items.map((value) => ({ value, key: key(value) }))
  const sign = truth(reverse ?? false) ? -1 : 1
  return all.sort((a, b) => sign * ascending(a.key, b.key)).map(({ value }) => value)
}

function sort(context: Context, value: unknown, reverse: unknown, caseSensitive: unknown, attribute: unknown) {
  const paths = isText(attribute) ? attribute.split(',') : [attribute]
  const keys = paths.map((path) => keyed(context, caseSensitive, path))
  // A list even of one key: two values that are not defined are equal, and only in lists is that asked first.
  return sorted(iterate(value), (each) => keys.map((part) => part(each)), reverse)
}

function dictSort(_: Context, value: unknown, caseSensitive: unknown, by: unknown = 'key', reverse: unknown = false) {
  if (by !== 'key' && by !== 'value') {
    throw new PythonError('TemplateRuntimeError', 'You can only sort by either "key" or "value"')
  }
  if (value instanceof Undefined) throw value.error()
  if (!isMapping(value)) throw typeError(`dictsort needs a mapping, not ${typeName(value)}`)
  const place = by === 'key' ? 0 : 1
  const pairs = mappingEntries(value).map((entry) => new Tuple(entry))
  const keep = truth(caseSensitive ?? false)
  const key = (pair: unknown) => {
    const part = (pair as Tuple).items[place]
    return keep ? part : ignoreCase(part)
  }
  return sorted(pairs, key, reverse)
}

function groupBy(context: Context, value: unknown, attribute: unknown, otherwise: unknown, caseSensitive: unknown) {
  if (attribute === undefined) throw typeError('groupby needs an attribute')
  const keep = truth(caseSensitive ?? false)
  const read = (each: unknown): unknown => {
    const found = pathOr(context, each, attribute, otherwise)
    return keep ? found : ignoreCase(found)
  }
  const groups: { key: unknown; items: unknown[] }[] = []
  for (const each of sorted(iterate(value), read, false)) {
    const key = read(each)
    const last = groups.at(-1)
    if (last && equals(last.key, key)) last.items.push(each)
    else groups.push({ key, items: [each] })
  }
  // The group is shown as its first member writes it, not in lower case.
  return groups.map(
    ({ items }) => new NamedTuple(['grouper', 'list'], [pathOr(context, items[0], attribute, otherwise), items]),
  )
}

function pathOr(context: Context, value: unknown, path: unknown, otherwise: unknown): unknown {
  return steps(path).reduce((at, step) => {
    const next = context.item(at, step)
    return next instanceof Undefined && otherwise !== undefined && otherwise !== null ? otherwise : next
  }, value)
}

function* batches(value: unknown, size: number, fill: unknown): Generator<unknown[]> {
  let batch: unknown[] = []
  for (const item of iterate(value)) {
    if (batch.length === size) {
      yield batch
      batch = []
    }
    batch.push(item)
  }
  if (batch.length === 0) return
  while (fill !== undefined && fill !== null && batch.length < size) batch.push(fill)
  yield batch
}

function* slices(value: unknown, count: number, fill: unknown): Generator<unknown[]> {
  const items = iterate(value)
  if (count === 0) throw new PythonError('ZeroDivisionError', 'integer division or modulo by zero')
  const each = Math.floor(items.length / count)
  const extra = items.length % count
  let at = 0
  for (let index = 0; index < count; index += 1) {
    const size = each + (index < extra ? 1 : 0)
    const slice = items.slice(at, at + size)
    at += size
    if (fill !== undefined && fill !== null && index >= extra) slice.push(fill)
    yield slice
  }
}

function map({ args: [value, name, ...args], kwargs, caller }: Call): unknown {
  const context = caller as Context
  if (name === undefined && 'attribute' in kwargs) {
    const { attribute, default: otherwise, ...rest } = kwargs
    const [unexpected] = Object.keys(rest)
    if (unexpected) throw new PythonError('TemplateRuntimeError', `Unexpected keyword argument '${unexpected}'`)
    return lazily(value, (items) => items.map((each) => pathOr(context, each, attribute, otherwise)))
  }
  if (name === undefined) throw new PythonError('TemplateRuntimeError', 'map requires a filter argument')
  return lazily(value, (items) =>
    items.map((each) => {
      const result = context.filter(str(name), each, args, kwargs)
      if (result instanceof Promise) {
        throw new PythonError('TemplateRuntimeError', `map cannot wait for the filter '${str(name)}'`)
      }
      return result
    }),
  )
}

function choose(keep: boolean, byAttribute: boolean): unknown {
  return builtin('select', ({ args: [value, ...rest], kwargs, caller }) => {
    const context = caller as Context
    const path = byAttribute ? rest.shift() : undefined
    if (byAttribute && path === undefined) {
      throw new PythonError('TemplateRuntimeError', 'Missing parameter for attribute name')
    }
    const [name, ...args] = rest
    const test = (each: unknown): boolean => {
      const read = context.path(each, path)
      return name === undefined ? truth(read) : context.test(str(name), read, args, kwargs)
    }
    return truth(value) ? lazily(value, (items) => items.filter((each) => test(each) === keep)) : new OneShot([])
  })
}

/** A generator, as jinja2 answers it; the work is done at once, so that errors have their place. */
function lazily(value: unknown, work: (items: readonly unknown[]) => unknown[]): OneShot {
  return new OneShot(truth(value) ? work(iterate(value)) : [])
}

function reverse(value: unknown): unknown {
  if (isText(value)) return like(value, Array.from(value).reverse().join(''))
  return new OneShot([...iterate(value)].reverse(), 'list_reverseiterator')
}

function last(value: unknown): unknown {
  if (value instanceof OneShot) throw typeError(`'${value.kind}' object is not reversible`)
  if (value instanceof PythonSet) throw typeError("'set' object is not reversible")
  const items = value instanceof Range ? [...value] : iterate(value)
  if (value instanceof Markup && items.length > 0) return new Markup(items.at(-1) as string)
  return items.length === 0 ? new Undefined('No last item, sequence was empty.') : items.at(-1)
}

function first(value: unknown): unknown {
  if (value instanceof OneShot) {
    const next = value.next()
    return next.done ? new Undefined('No first item, sequence was empty.') : next.value
  }
  const items = iterate(value)
  return items.length === 0 ? new Undefined('No first item, sequence was empty.') : items[0]
}

/** `join` where text is escaped: one part that is `Markup` makes all of it so. */
function joinEscaping(parts: readonly unknown[], by: unknown): unknown {
  const plain = htmlOf(by) === undefined
  if (plain && !parts.some((part) => htmlOf(part) !== undefined)) return parts.map(str).join(str(by))
  const made = plain || by instanceof Markup
  return made ? new Markup(parts.map(escapedText).join(escapedText(by))) : parts.map(str).join(str(by))
}

/** The filters over lists and other sequences. */
export const SEQUENCE_FILTERS: Readonly<Record<string, unknown>> = {
  batch: filter(['linecount', 'fill_with'], (_, value, size, fill) => new OneShot(batches(value, indexOf(size), fill))),
  slice: filter(['slices', 'fill_with'], (_, value, size, fill) => new OneShot(slices(value, indexOf(size), fill))),
  dictsort: filter(['case_sensitive', 'by', 'reverse'], dictSort),
  first,
  last,
  groupby: filter(['attribute', 'default', 'case_sensitive'], groupBy),
  join: filter(['d', 'attribute'], (context, value, by = '', attribute = null) => {
    const parts = iterate(value).map((each) => context.path(each, attribute))
    return context.autoescape ? joinEscaping(parts, by) : parts.map(str).join(str(by))
  }),
  map: builtin('map', map),
  max: extreme('>'),
  min: extreme('<'),
  select: choose(true, false),
  reject: choose(false, false),
  selectattr: choose(true, true),
  rejectattr: choose(false, true),
  reverse,
  sort: filter(['reverse', 'case_sensitive', 'attribute'], sort),
  unique: filter(['case_sensitive', 'attribute'], (context, value, caseSensitive, attribute) => {
    const key = keyed(context, caseSensitive, attribute)
    const seen = new PythonSet()
    const fresh = (each: unknown): boolean => {
      const id = key(each)
      const known = seen.members.has(id)
      seen.members.set(id, true)
      return !known
    }
    return new OneShot(iterate(value).filter(fresh))
  }),
}
