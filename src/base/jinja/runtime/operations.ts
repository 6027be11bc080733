import { negate, operate, positive } from '../python/arithmetic.ts'
import { attribute, item } from '../python/attribute.ts'
import { contains, equals, order } from '../python/compare.ts'
import { Dict } from '../python/dict.ts'
import { PythonError, typeError } from '../python/python-error.ts'
import { Tuple } from '../python/sequence.ts'
import { Slice } from '../python/slice.ts'
import { str, typeName } from '../python/text.ts'
import { isIterable, iterate, truth } from '../python/truth.ts'
import { Undefined, undefinedName } from '../python/undefined.ts'
import { call, merge } from './call.ts'
import { fail } from './failure.ts'
import { LoopContext } from './loop.ts'
import { Macro, MacroReturn } from './macro.ts'
import { setMember } from './namespace.ts'

/** The members of a value that is assigned to `size` targets. */
function unpack(value: unknown, size: number): readonly unknown[] {
  if (!isIterable(value)) throw typeError(`cannot unpack non-iterable ${typeName(value)} object`)
  const items = iterate(value)
  if (items.length > size) throw new PythonError('ValueError', `too many values to unpack (expected ${size})`)
  if (items.length < size) {
    throw new PythonError('ValueError', `not enough values to unpack (expected ${size}, got ${items.length})`)
  }
  return items
}

/** What a filter block made, which must be text. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  throw typeError(`a filter block needs text of its filter, not ${typeName(value)}`)
}

/** What generated code calls, as `h`. */
export const helpers = {
  attribute,
  item,
  call,
  merge,
  operate,
  negate,
  positive,
  equals,
  order,
  within: (value: unknown, container: unknown): boolean => contains(container, value),
  truth,
  iterate,
  unpack,
  str,
  setMember,
  textOf,
  undefinedName,
  noArgument: (name: string): Undefined => new Undefined(`parameter '${name}' was not provided`),
  noElse: (): Undefined =>
    new Undefined('the inline if-expression evaluated to false and no else section was defined.'),
  fail,
  Undefined,
  Dict,
  Tuple,
  Slice,
  Macro,
  MacroReturn,
  LoopContext,
}

function leniently<A extends unknown[]>(work: (...args: A) => unknown): (...args: A) => unknown {
  return (...args) => {
    const value = work(...args)
    return value instanceof Undefined ? value.leniently() : value
  }
}

/** The same for an environment whose undefined values answer themselves to every use. */
export const lenientHelpers = {
  ...helpers,
  attribute: leniently(attribute),
  item: leniently(item),
  undefinedName: leniently(undefinedName),
  noArgument: leniently(helpers.noArgument),
  noElse: leniently(helpers.noElse),
}
