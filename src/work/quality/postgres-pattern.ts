import { MillraceError } from '../../base/kernel/index.ts'

const SAME_LETTER: Readonly<Record<string, string>> = { b: 'y', B: 'Y', z: 'Z' }

/**
 * A pattern of RE2 (the syntax of suites) as an advanced regular expression of PostgreSQL that matches the same
 * texts: there `.` takes line feeds too, `\b` is a backspace, and `\x41b` one character.
 * Sources: RE2's "Syntax" page; PostgreSQL, 9.7.3.
 * @throws MillraceError EXPECTATION_INVALID for what PostgreSQL cannot say, such as Unicode classes
 */
export function postgresPattern(pattern: string): string {
  const [, flags = ''] = /^\(\?([a-z]+)\)/.exec(pattern) ?? []
  const unknown = flags.replaceAll(/[ims]/g, '')
  if (unknown !== '') throw refused(pattern, `the flag (?${unknown})`)
  const dot = flags.includes('s') ? '.' : '[^\\n]'
  const own = `${flags.includes('i') ? 'i' : ''}${flags.includes('m') ? 'w' : ''}`
  const body = pattern.slice(flags === '' ? 0 : flags.length + 3)
  if (flags.includes('i') && /[^\0-\x7f]/.test(body))
    throw refused(pattern, 'the flag (?i) beside letters beyond ASCII')
  // Read at the start of a pattern, `***` and `(?…)` are directives of PostgreSQL's own.
  const start = own === '' ? '' : `(?${own})`
  let bracket = false
  const text = body.replace(TOKEN, (token, at: number) => {
    if (bracket) {
      const opens = body.slice(0, at).endsWith('[') || body.slice(0, at).endsWith('[^')
      if (token === ']' && !opens) bracket = false
      return token.startsWith('\\') ? escaped(pattern, token, true) : token
    }
    if (token === '[') bracket = true
    if (token === '.') return dot
    // Python's also matches before a line feed at the end.
    if (token === '$' && !flags.includes('m')) return '(?:\\n?$)'
    if (token.startsWith('(?')) {
      if (token === '(?:') return token
      throw refused(pattern, `the group ${token}`)
    }
    return token.startsWith('\\') ? escaped(pattern, token, false) : token
  })
  return `${start}${text}`
}

const TOKEN =
  /\\x\{[0-9A-Fa-f]+\}|\\x[0-9A-Fa-f]{2}|\\p\{\^?\w+\}|\\[\s\S]|\[:\^?\w+:\]|\(\?(?:P?<\w*>?|[a-zA-Z-]*[:)]|.)|[\s\S]/gu

function escaped(pattern: string, token: string, inBracket: boolean): string {
  const letter = token.charAt(1)
  if (letter === 'x') {
    const code = Number.parseInt(token.replaceAll(/[^0-9A-Fa-f]/g, ''), 16)
    return `\\U${code.toString(16).padStart(8, '0')}`
  }
  if (/[pPCQE]/.test(letter)) throw refused(pattern, token)
  if (/[1-9]/.test(letter)) throw refused(pattern, `the back-reference ${token}`)
  const other = inBracket ? undefined : SAME_LETTER[letter]
  return other === undefined ? token : `\\${other}`
}

function refused(pattern: string, what: string): MillraceError {
  return new MillraceError(
    'EXPECTATION_INVALID',
    `the pattern ${JSON.stringify(pattern)}: PostgreSQL has no form of ${what}`,
    {
      hint: 'Write it with classes such as [[:alpha:]] or [0-9], groups (?:…), and flags (?i), (?m), (?s) at the start.',
    },
  )
}
