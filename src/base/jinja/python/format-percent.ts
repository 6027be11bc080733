import { Bytes } from './bytes.ts'
import { Decimal } from './decimal.ts'
import { isMapping, mappingGet } from './dict.ts'
import { escapedText } from './escape.ts'
import { float, isFloat, isInt, numberOf } from './float.ts'
import { formatFloat, type Layout, pad } from './format-number.ts'
import { escapeHtml } from './html.ts'
import { isText, unmarked } from './markup.ts'
import { parseFloating, parseInteger } from './parse-number.ts'
import { REPR } from './protocol.ts'
import { PythonError, typeError } from './python-error.ts'
import { Range, Tuple } from './sequence.ts'
import { repr, str, typeName } from './text.ts'
import { Undefined } from './undefined.ts'

const DIRECTIVE = /%(?:\(([^)]*)\))?([#0\- +]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?(.)/gsu

/** Python's `text % values` (printf-style formatting); with `escaping` as `Markup` does it. */
export function formatPercent(text: string, values: unknown, escaping = false): string {
  const args = values instanceof Tuple ? values.items : [values]
  let next = 0
  let named = false
  const take = (): unknown => {
    if (next >= args.length) throw typeError('not enough arguments for format string')
    next += 1
    return args[next - 1]
  }
  const result = text.replace(DIRECTIVE, (_all, key, flags, width, precision, conversion, offset) => {
    if (conversion === '%') return '%'
    let value: unknown
    const wide = width === '*' ? Number(take()) : Number(width ?? 0)
    const precise = precision === undefined ? undefined : precision === '*' ? Number(take()) : Number(precision)
    if (key !== undefined) {
      if (!isMapping(values)) throw typeError('format requires a mapping')
      named = true
      value = mappingGet(values, key)
      if (value === undefined) throw new PythonError('KeyError', repr(key))
    } else value = take()
    const layout: Layout = {
      align: flags.includes('-') ? '<' : '>',
      fill: ' ',
      zero: flags.includes('0') && !flags.includes('-'),
      sign: flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '-',
      alternate: flags.includes('#'),
      width: wide,
      grouping: '',
    }
    return directive(conversion, escaping ? escapedArgument(conversion, value) : value, layout, precise, offset)
  })
  if (/%$/.test(text.replace(DIRECTIVE, ''))) throw new PythonError('ValueError', 'incomplete format')
  if (next < args.length && !named && !indexed(values)) {
    throw typeError('not all arguments converted during string formatting')
  }
  return result
}

/** What markupsafe puts in place of an argument: escaped text, or a number for a conversion that takes the nearest. */
function escapedArgument(conversion: string, value: unknown): unknown {
  if (conversion === 's') return escapedText(value)
  if (conversion === 'r' || conversion === 'a') return new Shown(escapeHtml(repr(value)))
  if (/[xXoc]/.test(conversion)) throw typeError(`%${conversion} format: an integer is required`)
  const text = unmarked(value)
  if (typeof text !== 'string') return value
  const number = /[diu]/.test(conversion) ? parseInteger(text, 10) : parseFloating(text)
  if (number === undefined) throw new PythonError('ValueError', `could not convert string to number: ${repr(text)}`)
  return typeof number === 'number' && !/[diu]/.test(conversion) ? float(number) : number
}

/** A value whose `repr` is this text. */
class Shown {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  [REPR](): string {
    return this.#text
  }
}

/** Values that `%` takes for a mapping, which need not be used up. */
function indexed(values: unknown): boolean {
  if (values instanceof Bytes) return true
  return isMapping(values) || Array.isArray(values) || values instanceof Range || values instanceof Undefined
}

function directive(
  conversion: string,
  given: unknown,
  layout: Layout,
  precision: number | undefined,
  offset: number,
): string {
  const value = given instanceof Decimal && !/[sra]/.test(conversion) ? float(given.toNumber()) : given
  switch (conversion) {
    case 's':
    case 'r':
    case 'a': {
      const text = conversion === 's' ? str(value) : repr(value)
      return pad(precision === undefined ? text : text.slice(0, precision), '', { ...layout, zero: false })
    }
    case 'c':
      if (!isInt(value) && !(isText(value) && [...value].length === 1)) throw typeError('%c requires int or char')
      return pad(isInt(value) ? String.fromCodePoint(Number(value)) : str(value), '', { ...layout, zero: false })
    case 'd':
    case 'i':
    case 'u': {
      const number = numberOf(value)
      if (number === undefined) {
        throw typeError(`%${conversion} format: a real number is required, not ${typeName(value)}`)
      }
      const whole = typeof value === 'bigint' ? value : BigInt(Math.trunc(number))
      return integer(whole < 0n ? -whole : whole, whole < 0n, 10, '', layout, precision)
    }
    case 'x':
    case 'X':
    case 'o': {
      if (!isInt(value) && typeof value !== 'boolean') {
        throw typeError(`%${conversion} format: an integer is required, not ${typeName(value)}`)
      }
      const whole = BigInt(value)
      const prefix = layout.alternate ? `0${conversion}` : ''
      const text = integer(
        whole < 0n ? -whole : whole,
        whole < 0n,
        conversion === 'o' ? 8 : 16,
        prefix,
        layout,
        precision,
      )
      return conversion === 'X' ? text.toUpperCase() : text
    }
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': {
      const number = numberOf(value)
      if (number === undefined || !(isFloat(value) || isInt(value) || typeof value === 'boolean')) {
        throw typeError(`must be real number, not ${typeName(value)}`)
      }
      return formatFloat(number, conversion, precision ?? 6, layout)
    }
    default:
      throw new PythonError(
        'ValueError',
        `unsupported format character '${conversion}' (0x${conversion.charCodeAt(0).toString(16)}) at index ${offset + 1}`,
      )
  }
}

function integer(
  magnitude: bigint,
  negative: boolean,
  base: number,
  prefix: string,
  layout: Layout,
  precision = 0,
): string {
  const sign = negative ? '-' : layout.sign === '-' ? '' : layout.sign
  return pad(magnitude.toString(base).padStart(precision, '0'), sign + prefix, layout)
}
