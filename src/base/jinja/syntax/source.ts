import { MillraceError } from '../../kernel/index.ts'

/** A template's text with the place it came from. */
export interface Source {
  /** With every line end as `\n`. */
  readonly text: string
  readonly file: string
  /** The line and column in `file` where the text begins; both count from 1. */
  readonly line: number
  readonly column: number
  readonly internal?: boolean
}

/** The line and column of an offset, both from 1. */
export function positionOf(source: Source, at: number): { line: number; column: number } {
  const before = source.text.slice(0, Math.max(0, at))
  const lines = before.split('\n')
  const column = (lines.at(-1) ?? '').length + 1
  return { line: source.line + lines.length - 1, column: lines.length === 1 ? source.column + column - 1 : column }
}

/** A `JINJA_SYNTAX` error at an offset. */
export function syntaxError(source: Source, at: number, message: string, hint?: string): MillraceError {
  return new MillraceError('JINJA_SYNTAX', `parsing the template: ${message}`, {
    at: { file: source.file, ...positionOf(source, at) },
    ...(hint === undefined ? {} : { hint }),
  })
}
