import { MillraceError } from '../../base/kernel/index.ts'

const WORD = '\\p{L}\\p{N}_'
/** What Python's classes of characters are in JavaScript, as members of a class. */
const CLASSES: Readonly<Record<string, string>> = { w: WORD, d: '\\p{Nd}', s: '\\s\\x1c-\\x1f\\x85' }
const END = '(?![\\s\\S])'
const EDGE = `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`
const INSIDE = `(?:(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}]))`

const TOKEN =
  /\(\?#[^)]*\)|\(\?P?<\w+>|\(\?P=\w+\)|\(\?[a-zA-Z-]*[:)]|\(\?<?[=!]|\(\?[\s\S]|\\U[0-9a-fA-F]{8}|\\[pP]\{[^}]*\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[1-9]\d?|\\[\s\S]|\{\d+(?:,\d*)?\}|\{,\d+\}|[\s\S]/gu

/**
 * Whether a pattern of Python's `re` looks around or back, which only an engine that backtracks can do: RE2 and
 * PostgreSQL are as quick for every text, and have neither.
 */
export function backtracks(pattern: string): boolean {
  let inClass = false
  for (const [token] of pattern.matchAll(TOKEN)) {
    if (inClass) inClass = token !== ']'
    else if (token === '[') inClass = true
    else if (/^\(\?<?[=!]|^\(\?P=|^\\[1-9]/.test(token)) return true
  }
  return false
}

/**
 * A pattern of Python's `re` as one of JavaScript that matches the same texts. Sources: Python, "re"; ECMA-262,
 * "Patterns".
 * @throws MillraceError EXPECTATION_INVALID for what JavaScript has no form of, or a pattern that is none
 */
export function backtrackingPattern(pattern: string): RegExp {
  try {
    return translated(pattern)
  } catch (thrown) {
    if (thrown instanceof MillraceError) throw thrown
    throw refused(pattern, thrown)
  }
}

/**
 * Finds what no engine reads, such as a parenthesis without its other, before any row is looked at.
 * @throws MillraceError EXPECTATION_INVALID
 */
export function checkPattern(pattern: string): void {
  try {
    translated(pattern)
  } catch (thrown) {
    if (thrown instanceof SyntaxError && /Unterminated|Unmatched|Nothing to repeat|out of order/.test(thrown.message)) {
      throw refused(pattern, thrown)
    }
  }
}

function translated(pattern: string): RegExp {
  const [start = '', letters = ''] = /^\(\?([a-zA-Z]+)\)/.exec(pattern) ?? []
  if (/[^imsau]/.test(letters)) throw refused(pattern, new SyntaxError(`the flags ${start}`))
  const flags = [...'ims'].filter((flag) => letters.includes(flag)).join('')
  let opened = -1
  const body = pattern.slice(start.length)
  const source = body.replace(TOKEN, (token, at: number) => {
    if (opened >= 0) {
      // A bracket that comes first is a member of the class.
      const first = at === opened + 1 || (at === opened + 2 && body[at - 1] === '^')
      if (token === ']' && !first) opened = -1
      return token === ']' && first ? '\\]' : escapeOf(token, true)
    }
    if (token === '[') opened = at
    if (token === '$' && !flags.includes('m')) return `(?=\\n?${END})`
    if (token === '{' || token === '}' || token === ']') return `\\${token}`
    return token.startsWith('{,')
      ? `{0,${token.slice(2)}`
      : token.startsWith('(?')
        ? group(token)
        : escapeOf(token, false)
  })
  return new RegExp(source, `u${flags}`)
}

function group(token: string): string {
  if (token.startsWith('(?#')) return ''
  if (token.startsWith('(?P=')) return `\\k<${token.slice(4, -1)}>`
  return token.startsWith('(?P<') ? `(?<${token.slice(4)}` : token
}

function escapeOf(token: string, inClass: boolean): string {
  if (!token.startsWith('\\')) return token
  const letter = token.charAt(1)
  if (letter === 'U') return `\\u{${token.slice(2)}}`
  if (token.length > 2) return token
  const members = CLASSES[letter.toLowerCase()]
  if (members !== undefined) {
    if (letter === letter.toLowerCase()) return inClass ? members : `[${members}]`
    return inClass ? token : `[^${members}]`
  }
  if (letter === 'a') return '\\x07'
  if (inClass) return letter === '-' || letter === 'b' ? token : plain(token)
  const other: Readonly<Record<string, string>> = { A: '(?<![\\s\\S])', Z: END, b: EDGE, B: INSIDE }
  return other[letter] ?? plain(token)
}

/** JavaScript escapes nothing that needs no escape. */
function plain(token: string): string {
  return /^\\[\^$\\.*+?()[\]{}|/a-zA-Z0-9]$/.test(token) ? token : token.slice(1)
}

function refused(pattern: string, cause: unknown): MillraceError {
  const shown = pattern.length > 80 ? `${pattern.slice(0, 77)}…` : pattern
  const why = cause instanceof Error ? cause.message.replace(/^Invalid regular expression: .*: /s, '') : String(cause)
  return new MillraceError(
    'EXPECTATION_INVALID',
    `the regular expression ${JSON.stringify(shown)} cannot be read: ${why}`,
    {
      hint: "Write it as Python's re reads it.",
      cause,
    },
  )
}
