import { attribute, item } from './attribute.ts'
import { Float, isFloat, isInt, numberOf } from './float.ts'
import { formatFloat, grouped, type Layout, pad } from './format-number.ts'
import { unmarked } from './markup.ts'
import type { Kwargs } from './protocol.ts'
import { PythonError, typeError } from './python-error.ts'
import { repr, str, typeName } from './text.ts'
import { Undefined } from './undefined.ts'

/** Python's `str.format`: `{}`, `{0}`, `{name.attribute[key]!r:>10,.2f}`; `write` makes text of each value. */
export function formatBraces(
  text: string,
  args: readonly unknown[],
  kwargs: Kwargs,
  write: (value: unknown, spec: string) => string = formatValue,
): string {
  let automatic = 0
  const field = (spec: string): string => {
    const [, name = '', path = '', conversion, format = ''] =
      /^([^.[!:]*)((?:\.[^.[!:]+|\[[^\]]*\])*)(?:!([rsa]))?(?::(.*))?$/s.exec(spec) ?? []
    let value: unknown
    if (name === '' || /^\d+$/.test(name)) {
      const index = name === '' ? automatic++ : Number(name)
      if (index >= args.length) {
        throw new PythonError('IndexError', `Replacement index ${index} out of range for positional args tuple`)
      }
      value = args[index]
    } else {
      if (!Object.hasOwn(kwargs, name)) throw new PythonError('KeyError', repr(name))
      value = kwargs[name]
    }
    for (const [, member, key] of path.matchAll(/\.([^.[]+)|\[([^\]]*)\]/g)) {
      value = member !== undefined ? attribute(value, member) : item(value, /^\d+$/.test(key ?? '') ? Number(key) : key)
      if (value instanceof Undefined) throw value.error()
    }
    if (conversion) value = conversion === 's' ? str(value) : repr(value)
    return write(value, expand(format))
  }
  const expand = (format: string): string => (format.includes('{') ? scan(format, field) : format)
  return scan(text, field)
}

/** Replaces each `{…}`, nested ones included in their field; `{{` and `}}` stand for themselves. */
function scan(text: string, field: (spec: string) => string): string {
  let out = ''
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]
    if (character !== '{' && character !== '}') {
      out += character
    } else if (text[index + 1] === character) {
      out += character
      index += 1
    } else if (character === '}') {
      throw new PythonError('ValueError', "Single '}' encountered in format string")
    } else {
      let depth = 1
      let end = index + 1
      for (; end < text.length && depth > 0; end += 1) {
        if (text[end] === '{') depth += 1
        else if (text[end] === '}') depth -= 1
      }
      if (depth > 0) throw new PythonError('ValueError', "expected '}' before end of string")
      out += field(text.slice(index + 1, end - 1))
      index = end - 1
    }
  }
  return out
}

const SPEC = /^(?:(.)?([<>=^]))?([+\- ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/su

/** Python's `format(value, spec)` (the format specification mini-language). */
export function formatValue(given: unknown, spec: string): string {
  const value = unmarked(given)
  if (spec === '') return str(value)
  const match = SPEC.exec(spec)
  if (!match) throw new PythonError('ValueError', `Invalid format specifier '${spec}'`)
  const [, fill = ' ', align, sign = '-', alternate, zero, width, grouping = '', precision, type] = match
  const number = isFloat(value) || isInt(value) || typeof value === 'boolean' ? numberOf(value) : undefined
  const layout: Layout = {
    align: (align ?? (number === undefined ? '<' : '>')) as Layout['align'],
    fill,
    zero: zero !== undefined && align === undefined && number !== undefined,
    sign: sign as Layout['sign'],
    alternate: alternate !== undefined,
    width: Number(width ?? 0),
    grouping: grouping as Layout['grouping'],
  }
  const places = precision === undefined ? undefined : Number(precision)
  if (number === undefined) {
    if (type !== undefined && type !== 's') {
      throw new PythonError('ValueError', `Unknown format code '${type}' for object of type '${typeName(value)}'`)
    }
    if (typeof value !== 'string') {
      throw typeError(`unsupported format string passed to ${typeName(value)}.__format__`)
    }
    if (align === '=') throw new PythonError('ValueError', "'=' alignment not allowed in string format specifier")
    if (match[3] !== undefined) throw new PythonError('ValueError', 'Sign not allowed in string format specifier')
    if (alternate !== undefined) {
      throw new PythonError('ValueError', 'Alternate form (#) not allowed in string format specifier')
    }
    if (grouping !== '') throw new PythonError('ValueError', `Cannot specify '${grouping}' with 's'.`)
    const text = str(value)
    return pad(places === undefined ? text : [...text].slice(0, places).join(''), '', layout)
  }
  if (type !== undefined && /[eEfFgG%]/.test(type)) return formatFloat(number, type, places ?? 6, layout)
  if (type === 'n') return formatFloat(number, 'g', places ?? 6, layout)
  if (isFloat(value)) {
    if (type !== undefined) {
      throw new PythonError('ValueError', `Unknown format code '${type}' for object of type 'float'`)
    }
    if (places !== undefined) return formatFloat(number, 'general', places, layout)
    const text = str(value instanceof Float ? value : number).replace('-', '')
    return pad(layout.grouping ? grouped(text, layout.grouping) : text, number < 0 ? '-' : plus(layout), layout)
  }
  if (places !== undefined) {
    throw new PythonError('ValueError', 'Precision not allowed in integer format specifier')
  }
  if (typeof value === 'boolean' && type === undefined) return pad(str(value), '', layout)
  return integer(BigInt(value as number | bigint | boolean), type ?? 'd', layout)
}

function plus(layout: Layout): string {
  return layout.sign === '-' ? '' : layout.sign
}

function integer(value: bigint, type: string, layout: Layout): string {
  if (type === 'c') return pad(String.fromCodePoint(Number(value)), '', layout)
  const base = { d: 10, b: 2, o: 8, x: 16, X: 16 }[type]
  if (base === undefined) throw new PythonError('ValueError', `Unknown format code '${type}' for object of type 'int'`)
  const prefix = layout.alternate && base !== 10 ? `0${type}` : ''
  const digits = (value < 0n ? -value : value).toString(base)
  const body = layout.grouping ? grouped(digits, layout.grouping, base === 10 ? 3 : 4) : digits
  return pad(type === 'X' ? body.toUpperCase() : body, (value < 0n ? '-' : plus(layout)) + prefix, layout)
}
