/** Characters that Python's `\\s` takes, as members of a class of RE2. */
const SPACE =
  '\\t-\\r\\x1c-\\x20\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}'
/** What Python's classes of characters are in RE2, where they are of ASCII only. */
const CLASSES: Readonly<Record<string, string>> = { w: '\\p{L}\\p{N}_', d: '\\p{Nd}', s: SPACE }

const TOKEN = /\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\[pP]\{[^}]*\}|\\[\s\S]|\{,(\d+)\}|[\s\S]/gu

/**
 * A regular expression of Python's `re`, as suites hold them, that RE2 reads the same way: classes are of all of
 * Unicode, and `$` also matches before a line feed at the end. Sources: Python, "re"; RE2, "Syntax".
 */
export function re2Pattern(pattern: string): string {
  const multiline = /^\(\?[a-z]*m/.test(pattern)
  let bracket = -1
  return pattern.replace(TOKEN, (token, short: string | undefined, long: string | undefined, most, at: number) => {
    const code = short ?? long
    if (code !== undefined) return `\\x{${code}}`
    if (token.startsWith('\\')) return escaped(token, bracket >= 0)
    if (bracket >= 0) {
      // A bracket that comes first is a member of the class.
      const first = at === bracket + 1 || (at === bracket + 2 && pattern[at - 1] === '^')
      if (token === ']' && !first) bracket = -1
      return token
    }
    if (token === '[') bracket = at
    if (most !== undefined) return `{0,${String(most)}}`
    return token === '$' && !multiline ? '(?:\\n?\\z)' : token
  })
}

function escaped(token: string, inClass: boolean): string {
  const letter = token.charAt(1)
  const members = CLASSES[letter.toLowerCase()]
  if (token === '\\Z' && !inClass) return '\\z'
  if (members === undefined || token.length !== 2) return token
  if (letter === letter.toLowerCase()) return inClass ? members : `[${members}]`
  if (letter === 'D') return '\\P{Nd}'
  // Within a class RE2 has no form of what is not in another one.
  return inClass ? token : `[^${members}]`
}
