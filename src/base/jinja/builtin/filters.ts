import { noteImpure } from '../impure.ts'
import { operate, round, roundFloat } from '../python/arithmetic.ts'
import { member, missing } from '../python/attribute.ts'
import { Decimal } from '../python/decimal.ts'
import { Dict, isMapping, mappingEntries } from '../python/dict.ts'
import { htmlOf, softText } from '../python/escape.ts'
import { float, indexOf, int, intOf, isFloat, isInt, numberOf } from '../python/float.ts'
import { isText, Markup, unmarked } from '../python/markup.ts'
import { callTextMethod } from '../python/markup-methods.ts'
import { builtin } from '../python/method.ts'
import { parseFloating, parseInteger } from '../python/parse-number.ts'
import { allKeeping, params } from '../python/protocol.ts'
import { PythonError, typeError } from '../python/python-error.ts'
import { OneShot, Tuple } from '../python/sequence.ts'
import { repr, str, typeName } from '../python/text.ts'
import { iterable, iterate, length, truth } from '../python/truth.ts'
import { Undefined } from '../python/undefined.ts'
import type { Context } from '../runtime/context.ts'
import { dumpJson } from './json.ts'
import { pretty } from './pretty.ts'
import { SEQUENCE_FILTERS } from './sequence-filters.ts'
import { TEXT_FILTERS } from './text-filters.ts'
import { urlize } from './urlize.ts'

function abs(value: unknown): unknown {
  if (value instanceof Decimal) return new Decimal(value.unscaled < 0n ? -value.unscaled : value.unscaled, value.scale)
  const number = numberOf(value)
  if (number === undefined) throw typeError(`bad operand type for abs(): '${typeName(value)}'`)
  if (typeof value === 'bigint') return value < 0n ? -value : value
  return isFloat(value) ? float(Math.abs(number)) : Math.abs(number)
}

/** The number of any Python number, those with a fixed scale too. */
function realOf(value: unknown): number | undefined {
  return value instanceof Decimal ? value.toNumber() : numberOf(value)
}

function toInteger(value: unknown, otherwise: unknown = 0, base: unknown = 10): unknown {
  if (value instanceof Undefined) throw value.error()
  if (isInt(value)) return value
  if (value instanceof Decimal) return int(value.whole())
  const text = unmarked(value)
  const whole = typeof text === 'string' ? parseInteger(text, indexOf(base)) : undefined
  if (whole !== undefined) return whole
  const number = typeof text === 'string' ? parseFloating(text) : numberOf(value)
  return number === undefined || !Number.isFinite(number) ? otherwise : intOf(Math.trunc(number))
}

function toFloat(value: unknown, otherwise: unknown = float(0)): unknown {
  if (value instanceof Undefined) throw value.error()
  const text = unmarked(value)
  const number = typeof text === 'string' ? parseFloating(text) : realOf(value)
  return number === undefined ? otherwise : float(number)
}

function rounded(value: unknown, precision: unknown = 0, method: unknown = 'common'): unknown {
  const digits = indexOf(precision)
  if (value instanceof Decimal) return rounded(float(value.toNumber()), precision, method)
  if (method === 'common') return round(value, digits)
  if (method !== 'ceil' && method !== 'floor') throw argumentError('method must be common, ceil or floor')
  const number = numberOf(value)
  if (number === undefined) throw typeError(`must be real number, not ${typeName(value)}`)
  const scale = 10 ** digits
  return float((Math[method](number * scale) + 0) / scale)
}

/** Jinja's `FilterArgumentError`. */
function argumentError(message: string): PythonError {
  return new PythonError('TemplateRuntimeError', message)
}

function fileSize(value: unknown, binary: unknown = false): string {
  const text = unmarked(value)
  const number = typeof text === 'string' ? parseFloating(text) : numberOf(value)
  if (value instanceof Undefined) throw value.error()
  if (number === undefined) throw typeError(`filesizeformat needs a number, not ${repr(value)}`)
  const base = truth(binary) ? 1024 : 1000
  const prefixes = truth(binary)
    ? ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB']
    : ['kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB']
  if (number === 1) return '1 Byte'
  if (number < base) return `${Math.trunc(number)} Bytes`
  const step = Math.min(prefixes.length - 1, prefixes.findIndex((_, index) => number < base ** (index + 2)) >>> 0)
  return `${roundFloat((base * number) / base ** (step + 2), 1).toFixed(1)} ${prefixes[step]}`
}

function method(name: string): (self: unknown, ...args: unknown[]) => unknown {
  return (self, ...args) => callTextMethod(softText(self), name, ...args)
}

function toJson(value: unknown, indent: unknown = null): Markup {
  const text = dumpJson(value, { sortKeys: true, ...(indent === null ? {} : { indent: indexOf(indent) }) })
  const code = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  return new Markup(text.replace(/[<>&']/g, code))
}

/** Jinja's filters by name. */
export const FILTERS: Readonly<Record<string, unknown>> = allKeeping({
  ...TEXT_FILTERS,
  ...SEQUENCE_FILTERS,
  abs,
  attr: (value: unknown, name: unknown) => {
    if (!isText(name)) throw typeError(`attribute name must be string, not '${typeName(name)}'`)
    const found = member(value, str(name))
    return found === undefined ? missing(value, str(name)) : found
  },
  d: params(otherwise, ['value', 'default_value', 'boolean']),
  default: params(otherwise, ['value', 'default_value', 'boolean']),
  capitalize: method('capitalize'),
  upper: method('upper'),
  lower: method('lower'),
  trim: params(method('strip'), ['value', 'chars']),
  filesizeformat: params(fileSize, ['value', 'binary']),
  float: params(toFloat, ['value', 'default']),
  int: params(toInteger, ['value', 'default', 'base']),
  round: params(rounded, ['value', 'precision', 'method']),
  format: builtin('format', ({ args: [value, ...args], kwargs }) => {
    const named = Object.keys(kwargs)
    if (args.length > 0 && named.length > 0) {
      throw argumentError("can't handle positional and keyword arguments at the same time")
    }
    const values = named.length > 0 ? new Dict(Object.entries(kwargs)) : new Tuple(args)
    return operate('%', softText(value), values)
  }),
  items: (value: unknown) => {
    if (value instanceof Undefined) return new OneShot([])
    if (!isMapping(value)) throw typeError('Can only get item pairs from a mapping.')
    return new OneShot(mappingEntries(value).map((entry) => new Tuple(entry)))
  },
  pprint: pretty,
  string: softText,
  safe: (value: unknown) => new Markup(htmlOf(value) ?? str(value)),
  urlize,
  tojson: params(toJson, ['value', 'indent']),
  length,
  count: length,
  list: (value: unknown) => [...iterable(value)],
  random: (value: unknown) => {
    noteImpure()
    const items = [...iterable(value)]
    return items.length === 0
      ? new Undefined('No random item, sequence was empty.')
      : items[Math.floor(Math.random() * items.length)]
  },
  sum: builtin('sum', ({ args: [value, attribute, start], kwargs, caller }) => {
    const path = kwargs['attribute'] ?? attribute ?? null
    const context = caller as Context
    return iterate(value).reduce(
      (total: unknown, item) => operate('+', total, context.path(item, path)),
      kwargs['start'] ?? start ?? 0,
    )
  }),
})

function otherwise(value: unknown, fallback: unknown = '', boolean: unknown = false): unknown {
  return value instanceof Undefined || (truth(boolean) && !truth(value)) ? fallback : value
}
