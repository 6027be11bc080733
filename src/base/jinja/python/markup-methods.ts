import { escapedMarkup, escapedText, htmlOf } from './escape.ts'
import { formatBraces, formatValue } from './format-braces.ts'
import { formatPercent } from './format-percent.ts'
import { stripTags, unescapeHtml } from './html.ts'
import { isText, Markup } from './markup.ts'
import { builtin, Method, method } from './method.ts'
import type { Kwargs } from './protocol.ts'
import { PythonError, typeError } from './python-error.ts'
import { Tuple } from './sequence.ts'
import { formatMapping, stringMethod } from './string-methods.ts'
import { iterable } from './truth.ts'

/** The methods of `str` whose answer is `Markup` again, or a list or tuple of it. */
const MARKED = new Set(
  `capitalize title lower upper lstrip rstrip strip translate expandtabs swapcase zfill casefold removeprefix
  removesuffix split rsplit splitlines partition rpartition replace ljust rjust center join`.split(/\s+/),
)

/** Which argument of a method is escaped, by its place. */
const ESCAPED: Readonly<Record<string, number>> = { replace: 1, ljust: 1, rjust: 1, center: 1 }

/** A method of `Markup`, bound to it; `undefined` when it has none of that name. */
export function markupMethod(self: Markup, name: string): unknown {
  switch (name) {
    case 'escape':
      return method(name, ['s'], escapedMarkup)
    case 'unescape':
      return method(name, [], () => unescapeHtml(self.text))
    case 'striptags':
      return method(name, [], () => stripTags(self.text))
    case 'format':
      return builtin(name, ({ args, kwargs }) => formatted(self, args, kwargs))
    case 'format_map':
      return builtin(name, ({ args }) => formatted(self, [], formatMapping(args[0])))
  }
  const plain = stringMethod(self.text, name)
  if (!(plain instanceof Method) || !MARKED.has(name)) return plain
  return plain.around((work, args) => {
    const place = ESCAPED[name]
    if (place !== undefined && isText(args[place])) args[place] = escapedText(args[place])
    if (name === 'join') args[0] = Array.from(iterable(args[0]), escapedText)
    return marked(work(...args))
  })
}

/** Calls a method of a text. */
export function callTextMethod(text: string | Markup, name: string, ...args: unknown[]): unknown {
  const found = text instanceof Markup ? markupMethod(text, name) : stringMethod(text, name)
  if (!(found instanceof Method)) throw typeError(`texts have no method ${name}()`)
  return found.call(...args)
}

function marked(value: unknown): unknown {
  if (typeof value === 'string') return new Markup(value)
  if (Array.isArray(value)) return value.map(marked)
  return value instanceof Tuple ? new Tuple(value.items.map(marked)) : value
}

function formatted(self: Markup, args: readonly unknown[], kwargs: Kwargs): Markup {
  const text = formatBraces(self.text, args, kwargs, (value, spec) => {
    const html = htmlOf(value)
    if (html === undefined) return escapedText(formatValue(value, spec))
    if (spec === '') return html
    throw new PythonError('ValueError', 'Unsupported format specification for Markup.')
  })
  return new Markup(text)
}

/** An operator with `Markup` on one side or both; `undefined` where it does not apply. */
export function markupOperate(operator: string, left: unknown, right: unknown): Markup | undefined {
  if (operator === '+') {
    const fits = (value: unknown): boolean => isText(value) || htmlOf(value) !== undefined
    return fits(left) && fits(right) ? new Markup(escapedText(left) + escapedText(right)) : undefined
  }
  if (operator === '%' && left instanceof Markup) return new Markup(formatPercent(left.text, right, true))
  return undefined
}
