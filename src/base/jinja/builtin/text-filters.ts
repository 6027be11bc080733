import { bind } from '../python/arguments.ts'
import { isMapping, mappingEntries } from '../python/dict.ts'
import { escapedMarkup, escapedText, htmlOf, softText } from '../python/escape.ts'
import { indexOf } from '../python/float.ts'
import { escapeHtml, stripTags } from '../python/html.ts'
import { isText, like, Markup } from '../python/markup.ts'
import { callTextMethod } from '../python/markup-methods.ts'
import { builtin } from '../python/method.ts'
import { type Caller, params } from '../python/protocol.ts'
import { PythonError, typeError } from '../python/python-error.ts'
import { Range, Tuple } from '../python/sequence.ts'
import { splitLines } from '../python/string-methods.ts'
import { repr, str, typeName } from '../python/text.ts'
import { iterable, length, truth } from '../python/truth.ts'
import { Undefined } from '../python/undefined.ts'
import type { Context } from '../runtime/context.ts'

function title(value: unknown): string {
  return str(value)
    .split(/([-\s({[<]+)/u)
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1).toLowerCase())
    .join('')
}

function replaceText(autoescape: boolean, value: unknown, old: unknown, by: unknown, count: unknown = null): unknown {
  if (by === undefined) throw typeError('replace needs the text to replace and the text to put in its place')
  const most = count === null ? -1 : count
  if (!autoescape) return callTextMethod(str(value), 'replace', str(old), str(by), most)
  const marks = htmlOf(old) !== undefined || (htmlOf(by) !== undefined && htmlOf(value) === undefined)
  return callTextMethod(marks ? escapedMarkup(value) : softText(value), 'replace', softText(old), softText(by), most)
}

/** The text itself: these filters take no other value, as in jinja2. */
function needText(value: unknown, filter: string): string {
  if (value instanceof Undefined) throw value.error()
  if (isText(value)) return value.toString()
  throw typeError(`${filter} needs a text, not ${typeName(value)}`)
}

function indent(value: unknown, width: unknown = 4, first: unknown = false, blank: unknown = false): string | Markup {
  const margin = isText(width) ? width.toString() : ' '.repeat(indexOf(width))
  const lines = splitLines(`${needText(value, 'indent')}\n`)
  const rest = lines.slice(1).map((line) => (line !== '' || truth(blank) ? margin + line : line))
  return like(value, (truth(first) ? margin : '') + [lines[0] ?? '', ...rest].join('\n'))
}

function truncate(
  value: unknown,
  limit: unknown = 255,
  killWords: unknown = false,
  end: unknown = '...',
  leeway: unknown = null,
): unknown {
  const size = indexOf(limit)
  const ending = value instanceof Markup ? escapedText(end) : str(end)
  const endSize = length(end)
  if (size < endSize) throw new PythonError('ValueError', `expected length >= ${endSize}, got ${size}`)
  const most = size + (leeway === null ? 5 : indexOf(leeway))
  // A list that is short enough is left as it is; only then does jinja2 ask for more than a length.
  if (!isText(value) && !(value instanceof Undefined) && length(value) <= most) return value
  const text = needText(value, 'truncate')
  const all = Array.from(text)
  if (all.length <= most) return value
  const kept = all.slice(0, size - endSize).join('')
  if (truth(killWords)) return like(value, kept + ending)
  const space = kept.lastIndexOf(' ')
  return like(value, (space < 0 ? kept : kept.slice(0, space)) + ending)
}

function wordWrap(
  newline: string,
  value: unknown,
  width: unknown = 79,
  breakLong: unknown = true,
  join: unknown = null,
  onHyphens: unknown = true,
): string {
  const by = join === null ? newline : str(join)
  return splitLines(needText(value, 'wordwrap'))
    .map((line) => wrapLine(line, indexOf(width), truth(breakLong), truth(onHyphens)).join(by))
    .join(by)
}

// Python's `textwrap`: white space, dashes between words, or a word up to a hyphen it may break at.
const CHUNKS = new RegExp(
  [
    '[\\t\\n\\v\\f\\r ]+',
    '(?<=WORDY)-{2,}(?=WORD)',
    'BLACK+?(?:-(?:(?<=LETTER{2}-)|(?<=LETTER-WORDY-))(?=LETTER-?LETTER)|(?=WHITE|$)|(?<=WORDY)(?=-{2,}WORD))',
  ]
    .join('|')
    .replaceAll('WORDY', '[\\p{L}\\p{N}_!"\'&.,?]')
    .replaceAll('WORD', '[\\p{L}\\p{N}_]')
    .replaceAll('LETTER', '[\\p{L}_]')
    .replaceAll('WHITE', '[\\t\\n\\v\\f\\r ]')
    .replaceAll('BLACK', '[^\\t\\n\\v\\f\\r ]'),
  'gu',
)

/** Python's `textwrap.wrap` with white space kept as it is. */
function wrapLine(line: string, width: number, breakLong: boolean, onHyphens: boolean): string[] {
  const chunks = (line.match(onHyphens ? CHUNKS : /[\t\n\v\f\r ]+|[^\t\n\v\f\r ]+/g) ?? []).reverse()
  const lines: string[] = []
  while (chunks.length > 0) {
    if (lines.length > 0 && chunks.at(-1)?.trim() === '') chunks.pop()
    const current: string[] = []
    let used = 0
    for (let next = chunks.at(-1); next !== undefined && used + length(next) <= width; next = chunks.at(-1)) {
      current.push(next)
      used += length(next)
      chunks.pop()
    }
    const next = chunks.at(-1)
    if (next !== undefined && length(next) > width) {
      if (breakLong) {
        const all = Array.from(next)
        const end = breakAt(all, width < 1 ? 1 : width - used, onHyphens)
        current.push(all.slice(0, end).join(''))
        chunks[chunks.length - 1] = all.slice(end).join('')
      } else if (current.length === 0) {
        current.push(next)
        chunks.pop()
      }
    }
    // One piece of white space is dropped, and where a long word left nothing on the line that nothing is it.
    if (current.length > 0 && current.at(-1)?.trim() === '') current.pop()
    if (current.length > 0) lines.push(current.join(''))
  }
  return lines
}

/** Where a word that is too long is cut: behind its last hyphen that fits, or where the room ends. */
function breakAt(word: readonly string[], room: number, onHyphens: boolean): number {
  if (!onHyphens || word.length <= room) return room
  const hyphen = word.slice(0, room).lastIndexOf('-')
  return hyphen > 0 && word.slice(0, hyphen).some((character) => character !== '-') ? hyphen + 1 : room
}

function urlEncode(value: unknown): string {
  const quote = (part: unknown, safe: RegExp): string =>
    encodeURIComponent(str(part))
      .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
      .replace(safe, '/')
  const several = isMapping(value) || Array.isArray(value) || value instanceof Tuple || value instanceof Range
  if (!several) return quote(value, /%2F/g)
  const pairs = isMapping(value) ? mappingEntries(value) : Array.from(value, twoOf)
  return pairs.map(([key, item]) => `${plus(quote(key, /$^/g))}=${plus(quote(item, /$^/g))}`).join('&')
}

function twoOf(pair: unknown): unknown[] {
  const items = [...iterable(pair)]
  if (items.length !== 2) throw new PythonError('ValueError', `urlencode takes pairs, not ${repr(pair)}`)
  return items
}

function plus(text: string): string {
  return text.replaceAll('%20', '+')
}

function xmlAttributes(autoescape: boolean, value: unknown, autospace: unknown = true): string | Markup {
  if (!isMapping(value)) throw typeError(`xmlattr needs a mapping, not ${typeName(value)}`)
  const parts = mappingEntries(value)
    .filter(([, item]) => item !== null && !(item instanceof Undefined))
    .map(([key, item]) => {
      if (!isText(key)) throw typeError(`xmlattr needs keys of text, not ${typeName(key)}`)
      if (/[\s/>=]/.test(str(key))) {
        throw new PythonError('ValueError', `Invalid character in attribute name: ${repr(key)}`)
      }
      return `${escapedText(key)}="${escapedText(item)}"`
    })
  const text = (truth(autospace) && parts.length > 0 ? ' ' : '') + parts.join(' ')
  return autoescape ? new Markup(text) : text
}

/** A filter whose first argument comes from the template that applies it. */
function of(read: (caller: Caller) => unknown, names: readonly string[], body: (...args: never[]) => unknown): unknown {
  return builtin('filter', ({ args, kwargs, caller }) => {
    return (body as (...all: unknown[]) => unknown)(read(caller), ...bind('filter', names, args, kwargs))
  })
}

const escapes = (caller: Caller): boolean => caller.autoescape

/** The filters that make text of text. */
export const TEXT_FILTERS: Readonly<Record<string, unknown>> = {
  center: params(
    (value: unknown, width: unknown = 80) => callTextMethod(softText(value), 'center', width),
    ['value', 'width'],
  ),
  e: escapedMarkup,
  escape: escapedMarkup,
  forceescape: (value: unknown) => new Markup(escapeHtml(str(value))),
  indent: params(indent, ['s', 'width', 'first', 'blank']),
  replace: of(escapes, ['s', 'old', 'new', 'count'], replaceText),
  striptags: (value: unknown) => stripTags(htmlOf(value) ?? str(value)),
  title,
  truncate: params(truncate, ['s', 'length', 'killwords', 'end', 'leeway']),
  urlencode: urlEncode,
  wordcount: (value: unknown) => str(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0,
  wordwrap: of(
    (caller) => (caller as Context).environment.newline,
    ['s', 'width', 'break_long_words', 'wrapstring', 'break_on_hyphens'],
    wordWrap,
  ),
  xmlattr: of(escapes, ['d', 'autospace'], xmlAttributes),
}
