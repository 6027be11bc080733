import { type Token, tokenize } from './syntax/lexer.ts'
import { positionOf, syntaxError } from './syntax/source.ts'

/** A block that stands at the top level of a file, as text. */
export interface TopLevelBlock {
  readonly tag: string
  /** What stands after the tag's name, such as `orders_snapshot` or `delta_insert, adapter='duckdb'`. */
  readonly head: string
  /** The text between the opening and the closing tag. */
  readonly contents: string
  /** The whole block with its tags. */
  readonly full: string
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
  const blocks: TopLevelBlock[] = []
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
    const head = headEnd(source.text, opening.lastIndex, file)
    const end = new RegExp(`\\{%[-+]?\\s*end${tag}\\s*[-+]?%\\}`, 'g')
    end.lastIndex = head.after
    const closing = end.exec(source.text)
    if (!closing) throw syntaxError(source, start, `the '${tag}' block is not closed`, `Close it with {% end${tag} %}.`)
    const contents = positionOf(source, head.after)
    blocks.push({
      tag,
      head: source.text.slice(opening.lastIndex, head.before).trim(),
      contents: source.text.slice(head.after, closing.index),
      full: source.text.slice(start, end.lastIndex),
      ...positionOf(source, start),
      contentsLine: contents.line,
      contentsColumn: contents.column,
    })
    opening.lastIndex = end.lastIndex
  }
  return blocks
}

/** Where the opening tag ends: its last token decides, because texts in it may hold `%}`. */
function headEnd(text: string, from: number, file: string): { before: number; after: number } {
  const rest = { text: `{%${text.slice(from)}`, file, line: 1, column: 1 }
  const end = firstBlockEnd(rest)
  return { before: from + end.at - 2, after: from + end.at - 2 + String(end.value).trimEnd().length }
}

function firstBlockEnd(rest: Parameters<typeof tokenize>[0]): Token {
  // Only the tag is cut into tokens: what follows it may be prose.
  for (let close = rest.text.indexOf('%}'); close >= 0; close = rest.text.indexOf('%}', close + 1)) {
    try {
      const tokens = tokenize({ ...rest, text: rest.text.slice(0, close + 2) }, {})
      const end = tokens.find((token) => token.type === 'block_end')
      if (end) return end
    } catch {
      // The `%}` stands inside a text of the tag: try the next one.
    }
  }
  throw syntaxError(rest, 0, 'the tag is not closed', 'Close it with %}.')
}
