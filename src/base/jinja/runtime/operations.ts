import { negate, operate, positive } from '../python/arithmetic.ts'
import { attribute, item } from '../python/attribute.ts'
import { contains, equals, order } from '../python/compare.ts'
import { Dict } from '../python/dict.ts'
import { escapedText, htmlOf, markupJoin } from '../python/escape.ts'
import { isText, Markup } from '../python/markup.ts'
import type { Caller } from '../python/protocol.ts'
import { PythonError, typeError } from '../python/python-error.ts'
import { Tuple } from '../python/sequence.ts'
import { Slice } from '../python/slice.ts'
import { str, typeName } from '../python/text.ts'
import { isIterable, iterate, truth } from '../python/truth.ts'
import { Undefined, type UndefinedBehaviour, undefinedName } from '../python/undefined.ts'
import { call, merge } from './call.ts'
import { fail } from './failure.ts'
import { LoopContext } from './loop.ts'
import { Macro, MacroReturn } from './macro.ts'
import type { Module } from './module.ts'
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

/** @throws PythonError when a template extends a second one. */
function extendOnce(parent: unknown): void {
  if (parent !== null) throw new PythonError('TemplateRuntimeError', 'extended multiple times')
}

/** What a filter block made, which must be text. */
function textOf(value: unknown): string {
  if (isText(value)) return value.toString()
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
  escaped: escapedText,
  markupJoin,
  marked: (caller: Caller, value: unknown): unknown =>
    caller.autoescape ? new Markup(htmlOf(value) ?? str(value)) : value,
  Markup,
  member: (module: Module, name: string): unknown => module.member(name),
  setMember,
  extendOnce,
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

/** The same where values that are not defined behave in another way. */
export function helpersFor(behaviour: UndefinedBehaviour): typeof helpers {
  const behaving = <A extends unknown[], R>(work: (...args: A) => R): ((...args: A) => R) => {
    return (...args) => {
      const value = work(...args)
      return value instanceof Undefined ? (value.behaving(behaviour) as R) : value
    }
  }
  return {
    ...helpers,
    attribute: behaving(attribute),
    item: behaving(item),
    member: behaving(helpers.member),
    undefinedName: behaving(undefinedName),
    noArgument: behaving(helpers.noArgument),
    // jinja2 has the default kind here whatever the environment says.
    noElse: behaviour.kind === 'lenient' ? behaving(helpers.noElse) : helpers.noElse,
  }
}
