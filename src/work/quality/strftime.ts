import { MillraceError } from '../../base/kernel/index.ts'
import { type Dialect, type Sql, sql, trusted } from '../../base/sql/index.ts'

const MONTHS = 'january|february|march|april|may|june|july|august|september|october|november|december'
const DAYS = 'monday|tuesday|wednesday|thursday|friday|saturday|sunday'
const short = (names: string) =>
  names
    .split('|')
    .map((name) => name.slice(0, 3))
    .join('|')

/** What each directive matches, as Python's `_strptime` has it in the C locale; seconds of 60 are no moment there. */
const DIRECTIVES: Readonly<Record<string, string>> = {
  d: '3[0-1]|[1-2][0-9]|0[1-9]|[1-9]| [1-9]',
  f: '[0-9]{1,6}',
  H: '2[0-3]|[0-1][0-9]|[0-9]',
  I: '1[0-2]|0[1-9]|[1-9]',
  j: '36[0-6]|3[0-5][0-9]|[1-2][0-9][0-9]|0[1-9][0-9]|00[1-9]|[1-9][0-9]|0[1-9]|[1-9]',
  m: '1[0-2]|0[1-9]|[1-9]',
  M: '[0-5][0-9]|[0-9]',
  S: '[0-5][0-9]|[0-9]',
  U: '5[0-3]|[0-4][0-9]|[0-9]',
  W: '5[0-3]|[0-4][0-9]|[0-9]',
  w: '[0-6]',
  u: '[1-7]',
  y: '[0-9][0-9]',
  Y: '[0-9][0-9][0-9][0-9]',
  z: '[+-][0-9][0-9]:?[0-5][0-9](?::?[0-5][0-9](?:\\.[0-9]{1,6})?)?|Z',
  Z: 'utc|gmt',
  A: DAYS,
  a: short(DAYS),
  B: MONTHS,
  b: short(MONTHS),
  p: 'am|pm',
}
const LOCAL: Readonly<Record<string, string>> = { c: '%a %b %d %H:%M:%S %Y', x: '%m/%d/%y', X: '%H:%M:%S' }

/**
 * True for a text that Python's `datetime.strptime` reads with this format: its shape by a regular expression, then
 * the day against the month and year (1900 where the format has none).
 * @throws MillraceError EXPECTATION_INVALID for a directive that strptime does not have
 */
export function strftimeTest(text: Sql, format: string, dialect: Dialect): Sql {
  const groups = new Map<string, number>()
  const whole = format.replaceAll(/%([cxX])/g, (_, letter: string) => LOCAL[letter] ?? '')
  const body = whole.replace(/%([\s\S]?)|\s+|[.^$*+?(){}[\]|\\]/g, (token, letter: string | undefined) => {
    if (letter === undefined) return /\s/.test(token) ? '\\s+' : `\\${token}`
    if (letter === '%') return '%'
    const directive = DIRECTIVES[letter]
    if (directive === undefined || groups.has(letter)) throw refused(format, letter, groups.has(letter))
    groups.set(letter, groups.size + 1)
    return `(${directive})`
  })
  const pattern = `(?i)^${body}$`
  const shape = dialect === 'postgres' ? sql`(${text} ~ ${pattern})` : sql`regexp_matches(${text}, ${pattern})`
  const day = groups.get('d')
  const month = groups.get('m') ?? groups.get('b') ?? groups.get('B')
  const part = (group: number) =>
    dialect === 'postgres'
      ? sql`(regexp_match(${text}, ${pattern}))[${trusted(String(group))}]`
      : sql`regexp_extract(${text}, ${pattern}, ${trusted(String(group))})`
  const year = yearOf(groups, part)
  const tests = [
    ...(groups.has('Y') ? [sql`${year} >= 1`] : []),
    ...(day === undefined || month === undefined
      ? []
      : [sql`cast(trim(${part(day)}) as integer) <= ${lastDay(monthOf(groups, part(month)), year)}`]),
  ]
  // A case, because nothing but its order keeps a text of another shape from being read as numbers.
  return tests.reduce((sofar, next) => sql`(case when ${sofar} then ${next} else false end)`, shape)
}

function yearOf(groups: ReadonlyMap<string, number>, part: (group: number) => Sql): Sql {
  const [long, brief] = [groups.get('Y'), groups.get('y')]
  if (long !== undefined) return sql`cast(${part(long)} as integer)`
  if (brief === undefined) return sql`1900`
  const digits = sql`cast(${part(brief)} as integer)`
  return sql`(${digits} + case when ${digits} <= 68 then 2000 else 1900 end)`
}

function monthOf(groups: ReadonlyMap<string, number>, written: Sql): Sql {
  if (groups.has('m')) return sql`cast(${written} as integer)`
  return sql`((position(lower(substr(${written}, 1, 3)) in 'janfebmaraprmayjunjulaugsepoctnovdec') + 2) / 3)`
}

function lastDay(month: Sql, year: Sql): Sql {
  const leap = sql`(${year} % 4 = 0 and (${year} % 100 <> 0 or ${year} % 400 = 0))`
  return sql`case when ${month} = 2 then case when ${leap} then 29 else 28 end
    when ${month} in (4, 6, 9, 11) then 30 else 31 end`
}

function refused(format: string, letter: string, twice: boolean): MillraceError {
  const why = twice ? `holds %${letter} twice` : `holds %${letter}, which strptime does not have`
  return new MillraceError('EXPECTATION_INVALID', `the strftime_format ${JSON.stringify(format)} ${why}`, {
    hint: `Directives are ${[...Object.keys(DIRECTIVES), ...Object.keys(LOCAL), '%'].map((one) => `%${one}`).join(' ')}, each at most once.`,
  })
}
