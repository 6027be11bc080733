import { type Sql, sql, trusted } from '../../../../base/sql/index.ts'

// Text as a date or a timestamp, as Spark casts it (`SparkDateTimeUtils.stringToDate` and `parseTimestampString`).
// Nearly every text is in full ISO form, which DuckDB's own cast reads as fast as it can; only another one is taken
// apart by a regular expression.

/** How text that is no date ends: an error of Spark's, or null. */
export type NoDate = 'fail' | 'null'

const YEAR = '([+-]?\\d{4,6})'
const DATE = `${YEAR}(?:-(\\d{1,2})(?:-(\\d{1,2})(?:[ T].*)?)?)?`
const ZONE =
  '(Z|UTC|GMT|(?:UTC|GMT|UT)?[+-]\\d{1,2}(?::?\\d{1,2}(?::?\\d{1,2})?)?| ?[A-Za-z][A-Za-z_]+(?:/[A-Za-z0-9_+-]+)+)?'
const TIME = `(\\d{1,2}):(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d*))?)? ?${ZONE}`
const STAMP = `${YEAR}(?:-(\\d{1,2})(?:-(\\d{1,2})(?:[ T](?:${TIME})?)?)?)?`
const CLOCK = `T?${TIME}`

/** Text without the white space around it. */
function trimmed(text: Sql): Sql {
  return sql`trim(${text}, ${' \t\n\r\f\v'})`
}

/** A group of a regular expression as a number; `otherwise` where it is empty. */
function group(text: Sql, regex: string, at: number, otherwise: number): Sql {
  const found = sql`nullif(regexp_extract(${text}, ${`^${regex}$`}, ${trusted(String(at))}), '')`
  return sql`coalesce(cast(${found} as integer), ${trusted(String(otherwise))})`
}

function rest(text: Sql, to: string, noDate: NoDate): Sql {
  if (noDate === 'null') return sql`null`
  return sql`case when ${text} is not null then error('[CAST_INVALID_INPUT] The value ''' || ${text} || ''' cannot be cast to ${trusted(to)}') end`
}

/** Text as a date: `yyyy`, `yyyy-M`, `yyyy-M-d`, and behind a space or T anything. */
export function dateOfText(text: Sql, noDate: NoDate): Sql {
  const bare = trimmed(text)
  const made = sql`make_date(${group(bare, DATE, 1, 0)}, ${group(bare, DATE, 2, 1)}, ${group(bare, DATE, 3, 1)})`
  const tried = noDate === 'null' ? sql`try(${made})` : made
  const plain = noDate === 'null' ? sql`try_cast(${text} as date)` : sql`cast(${text} as date)`
  return sql`case when regexp_full_match(${text}, '\\d{4}-\\d\\d-\\d\\d') then ${plain} when regexp_full_match(${bare}, ${DATE}) then ${tried} else ${rest(text, 'DATE', noDate)} end`
}

/**
 * Text as what a clock shows, in UTC where it names a time zone (which is left out for a timestamp without zone):
 * a date of `dateOfText` and `H:m`, `H:m:s` or `H:m:s.S` of any number of digits; a time alone is one of today.
 */
export function clockOfText(text: Sql, kind: 'timestamp' | 'timestamp_ntz', noDate: NoDate): Sql {
  const isTry = noDate === 'null'
  const plain = isTry ? sql`try_cast(${text} as timestamp)` : sql`cast(${text} as timestamp)`
  const whole = "'\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?'"
  const bare = trimmed(text)
  const branch = (regex: string, first: number, date: readonly [Sql, Sql, Sql]): Sql => {
    const fraction = sql`cast(rpad(left(regexp_extract(${bare}, ${`^${regex}$`}, ${trusted(String(first + 3))}), 6), 6, '0') as integer)`
    const [hour, minute, second] = [0, 1, 2].map((i) => group(bare, regex, first + i, 0)) as [Sql, Sql, Sql]
    const [year, month, day] = date
    const made = sql`(make_timestamp(${year}, ${month}, ${day}, ${hour}, ${minute}, cast(${second} as double)) + to_microseconds(${fraction}))`
    const zone = sql`regexp_extract(${bare}, ${`^${regex}$`}, ${trusted(String(first + 4))})`
    const value = kind === 'timestamp_ntz' ? made : inUtc(made, zone)
    return sql`when regexp_full_match(${bare}, ${regex}) then ${isTry ? sql`try(${value})` : value}`
  }
  const dated = branch(STAMP, 4, [group(bare, STAMP, 1, 0), group(bare, STAMP, 2, 1), group(bare, STAMP, 3, 1)])
  const now = sql`make_timestamp(epoch_us(now()))`
  const today = ['year', 'month', 'day'].map((part) => sql`${trusted(part)}(${now})`) as [Sql, Sql, Sql]
  // A time alone is no timestamp without zone.
  const alone = kind === 'timestamp' ? sql` ${branch(CLOCK, 1, today)}` : sql``
  return sql`case when regexp_full_match(${text}, ${trusted(whole)}) then ${plain} ${dated}${alone} else ${rest(text, kind === 'timestamp' ? 'TIMESTAMP' : 'TIMESTAMP_NTZ', noDate)} end`
}

/** What a clock in UTC shows when one in a zone, by its name or offset, shows `wall`. */
function inUtc(wall: Sql, zone: Sql): Sql {
  const offset = '(?:UTC|GMT|UT)?([+-])(\\d{1,2})(?::?(\\d{1,2})(?::?(\\d{1,2}))?)?'
  const seconds = sql`(${group(zone, offset, 2, 0)} * 3600 + ${group(zone, offset, 3, 0)} * 60 + ${group(zone, offset, 4, 0)})`
  const sign = sql`case when contains(${zone}, '-') then 1 else -1 end`
  return sql`case when ${zone} in ('', 'Z', 'UTC', 'GMT') then ${wall} when regexp_full_match(${zone}, ${offset}) then ${wall} + to_seconds(${sign} * ${seconds}) else make_timestamp(epoch_us(timezone(trim(${zone}), ${wall}))) end`
}
