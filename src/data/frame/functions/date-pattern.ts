import { MillraceError } from '../../../base/kernel/index.ts'

// Java's DateTimeFormatter letters, as Spark uses them, to DuckDB's strftime.
const LETTERS: Record<string, string> = {
  yyyy: '%Y', yy: '%y', y: '%Y', MMMM: '%B', MMM: '%b', MM: '%m', M: '%-m', dd: '%d', d: '%-d', D: '%-j', DDD: '%j',
  HH: '%H', H: '%-H', hh: '%I', h: '%-I', mm: '%M', m: '%-M', ss: '%S', s: '%-S', SSS: '%g', SSSSSS: '%f',
  EEEE: '%A', EEE: '%a', E: '%a', a: '%p', XXX: '%z', Z: '%z', z: '%Z',
} // biome-ignore format: a table

/**
 * A date pattern of Spark (`yyyy-MM-dd HH:mm:ss`) as DuckDB's strftime format.
 * @throws MillraceError OPTION_INVALID for a letter that has no equal
 */
export function strftimePattern(pattern: string): string {
  return pattern.replaceAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|%/g, (token, quoted: string | undefined) => {
    if (quoted !== undefined) return quoted === '' ? "'" : quoted.replaceAll("''", "'").replaceAll('%', '%%')
    if (token === '%') return '%%'
    const format = LETTERS[token]
    if (format !== undefined) return format
    throw new MillraceError('OPTION_INVALID', `"${token}" in the date pattern "${pattern}" is not supported`, {
      hint: `Patterns are made of ${Object.keys(LETTERS).join(', ')} and text in single quotes.`,
    })
  })
}
