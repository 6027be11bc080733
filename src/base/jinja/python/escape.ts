import { escapeHtml } from './html.ts'
import { isText, Markup } from './markup.ts'
import { HTML, protocolOf } from './protocol.ts'
import { str } from './text.ts'
import { Undefined } from './undefined.ts'

/** What a value says is its HTML; `undefined` for those that say nothing, such as text. */
export function htmlOf(value: unknown): string | undefined {
  if (value instanceof Undefined) return value.chainable ? value.print() : undefined
  return protocolOf(value)?.[HTML]?.()
}

/** What `{{ value }}` prints where text is escaped. */
export function escapedText(value: unknown): string {
  return typeof value === 'string' ? escapeHtml(value) : (htmlOf(value) ?? escapeHtml(str(value)))
}

/** markupsafe's `escape`. */
export function escapedMarkup(value: unknown): Markup {
  return value instanceof Markup ? value : new Markup(escapedText(value))
}

/** markupsafe's `soft_str`: text, and `Markup` that stays what it is. */
export function softText(value: unknown): string | Markup {
  return isText(value) ? value : str(value)
}

/** Joins values to text; from the first `Markup` on the whole is one, with the rest escaped. */
export function markupJoin(values: readonly unknown[]): string | Markup {
  const parts = values.map(softText)
  if (!parts.some((part) => part instanceof Markup)) return parts.join('')
  return new Markup(parts.map(escapedText).join(''))
}
