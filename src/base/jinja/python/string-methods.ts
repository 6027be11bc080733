import { Bytes } from './bytes.ts'
import { Dict, isMapping, mappingEntries, mappingGet } from './dict.ts'
import { indexOf } from './float.ts'
import { formatBraces } from './format-braces.ts'
import { isText } from './markup.ts'
import { builtin, method } from './method.ts'
import type { Kwargs } from './protocol.ts'
import { PythonError, typeError } from './python-error.ts'
import { Tuple } from './sequence.ts'
import { Slice, slice } from './slice.ts'
import { str, typeName } from './text.ts'
import { characters, iterable } from './truth.ts'

type Body = (self: string, ...args: unknown[]) => unknown

function text(value: unknown, what = 'argument'): string {
  if (isText(value)) return value.toString()
  throw typeError(`${what} must be str, not ${typeName(value)}`)
}

function optionalText(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : text(value)
}

/** Strips the given characters, by default white space, from the named ends. */
export function strip(self: string, chars: string | undefined, ends: 'left' | 'right' | 'both'): string {
  const all = Array.from(self)
  const drop = chars === undefined ? (character: string) => /\s/u.test(character) : (c: string) => chars.includes(c)
  let start = 0
  let end = all.length
  if (ends !== 'right') while (start < end && drop(all[start] ?? '')) start += 1
  if (ends !== 'left') while (end > start && drop(all[end - 1] ?? '')) end -= 1
  return all.slice(start, end).join('')
}

function split(self: string, separator: string | undefined, most: number, fromRight: boolean): string[] {
  if (separator === undefined) {
    const words = self.split(/\s+/u).filter((word) => word !== '')
    if (most < 0 || words.length <= most) return words
    const pattern = fromRight ? new RegExp(`^(.*?)((?:\\s+\\S+){${most}})\\s*$`, 'su') : undefined
    if (pattern) {
      const [, head = '', tail = ''] = pattern.exec(self.trimEnd()) ?? []
      return [head, ...tail.split(/\s+/u)].filter((word) => word.trim() !== '')
    }
    const head = words.slice(0, most)
    let rest = self.trimStart()
    for (const word of head) rest = rest.slice(word.length).trimStart()
    return [...head, rest]
  }
  if (separator === '') throw new PythonError('ValueError', 'empty separator')
  const parts = self.split(separator)
  if (most < 0 || parts.length <= most + 1) return parts
  const kept = parts.length - most
  return fromRight
    ? [parts.slice(0, kept).join(separator), ...parts.slice(kept)]
    : [...parts.slice(0, most), parts.slice(most).join(separator)]
}

function clip(self: string, start: unknown, end: unknown): string {
  return start === undefined && end === undefined
    ? self
    : (slice(self, new Slice(start ?? null, end ?? null, null)) as string)
}

function affix(wanted: unknown, test: (part: string) => boolean): boolean {
  const all = wanted instanceof Tuple ? wanted.items : [wanted]
  return all.some((part) => test(text(part, 'the first argument')))
}

function find(self: string, wanted: unknown, start: unknown, end: unknown, last: boolean): number {
  const size = characters(self).length
  const from = start === undefined || start === null ? 0 : indexOf(start)
  const offset = Math.min(size, Math.max(0, from < 0 ? from + size : from))
  const part = clip(self, start, end)
  const at = last ? part.lastIndexOf(text(wanted)) : part.indexOf(text(wanted))
  return at < 0 ? -1 : characters(part.slice(0, at)).length + offset
}

function found(index: number): number {
  if (index < 0) throw new PythonError('ValueError', 'substring not found')
  return index
}

function justify(self: string, width: unknown, fill: unknown, left: (missing: number) => number): string {
  const missing = Math.max(0, indexOf(width) - characters(self).length)
  const before = left(missing)
  const character = fill === undefined ? ' ' : text(fill)
  if (characters(character).length !== 1) throw typeError('The fill character must be exactly one character long')
  return character.repeat(before) + self + character.repeat(missing - before)
}

function replace(self: string, old: unknown, fresh: unknown, count: unknown): string {
  const most = count === undefined ? -1 : indexOf(count)
  const by = text(fresh, 'replace() argument 2')
  if (text(old, 'replace() argument 1') === '') return between(self, by, most)
  if (most < 0) return self.replaceAll(text(old, 'replace() argument 1'), () => by)
  let left = most
  return self.replaceAll(text(old, 'replace() argument 1'), (same) => {
    left -= 1
    return left >= 0 ? by : same
  })
}

/** Puts a text before each of the first characters, and at the end. */
function between(self: string, by: string, most: number): string {
  const all = Array.from(self)
  const places = most < 0 ? all.length + 1 : Math.min(most, all.length + 1)
  return [...all, ''].map((character, index) => (index < places ? by + character : character)).join('')
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: Python counts these control characters as line ends
const LINE = /([^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*)(\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|$)/g

/** Python's `str.splitlines`. */
export function splitLines(self: string, keepEnds = false): string[] {
  const lines = Array.from(self.matchAll(LINE), ([all, line = '']) => ({ all, line }))
  if (lines.at(-1)?.all === '') lines.pop()
  return lines.map(({ all, line }) => (keepEnds ? all : line))
}

function expandTabs(self: string, size: unknown = 8): string {
  const width = indexOf(size)
  let column = 0
  return Array.from(self, (character) => {
    if (character === '\t') {
      const spaces = width > 0 ? width - (column % width) : 0
      column += spaces
      return ' '.repeat(spaces)
    }
    column = character === '\n' || character === '\r' ? 0 : column + 1
    return character
  }).join('')
}

function swap(self: string): string {
  return self.replace(/\p{Lu}|\p{Ll}/gu, (c) => (/\p{Lu}/u.test(c) ? c.toLowerCase() : c.toUpperCase()))
}

/** The letters that have a form of their own for the beginning of a word. */
const TITLE_LETTERS = ['ǄǅǆǄ', 'ǇǈǉǇ', 'ǊǋǌǊ', 'ǱǲǳǱ']

function capitalised(self: string): string {
  const [first = '', ...rest] = Array.from(self)
  const digraph = TITLE_LETTERS.find((letters) => first !== '' && letters.includes(first))?.[1]
  const [upper = '', ...more] = Array.from(first.toUpperCase())
  return (digraph ?? upper + more.join('').toLowerCase()) + rest.join('').toLowerCase()
}

function titled(self: string): string {
  return self.replace(/\p{L}+/gu, capitalised)
}

function cased(self: string, upper: boolean): boolean {
  return upper
    ? /\p{Lu}/u.test(self) && !/[\p{Ll}\p{Lt}]/u.test(self)
    : /\p{Ll}/u.test(self) && !/[\p{Lu}\p{Lt}]/u.test(self)
}

function partition(self: string, separator: unknown, last: boolean): Tuple {
  const by = text(separator)
  const at = last ? self.lastIndexOf(by) : self.indexOf(by)
  if (at < 0) return new Tuple(last ? ['', '', self] : [self, '', ''])
  return new Tuple([self.slice(0, at), by, self.slice(at + by.length)])
}

function count(self: string, wanted: unknown, start: unknown, end: unknown): number {
  const part = clip(self, start, end)
  return text(wanted) === '' ? characters(part).length + 1 : part.split(text(wanted)).length - 1
}

/** Python's `separator.join(parts)`, which takes text only. */
function join(self: string, parts: unknown): string {
  return Array.from(iterable(parts), (part, index) => {
    if (isText(part)) return part.toString()
    throw typeError(`sequence item ${index}: expected str instance, ${typeName(part)} found`)
  }).join(self)
}

function translate(self: string, table: unknown): string {
  return Array.from(self, (character) => {
    const by = isMapping(table) ? mappingGet(table, character.codePointAt(0)) : undefined
    return by === undefined ? character : by === null ? '' : typeof by === 'number' ? String.fromCodePoint(by) : str(by)
  }).join('')
}

/** Python's `str.maketrans`: a dict of code points. */
function translationTable(from: unknown, to: unknown, drop: unknown): Dict {
  if (to === undefined) {
    if (!isMapping(from)) throw typeError('if you give only one argument to maketrans it must be a dict')
    const code = (key: unknown): unknown => (isText(key) ? key.toString().codePointAt(0) : key)
    return new Dict(mappingEntries(from).map(([key, value]) => [code(key), value] as const))
  }
  const [keys, values] = [Array.from(text(from)), Array.from(text(to))]
  if (keys.length !== values.length) {
    throw new PythonError('ValueError', 'the first two maketrans arguments must have equal length')
  }
  const gone = drop === undefined ? [] : Array.from(text(drop))
  return new Dict([
    ...keys.map((key, index) => [key.codePointAt(0), values[index]?.codePointAt(0)] as const),
    ...gone.map((key) => [key.codePointAt(0), null] as const),
  ])
}

function encoded(self: string, encoding: unknown): Uint8Array {
  const name = encoding === undefined ? 'utf-8' : text(encoding)
  const most = { utf8: 0x10ffff, ascii: 0x7f, latin1: 0xff, iso88591: 0xff }[name.toLowerCase().replace(/[-_]/g, '')]
  if (most === undefined) throw new PythonError('LookupError', `unknown encoding: ${name}`)
  if (most === 0x10ffff) return new TextEncoder().encode(self)
  const codes = Array.from(self, (character) => character.codePointAt(0) ?? 0)
  if (codes.every((code) => code <= most)) return Uint8Array.from(codes)
  throw new PythonError('ValueError', `'${name}' codec can't encode a character: ordinal not in range`)
}

function splitter(fromRight: boolean): Body {
  return (self, separator, most) =>
    split(self, optionalText(separator), most === undefined ? -1 : indexOf(most), fromRight)
}

const METHODS: Record<string, readonly [names: readonly string[], body: Body]> = {
  capitalize: [[], capitalised],
  casefold: [[], (self) => Array.from(self, (c) => (c === 'ı' ? c : c.toUpperCase().toLowerCase())).join('')],
  center: [
    ['width', 'fillchar?'],
    (self, width, fill) =>
      justify(self, width, fill, (missing) => Math.floor(missing / 2) + (missing & indexOf(width) & 1)),
  ],
  count: [['sub', 'start?', 'end?'], count],
  encode: [['encoding?', 'errors?'], (self, encoding) => new Bytes(encoded(self, encoding))],
  endswith: [
    ['suffix', 'start?', 'end?'],
    (self, suffix, start, end) => affix(suffix, (part) => clip(self, start, end).endsWith(part)),
  ],
  expandtabs: [['tabsize?'], expandTabs],
  find: [['sub', 'start?', 'end?'], (self, wanted, start, end) => find(self, wanted, start, end, false)],
  index: [['sub', 'start?', 'end?'], (self, wanted, start, end) => found(find(self, wanted, start, end, false))],
  isalnum: [[], (self) => /^[\p{L}\p{N}]+$/u.test(self)],
  isalpha: [[], (self) => /^\p{L}+$/u.test(self)],
  isascii: [[], (self) => Array.from(self).every((character) => (character.codePointAt(0) ?? 0) < 128)],
  isdecimal: [[], (self) => /^\p{Nd}+$/u.test(self)],
  isdigit: [[], (self) => /^[\p{Nd}²³¹⁰⁴-⁹₀-₉]+$/u.test(self)],
  isidentifier: [[], (self) => /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*$/u.test(self)],
  islower: [[], (self) => cased(self, false)],
  isnumeric: [[], (self) => /^\p{N}+$/u.test(self)],
  isprintable: [[], (self) => !/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(self)],
  isspace: [[], (self) => /^\s+$/u.test(self)],
  istitle: [[], (self) => /\p{L}/u.test(self) && titled(self) === self],
  isupper: [[], (self) => cased(self, true)],
  join: [['iterable'], join],
  ljust: [['width', 'fillchar?'], (self, width, fill) => justify(self, width, fill, () => 0)],
  lower: [[], (self) => self.toLowerCase()],
  maketrans: [['x', 'y?', 'z?'], (_, from, to, drop) => translationTable(from, to, drop)],
  lstrip: [['chars?'], (self, chars) => strip(self, optionalText(chars), 'left')],
  partition: [['sep'], (self, separator) => partition(self, separator, false)],
  removeprefix: [['prefix'], (self, part) => (self.startsWith(text(part)) ? self.slice(text(part).length) : self)],
  removesuffix: [
    ['suffix'],
    (self, part) => (text(part) !== '' && self.endsWith(text(part)) ? self.slice(0, -text(part).length) : self),
  ],
  replace: [['old', 'new', 'count?'], replace],
  rfind: [['sub', 'start?', 'end?'], (self, wanted, start, end) => find(self, wanted, start, end, true)],
  rindex: [['sub', 'start?', 'end?'], (self, wanted, start, end) => found(find(self, wanted, start, end, true))],
  rjust: [['width', 'fillchar?'], (self, width, fill) => justify(self, width, fill, (missing) => missing)],
  rpartition: [['sep'], (self, separator) => partition(self, separator, true)],
  rsplit: [['sep?', 'maxsplit?'], splitter(true)],
  rstrip: [['chars?'], (self, chars) => strip(self, optionalText(chars), 'right')],
  split: [['sep?', 'maxsplit?'], splitter(false)],
  splitlines: [['keepends?'], (self, keep) => splitLines(self, keep === true)],
  startswith: [
    ['prefix', 'start?', 'end?'],
    (self, prefix, start, end) => affix(prefix, (part) => clip(self, start, end).startsWith(part)),
  ],
  strip: [['chars?'], (self, chars) => strip(self, optionalText(chars), 'both')],
  swapcase: [[], swap],
  title: [[], titled],
  translate: [['table'], translate],
  upper: [[], (self) => self.toUpperCase()],
  zfill: [
    ['width'],
    (self, width) => {
      const sign = /^[+-]/.exec(self)?.[0] ?? ''
      const missing = Math.max(0, indexOf(width) - characters(self).length)
      return sign + '0'.repeat(missing) + self.slice(sign.length)
    },
  ],
}

/** The methods that take keywords. */
const KEYWORDS = new Set(['encode', 'expandtabs', 'rsplit', 'split', 'splitlines'])

/** A method of a text, bound to it; `undefined` when `str` has none of that name. */
export function stringMethod(self: string, name: string): unknown {
  if (name === 'format') return builtin('format', ({ args, kwargs }) => formatBraces(self, args, kwargs))
  if (name === 'format_map') return builtin(name, ({ args }) => formatBraces(self, [], formatMapping(args[0])))
  if (!Object.hasOwn(METHODS, name)) return undefined
  const [names, body] = METHODS[name] as (typeof METHODS)[string]
  return method(name, names, (...args) => body(self, ...args), KEYWORDS.has(name))
}

/** The named values of `format_map`, looked up when they are wanted. */
export function formatMapping(mapping: unknown): Kwargs {
  if (!isMapping(mapping)) throw typeError('format_map() needs a dict')
  return new Proxy(
    {},
    {
      get: (_, key) => mappingGet(mapping, key),
      getOwnPropertyDescriptor: (_, key) => {
        const value = mappingGet(mapping, key)
        return value === undefined ? undefined : { value, configurable: true, enumerable: true }
      },
    },
  )
}
