import { MillraceError } from '../../../../base/kernel/index.ts'
import { join, type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { raised } from '../math/math-argument.ts'

// Datetime patterns of Spark 4 (sql-ref-datetime-pattern), which are those of java.time.format.DateTimeFormatter
// with some letters left out, as strftime and strptime of DuckDB. All times are in UTC.

/** A piece of a pattern: text, or letters of one kind. `[` and `]` stand around what may be missing when reading. */
export type PatternToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'letters'; readonly letter: string; readonly count: number }
  | { readonly kind: 'optional'; readonly tokens: readonly PatternToken[] }

const wrong = (pattern: string, why: string): MillraceError =>
  new MillraceError('OPTION_INVALID', `${why} in the datetime pattern "${pattern}"`, {
    hint: 'Patterns are made of y M L d D E a H h k K m s S G Q q F x X Z z O VV and text in single quotes, as in yyyy-MM-dd HH:mm:ss.',
  })

/**
 * The pieces of a pattern.
 * @throws MillraceError OPTION_INVALID
 */
export function patternTokens(pattern: string): PatternToken[] {
  const stack: PatternToken[][] = [[]]
  for (const [token, quoted, letter] of pattern.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|'|[\s\S]/gu)) {
    const tokens = stack.at(-1) ?? []
    if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted === '' ? "'" : quoted.replaceAll("''", "'") })
    else if (letter !== undefined) tokens.push({ kind: 'letters', letter, count: token.length })
    else if (token === '[') stack.push([])
    else if (token === ']') {
      if (stack.length < 2) throw wrong(pattern, 'a "]" without a "["')
      stack.pop()
      stack.at(-1)?.push({ kind: 'optional', tokens })
    } else if ("'{}#".includes(token)) throw wrong(pattern, `a "${token}" that is not in quotes`)
    else tokens.push({ kind: 'text', text: token })
  }
  const [first = []] = stack
  // What is opened and not closed goes to the end.
  return [...first, ...stack.slice(1).map((tokens): PatternToken => ({ kind: 'optional', tokens }))]
}

/** How a letter is written: a format of strftime, or SQL of the timestamp. */
type Written = string | ((wall: Sql) => Sql)

/** A part as a number of at least so many digits. */
const number =
  (part: string, width: number): Written =>
  (wall) =>
    sql`printf(${`%0${width}d`}, ${trusted(part)}(${wall}))`
/** A computed number, in which `$` is the timestamp. */
const computed =
  (by: string, width: number): Written =>
  (wall) => {
    const [before = '', after = ''] = by.split('$')
    const value = sql`cast(${trusted(before)}${wall}${trusted(after)} as varchar)`
    return width === 1 ? value : sql`lpad(${value}, ${trusted(String(width))}, '0')`
  }
const QUARTERS = "['1st quarter', '2nd quarter', '3rd quarter', '4th quarter']"

function writtenAs(letter: string, count: number): Written | undefined {
  switch (letter) {
    case 'y':
      if (count === 2) return '%y'
      if (count === 4) return '%Y'
      return count > 6 ? undefined : number('year', count)
    case 'M':
    case 'L':
      return ['%-m', '%m', '%b', '%B'][count - 1]
    case 'd':
      return ['%-d', '%d'][count - 1]
    case 'D':
      return ['%-j', number('dayofyear', 2), '%j'][count - 1]
    case 'E':
      return ['%a', '%a', '%a', '%A'][count - 1]
    case 'a':
      return ['%p'][count - 1]
    case 'H':
      return ['%-H', '%H'][count - 1]
    case 'h':
      return ['%-I', '%I'][count - 1]
    case 'k':
      return count > 2 ? undefined : computed('((hour($) + 23) % 24 + 1)', count)
    case 'K':
      return count > 2 ? undefined : computed('(hour($) % 12)', count)
    case 'm':
      return ['%-M', '%M'][count - 1]
    case 's':
      return ['%-S', '%S'][count - 1]
    case 'S':
      if (count > 9) return undefined
      if (count === 3) return '%g'
      return count >= 6
        ? `%f${'0'.repeat(count - 6)}`
        : (wall) => sql`left(strftime(${wall}, '%f'), ${trusted(String(count))})`
    case 'G':
      return count > 4
        ? undefined
        : (wall) =>
            count < 4
              ? sql`case when year(${wall}) > 0 then 'AD' else 'BC' end`
              : sql`case when year(${wall}) > 0 then 'Anno Domini' else 'Before Christ' end`
    case 'Q':
    case 'q':
      if (count < 3) return number('quarter', count)
      return [(wall: Sql) => sql`'Q' || quarter(${wall})`, (wall: Sql) => sql`${trusted(QUARTERS)}[quarter(${wall})]`][
        count - 3
      ]
    case 'F':
      return count > 1 ? undefined : computed('((day($) - 1) % 7 + 1)', 1)
    case 'X':
      return count > 5 ? undefined : 'Z'
    case 'x':
      return ['+00', '+0000', '+00:00', '+0000', '+00:00'][count - 1]
    case 'Z':
      return ['+0000', '+0000', '+0000', 'GMT', 'Z'][count - 1]
    case 'z':
      return ['UTC', 'UTC', 'UTC', 'Coordinated Universal Time'][count - 1]
    case 'O':
      return count === 1 || count === 4 ? 'GMT' : undefined
    case 'V':
      return count === 2 ? 'UTC' : undefined
    default:
      return undefined
  }
}

/**
 * A timestamp without zone as text by a pattern.
 * @throws MillraceError OPTION_INVALID for letters that Spark does not write
 */
export function writtenByPattern(wall: Sql, pattern: string): Sql {
  const pieces: Sql[] = []
  let format = ''
  const flush = () => {
    if (format !== '') pieces.push(format.includes('%') ? sql`strftime(${wall}, ${format})` : sql`${format}`)
    format = ''
  }
  const add = (tokens: readonly PatternToken[]) => {
    for (const token of tokens) {
      if (token.kind === 'text') format += token.text.replaceAll('%', '%%')
      else if (token.kind === 'optional') add(token.tokens)
      else {
        const written = writtenAs(token.letter, token.count)
        if (written === undefined) throw wrong(pattern, `"${token.letter.repeat(token.count)}" is not supported`)
        if (typeof written === 'string') format += written
        else {
          flush()
          pieces.push(written(wall))
        }
      }
    }
  }
  add(patternTokens(pattern))
  flush()
  const [only] = pieces
  const text = pieces.length === 0 ? sql`''` : pieces.length === 1 && only ? only : sql`(${join(pieces, ' || ')})`
  // Text alone would not be null where there is no timestamp.
  return pieces.some((piece) => piece.parts.length > 1) ? text : sql`case when ${wall} is not null then ${text} end`
}

/** How a letter is read: the texts it takes, and the format of strptime. */
type Read = readonly [regex: string, format: string]

const MONTHS = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec'
const LONG_MONTHS = 'january|february|march|april|may|june|july|august|september|october|november|december'
const digits = (count: number, most = 2): string => (count === 1 ? `\\d{1,${most}}` : `\\d{${count}}`)

function readAs(letter: string, count: number): Read | undefined {
  switch (letter) {
    case 'y':
      if (count === 2) return ['\\d{2}', '20%y']
      return count === 1 || count === 4 ? [count === 1 ? '\\d{1,4}' : '\\d{4}', '%Y'] : undefined
    case 'M':
    case 'L':
      if (count < 3) return [digits(count), '%m']
      return count === 3 ? [`(?:${MONTHS})`, '%b'] : count === 4 ? [`(?:${LONG_MONTHS})`, '%B'] : undefined
    case 'd':
      return count > 2 ? undefined : [digits(count), '%d']
    case 'D':
      return count > 3 ? undefined : [count === 3 ? '\\d{3}' : digits(count, 3), '%j']
    case 'a':
      return count > 1 ? undefined : ['(?:am|pm)', '%p']
    case 'H':
      return count > 2 ? undefined : [digits(count), '%H']
    case 'h':
      return count > 2 ? undefined : [digits(count), '%I']
    case 'm':
      return count > 2 ? undefined : [digits(count), '%M']
    case 's':
      return count > 2 ? undefined : [digits(count), '%S']
    case 'S':
      return count > 6 ? undefined : [`\\d{1,${count}}`, '%f']
    case 'X':
      return count > 3 ? undefined : [`(?:z|[+-]\\d{2}${['(?:\\d{2})?', '\\d{2}', ':\\d{2}'][count - 1]})`, '%z']
    case 'x':
      return count > 3 ? undefined : [`[+-]\\d{2}${['(?:\\d{2})?', '\\d{2}', ':\\d{2}'][count - 1]}`, '%z']
    case 'Z':
      return count > 3 ? undefined : ['[+-]\\d{4}', '%z']
    case 'V':
      return count === 2 ? ['[A-Za-z][A-Za-z_/+-]*[A-Za-z]', '%Z'] : undefined
    default:
      return undefined
  }
}

/** The patterns that a pattern with optional parts stands for, the longest first. */
function alternatives(tokens: readonly PatternToken[]): PatternToken[][] {
  const i = tokens.findIndex((token) => token.kind === 'optional')
  const optional = tokens[i]
  if (optional?.kind !== 'optional') return [[...tokens]]
  const [before, after] = [tokens.slice(0, i), tokens.slice(i + 1)]
  return [...alternatives([...before, ...optional.tokens, ...after]), ...alternatives([...before, ...after])]
}

/** How text that does not follow the pattern ends: an error of Spark's, or null. */
export type Mismatch = 'fail' | 'null'

/**
 * The timestamp without zone (a moment's in UTC, where the pattern has a zone) that text is by a pattern; what the
 * pattern leaves out is the beginning of 1970. Spark reads strictly: as many digits as letters.
 * @throws MillraceError OPTION_INVALID for letters that Spark does not read
 */
export function readByPattern(text: Sql, pattern: string, mismatch: Mismatch): Sql {
  const branches = alternatives(patternTokens(pattern)).map((tokens) => {
    let [regex, format, zone, hasYear, half] = ['', '', false, false, 0]
    let century: string | undefined
    for (const token of tokens) {
      if (token.kind === 'text') {
        regex += token.text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
        format += token.text.replaceAll('%', '%%')
      } else if (token.kind === 'letters') {
        const read = readAs(token.letter, token.count)
        if (!read) throw wrong(pattern, `"${token.letter.repeat(token.count)}" cannot be read`)
        if (read[1] === '20%y') century = regex
        regex += read[0]
        format += read[1].replace('20%y', '%Y')
        zone ||= read[1].toLowerCase() === '%z'
        hasYear ||= token.letter === 'y'
        if ('ah'.includes(token.letter)) half += token.letter === 'h' ? 1 : 2
      }
    }
    // An hour of a half of a day without a half is one of the morning.
    const [before, after] = [hasYear ? '' : '1970 ', half === 1 ? ' am' : '']
    // Two digits are a year of this century.
    const full =
      century === undefined ? text : sql`regexp_replace(${text}, ${`(?i)^(${century})(\\d{2})`}, ${'\\120\\2'})`
    const whole = before === '' && after === '' ? full : sql`(${before} || ${full} || ${after})`
    const source = zone ? sql`regexp_replace(${whole}, '[zZ]$', '+00:00')` : whole
    const read = sql`${trusted(mismatch === 'fail' ? 'strptime' : 'try_strptime')}(${source}, ${`${hasYear ? '' : '%Y '}${format}${half === 1 ? ' %p' : ''}`})`
    return { regex: `(?i:${regex})`, value: zone ? sql`make_timestamp(epoch_us(${read}))` : read }
  })
  const whens = branches.map(({ regex, value }) => sql`when regexp_full_match(${text}, ${regex}) then ${value}`)
  const rest =
    mismatch === 'fail'
      ? sql` when ${text} is not null then ${raised('CANNOT_PARSE_TIMESTAMP', 'Text could not be parsed by the pattern. Use the try_ form to get NULL instead')}`
      : sql``
  return sql`case ${join(whens, ' ')}${rest} end`
}

// What DuckDB's CSV options take, where one format has to read and write.
const LETTERS: Record<string, string> = {
  yyyy: '%Y', yy: '%y', y: '%Y', MMMM: '%B', MMM: '%b', MM: '%m', M: '%-m', dd: '%d', d: '%-d', D: '%-j', DDD: '%j',
  HH: '%H', H: '%-H', hh: '%I', h: '%-I', mm: '%M', m: '%-M', ss: '%S', s: '%-S', SSS: '%g', SSSSSS: '%f',
  EEEE: '%A', EEE: '%a', E: '%a', a: '%p', XXX: '%z', Z: '%z', z: '%Z',
} // biome-ignore format: a table

/**
 * A date pattern of Spark (`yyyy-MM-dd HH:mm:ss`) as one format of DuckDB, for reading and writing files.
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
