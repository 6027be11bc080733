const compiled = new Map<string, RegExp>()

/** Whether text matches a shell pattern as Python's `fnmatch` means it: `*` also crosses dots and slashes. */
export function matchesGlob(text: string, pattern: string): boolean {
  let expression = compiled.get(pattern)
  if (!expression) {
    expression = new RegExp(`^${translate(pattern)}$`, 's')
    compiled.set(pattern, expression)
  }
  return expression.test(text)
}

/** Whether a text has characters that a shell pattern gives a meaning. */
export function isGlob(text: string): boolean {
  return /[*?[\]]/.test(text)
}

function translate(pattern: string): string {
  let out = ''
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern.charAt(at)
    const close = char === '[' ? pattern.indexOf(']', at + 2) : -1
    if (char === '*') out += '.*'
    else if (char === '?') out += '.'
    else if (close > 0) {
      const body = pattern.slice(at + 1, close).replaceAll('\\', '\\\\')
      out += `[${body.startsWith('!') ? `^${body.slice(1)}` : body.replace(/^\^/, '\\^')}]`
      at = close
    } else out += char.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  }
  return out
}
