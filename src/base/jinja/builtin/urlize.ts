import { bind } from '../python/arguments.ts'
import { escapedText } from '../python/escape.ts'
import { indexOf } from '../python/float.ts'
import { escapeHtml } from '../python/html.ts'
import { Markup } from '../python/markup.ts'
import { builtin } from '../python/method.ts'
import { PythonError } from '../python/python-error.ts'
import { repr, str } from '../python/text.ts'
import { iterable, truth } from '../python/truth.ts'

// The forms that jinja2's `utils.py` takes for links. Python's \w and \d know all scripts.
const WORD = '[\\p{L}\\p{N}_%-]'
const LINK = new RegExp(
  [
    `^(?:(?:https?://|www\\.)(?:(?:${WORD}+\\.)+)?(?:[a-z]{2,63}|xn--[\\p{L}\\p{N}_%]{2,59})`,
    `|(?:${WORD}{2,63}\\.)+(?:com|net|int|edu|gov|org|info|mil)`,
    '|https?://(?:\\p{Nd}{1,3}(?:\\.\\p{Nd}{1,3}){3}|\\[(?:[\\p{Nd}a-f]{0,4}:){2}(?:[\\p{Nd}a-f]{0,4}:?){1,6}\\]))',
    '(?::\\p{Nd}{1,5})?(?:[/?#]\\S*)?$',
  ].join(''),
  'iu',
)
const MAIL = /^\S+@[\p{L}\p{N}_][\p{L}\p{N}_.-]*\.[\p{L}\p{N}_]+$/u
const SCHEME = /^(?:[\p{L}\p{N}_.+-]{2,}:(?:\/){0,2})$/u
const PAIRS = [
  ['(', ')'],
  ['<', '>'],
  ['&lt;', '&gt;'],
] as const

interface LinkOptions {
  readonly limit: number | undefined
  readonly rel: string | undefined
  readonly target: string | undefined
  readonly schemes: readonly string[]
}

/** The filter `urlize`: makes links of the addresses in a text. */
export const urlize = builtin('urlize', ({ args, kwargs, caller }) => {
  const names = ['value', 'trim_url_limit', 'nofollow', 'target', 'rel', 'extra_schemes']
  const [value, limit, nofollow, target, rel, schemes] = bind('urlize', names, args, kwargs)
  const parts = new Set([...words(rel), ...(truth(nofollow ?? false) ? ['nofollow'] : []), 'noopener'])
  const given = schemes === undefined || schemes === null ? [] : Array.from(iterable(schemes), str)
  for (const scheme of given) {
    if (!SCHEME.test(scheme)) {
      throw new PythonError('TemplateRuntimeError', `${repr(scheme)} is not a valid URI scheme prefix.`)
    }
  }
  const text = linked(value, {
    limit: limit === undefined || limit === null ? undefined : indexOf(limit),
    rel: [...parts].sort().join(' '),
    target: target === undefined || target === null ? undefined : str(target),
    schemes: given,
  })
  return caller.autoescape ? new Markup(text) : text
})

function words(value: unknown): string[] {
  return value === undefined || value === null
    ? []
    : str(value)
        .split(/\s+/)
        .filter((word) => word !== '')
}

function linked(value: unknown, options: LinkOptions): string {
  return escapedText(value)
    .split(/(\s+)/)
    .map((word) => linkedWord(word, options))
    .join('')
}

function linkedWord(word: string, options: LinkOptions): string {
  const head = /^(?:[(<]|&lt;)+/.exec(word)?.[0] ?? ''
  let middle = word.slice(head.length)
  let tail = /(?:[)>.,\n]|&gt;)+$/.exec(middle)?.[0] ?? ''
  middle = middle.slice(0, middle.length - tail.length)
  // Parentheses that were opened inside are part of the address.
  for (const [open, close] of PAIRS) {
    const opened = count(middle, open)
    if (opened <= count(middle, close)) continue
    for (let left = Math.min(opened, count(tail, close)); left > 0; left -= 1) {
      const end = tail.indexOf(close) + close.length
      middle += tail.slice(0, end)
      tail = tail.slice(end)
    }
  }
  return head + link(middle, options) + tail
}

function link(text: string, { limit, rel, target, schemes }: LinkOptions): string {
  const more = (rel ? ` rel="${escapeHtml(rel)}"` : '') + (target ? ` target="${escapeHtml(target)}"` : '')
  if (LINK.test(text)) {
    const shown =
      limit !== undefined && Array.from(text).length > limit ? `${Array.from(text).slice(0, limit).join('')}...` : text
    return `<a href="${/^https?:\/\//.test(text) ? '' : 'https://'}${text}"${more}>${shown}</a>`
  }
  if (text.startsWith('mailto:') && MAIL.test(text.slice(7))) return `<a href="${text}">${text.slice(7)}</a>`
  const mail = text.includes('@') && !text.startsWith('www.') && !text.startsWith('@') && !text.includes(':')
  if (mail && MAIL.test(text)) return `<a href="mailto:${text}">${text}</a>`
  return schemes.reduce(
    (made, scheme) => (made !== scheme && made.startsWith(scheme) ? `<a href="${made}"${more}>${made}</a>` : made),
    text,
  )
}

function count(text: string, part: string): number {
  return text.split(part).length - 1
}
