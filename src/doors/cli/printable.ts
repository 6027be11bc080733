/** Control characters, separators of lines, marks of writing direction, halves of surrogate pairs. */
const HIDDEN = /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * Text of data, of files or of an engine as a terminal may show it: what would move the cursor, set colours or turn the
 * direction of writing stands as an escape (`\n`, `\x1b`, `\u202e`). Joined emoji and combining marks stay.
 */
export function printable(text: string): string {
  return text.replaceAll(HIDDEN, (one) => SHORT[one] ?? escaped(one.charCodeAt(0)))
}

/** The same of text of several lines, which stay lines. */
export function printableLines(text: string): string[] {
  return text.split(/\r?\n/).map(printable)
}

function escaped(code: number): string {
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}
