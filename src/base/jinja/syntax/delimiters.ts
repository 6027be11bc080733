import { MillraceError } from '../../kernel/index.ts'

/** How templates are cut into text and tags: jinja2's options by their Python names in camelCase, with its defaults. */
export interface LexerOptions {
  /** Whether the first line end after a tag goes. */
  readonly trimBlocks?: boolean
  /** Whether white space before a tag that begins its line goes. */
  readonly lstripBlocks?: boolean
  readonly keepTrailingNewline?: boolean
  /** What line ends of the template become in its output; `\n` when absent. */
  readonly newlineSequence?: '\n' | '\r\n' | '\r'
  /** `{%` and `%}` when absent; so with the other pairs. */
  readonly blockStart?: string
  readonly blockEnd?: string
  readonly variableStart?: string
  readonly variableEnd?: string
  readonly commentStart?: string
  readonly commentEnd?: string
  /** What makes the rest of a line a tag where it stands first on it, such as `#`; none when absent. */
  readonly lineStatementPrefix?: string
  /** What makes the rest of a line a comment, such as `##`; none when absent. */
  readonly lineCommentPrefix?: string
}

/** What opens something else than text. */
export type Opening = 'raw' | 'block' | 'variable' | 'comment' | 'line' | 'lineComment'

/** The delimiters, and the patterns that find them. */
export interface Delimiters {
  readonly blockStart: string
  readonly blockEnd: string
  readonly variableEnd: string
  readonly commentEnd: string
  /** Finds the next opening; the group that matched is named by its kind. */
  readonly opening: RegExp
  /** The end of a raw block, with its two signs. */
  readonly rawEnd: RegExp
  /** The ends of tags and expressions, where they have to stand; the first group is the sign. */
  readonly ends: Readonly<Record<'block' | 'variable' | 'line', RegExp>>
}

const known = new Map<string, Delimiters>()

/** The patterns for these options, made once. @throws MillraceError `OPTION_INVALID` for delimiters that are alike */
export function delimitersOf(options: LexerOptions): Delimiters {
  const { blockStart = '{%', blockEnd = '%}', variableStart = '{{', variableEnd = '}}' } = options
  const { commentStart = '{#', commentEnd = '#}', lineStatementPrefix, lineCommentPrefix } = options
  const key = JSON.stringify([
    [blockStart, blockEnd, variableStart, variableEnd, commentStart, commentEnd],
    [lineStatementPrefix, lineCommentPrefix],
  ])
  const made = known.get(key)
  if (made) return made
  if (new Set([blockStart, variableStart, commentStart]).size < 3) {
    throw new MillraceError('OPTION_INVALID', 'the delimiters of blocks, variables and comments must differ', {
      hint: `They are ${blockStart}, ${variableStart} and ${commentStart}.`,
    })
  }
  const rules: [size: number, rank: number, pattern: string][] = [
    [variableStart.length, 4, `(?<variable>${quoted(variableStart)})`],
    [commentStart.length, 1, `(?<comment>${quoted(commentStart)})`],
    [blockStart.length, 0, `(?<block>${quoted(blockStart)})`],
  ]
  if (lineStatementPrefix) {
    rules.push([lineStatementPrefix.length, 3, `(?<line>(?<![^\\n])[ \\t\\v]*${quoted(lineStatementPrefix)})`])
  }
  if (lineCommentPrefix) {
    const start = `(?:(?<![^\\n])|(?<=\\S))[^\\S\\r\\n]*`
    rules.push([lineCommentPrefix.length, 2, `(?<lineComment>${start}${quoted(lineCommentPrefix)})`])
  }
  // The longest first, as jinja2 has it; of two alike the later by its name.
  rules.sort((a, b) => b[0] - a[0] || b[1] - a[1])
  const [block, end] = [quoted(blockStart), quoted(blockEnd)]
  const raw = `(?<raw>${block}[-+]?\\s*raw\\s*(?:-${end}\\s*|${end}))`
  const delimiters: Delimiters = {
    blockStart,
    blockEnd,
    variableEnd,
    commentEnd,
    opening: new RegExp([raw, ...rules.map(([, , pattern]) => pattern)].join('|'), 'g'),
    rawEnd: new RegExp(`${block}([-+]?)\\s*endraw\\s*([-+]?)${end}`, 'g'),
    ends: {
      block: new RegExp(`([-+]?)${end}`, 'y'),
      variable: new RegExp(`(-?)${quoted(variableEnd)}`, 'y'),
      line: /()\s*(?:\n|(?=\n)|$)/y,
    },
  }
  known.set(key, delimiters)
  return delimiters
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

/** Line ends as `\n`, and one last one dropped, as Jinja does before it reads. */
export function normalise(text: string, options: LexerOptions): string {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
  return !options.keepTrailingNewline && lines.endsWith('\n') ? lines.slice(0, -1) : lines
}
