import { tokenize } from './syntax/lexer.ts'
import { type Source, syntaxError } from './syntax/source.ts'

/** A block that stands at the top level of a file, as text. */
export interface TopLevelBlock {
  readonly tag: string
  /** What stands after the tag's name, such as `orders_snapshot` or `delta_insert, adapter='duckdb'`. */
  readonly head: string
  /** The text between the opening and the closing tag. */
  readonly contents: string
  /** The whole block with its tags. */
  readonly full: string
  /** The same with the white space to other text that `{%-` and `-%}` take away: what dbt calls the text of a macro. */
  readonly spaced: string
  /** Of the opening tag. */
  readonly line: number
  readonly column: number
  /** Where the contents begin. */
  readonly contentsLine: number
  readonly contentsColumn: number
}

/**
 * The blocks of the given tags at the top level of a text, not parsed: dbt's snapshots and docs are cut out so, and
 * docs hold prose that need not be a template. @throws MillraceError `JINJA_SYNTAX` for one that is not closed
 */
export function topLevelBlocks(text: string, tags: readonly string[], file = '<template>'): TopLevelBlock[] {
  const source = { text: text.replace(/\r\n?/g, '\n'), file, line: 1, column: 1 }
  const positionOf = forwardPositions(source.text)
  const blocks: TopLevelBlock[] = []
  const ends = new Map<string, RegExp>()
  /** Where the block before ended, with its white space. */
  let ended = 0
  const opening = new RegExp(`\\{#|\\{%[-+]?\\s*(${tags.join('|')}|raw)\\b`, 'g')
  for (let match = opening.exec(source.text); match; match = opening.exec(source.text)) {
    const start = match.index
    const tag = match[1]
    if (tag === undefined || tag === 'raw') {
      const close = tag === undefined ? /#\}/g : /\{%[-+]?\s*endraw\s*[-+]?%\}/g
      close.lastIndex = start
      if (!close.exec(source.text)) break
      opening.lastIndex = close.lastIndex
      continue
    }
    const head = headEnd(source, opening.lastIndex)
    const end = ends.get(tag) ?? new RegExp(`\\{%[-+]?\\s*end${tag}\\s*[-+]?%\\}`, 'g')
    ends.set(tag, end)
    end.lastIndex = head.after
    const closing = end.exec(source.text)
    if (!closing) throw syntaxError(source, start, `the '${tag}' block is not closed`, `Close it with {% end${tag} %}.`)
    const begins = positionOf(start)
    const contents = positionOf(head.after)
    const full = source.text.slice(start, end.lastIndex)
    const from = full.startsWith('{%-') ? Math.max(blankBefore(source.text, start), ended) : start
    ended = full.endsWith('-%}') ? blankAfter(source.text, end.lastIndex) : end.lastIndex
    blocks.push({
      tag,
      head: source.text.slice(opening.lastIndex, head.before).trim(),
      contents: source.text.slice(head.after, closing.index),
      full,
      spaced: source.text.slice(from, ended),
      ...begins,
      contentsLine: contents.line,
      contentsColumn: contents.column,
    })
    opening.lastIndex = end.lastIndex
  }
  return blocks
}

/** Where the white space before an offset begins; the beginning of the text has none. */
function blankBefore(text: string, offset: number): number {
  let at = offset
  while (at > 0 && isBlank(text, at - 1)) at -= 1
  return at === 0 ? offset : at
}

/** Where the white space after an offset ends; the end of the text has none. */
function blankAfter(text: string, offset: number): number {
  let at = offset
  while (at < text.length && isBlank(text, at)) at += 1
  return at === text.length ? offset : at
}

function isBlank(text: string, at: number): boolean {
  return text.charAt(at).trim() === ''
}

/** Where the opening tag ends: its last token decides, because texts in it may hold `%}`. */
function headEnd(source: Source, from: number): { before: number; after: number } {
  const { text, file } = source
  const first = text.indexOf('%}', from)
  const plain = text.slice(from, first)
  if (first >= 0 && !/['"]/.test(plain)) return { before: /[-+]$/.test(plain) ? first - 1 : first, after: first + 2 }
  // Only the tag is cut into tokens: what follows it may be prose.
  for (let close = first; close >= 0; close = text.indexOf('%}', close + 1)) {
    try {
      const tag = { text: `{%${text.slice(from, close + 2)}`, file, line: 1, column: 1 }
      const end = tokenize(tag, {}).find((token) => token.type === 'block_end')
      if (end) return { before: from + end.at - 2, after: from + end.at - 2 + String(end.value).trimEnd().length }
    } catch {
      // The `%}` stands inside a text of the tag: try the next one.
    }
  }
  throw syntaxError(source, from, 'the tag is not closed', 'Close it with %}.')
}

/** Tells the line and column of offsets that only grow, so that each part of the text is walked through once. */
function forwardPositions(text: string): (at: number) => { line: number; column: number } {
  let line = 1
  let begins = 0
  return (at) => {
    for (let end = text.indexOf('\n', begins); end >= 0 && end < at; end = text.indexOf('\n', begins)) {
      line += 1
      begins = end + 1
    }
    return { line, column: at - begins + 1 }
  }
}
