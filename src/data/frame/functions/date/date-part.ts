import type { DataType } from '../../../../base/kernel/index.ts'
import { MillraceError } from '../../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { Column, named, operand } from '../../column.ts'
import type { ColumnOrName, NamesOf, NeedsOf } from '../../column-types.ts'
import { constantOf } from '../../dialect/constant.ts'
import { define, type Forms, onlyDuckDb, type TemplateArgs, unary } from '../define.ts'
import { takes, wantedAs } from '../math/math-argument.ts'
import { INTEGER, type ResultType, STRING } from '../result-type.ts'

// Parts of dates and times. A moment's are those in UTC, the time zone of every session.

/** A part of a day: of a date, a moment's day, or text that is a date. */
function ofDay(duckdb: string, postgres: string): Forms {
  return {
    duckdb: takes(['date'], `cast(${duckdb} as integer)`),
    postgres: `cast(extract(${postgres} from $w1) as integer)`,
  }
}
/** A part of the time of day. */
function time(part: string): Forms {
  return {
    duckdb: takes(['clock'], `cast(${part}($1) as integer)`),
    // PostgreSQL's seconds have a fraction, which a cast would round.
    postgres: `cast(trunc(extract(${part} from $w1)) as integer)`,
  }
}

export const year = unary('year', ofDay('year($1)', 'year'), INTEGER)
export const quarter = unary('quarter', ofDay('quarter($1)', 'quarter'), INTEGER)
export const month = unary('month', ofDay('month($1)', 'month'), INTEGER)
/** ISO 8601's week. */
export const weekofyear = unary('weekofyear', ofDay('week($1)', 'week'), INTEGER)
/** The same as `weekofyear`. */
export const weekOfYear = weekofyear
/** 1 (Sunday) to 7 (Saturday). */
export const dayofweek = unary(
  'dayofweek',
  {
    duckdb: takes(['date'], 'cast(dayofweek($1) + 1 as integer)'),
    postgres: 'cast(extract(dow from $w1) + 1 as integer)',
  },
  INTEGER,
)
/** The same as `dayofweek`. */
export const dayOfWeek = dayofweek
/** 0 (Monday) to 6 (Sunday). */
export const weekday = unary(
  'weekday',
  {
    duckdb: takes(['date'], 'cast(isodow($1) - 1 as integer)'),
    postgres: 'cast(extract(isodow from $w1) - 1 as integer)',
  },
  INTEGER,
)
export const dayofmonth = unary('dayofmonth', ofDay('day($1)', 'day'), INTEGER)
/** The same as `dayofmonth`. */
export const dayOfMonth = dayofmonth
/** The day of the month. */
export const day = unary('day', ofDay('day($1)', 'day'), INTEGER)
export const dayofyear = unary('dayofyear', ofDay('dayofyear($1)', 'doy'), INTEGER)
/** The same as `dayofyear`. */
export const dayOfYear = dayofyear
export const hour = unary('hour', time('hour'), INTEGER)
export const minute = unary('minute', time('minute'), INTEGER)
export const second = unary('second', time('second'), INTEGER)
/** The day of the week in three letters: `Mon`. */
export const dayname = unary(
  'dayname',
  { duckdb: takes(['date'], "strftime($1, '%a')"), postgres: "to_char($w1, 'Dy')" },
  STRING,
)
/** The month in three letters: `Jan`. */
export const monthname = unary(
  'monthname',
  { duckdb: takes(['date'], "strftime($1, '%b')"), postgres: "to_char($w1, 'Mon')" },
  STRING,
)

type Field =
  | 'year'
  | 'yearofweek'
  | 'quarter'
  | 'month'
  | 'week'
  | 'day'
  | 'dayofweek'
  | 'isodow'
  | 'doy'
  | 'hour'
  | 'minute'
  | 'second'

const FIELDS: Readonly<Record<string, Field>> = {
  year: 'year', y: 'year', years: 'year', yr: 'year', yrs: 'year', yearofweek: 'yearofweek', quarter: 'quarter', qtr: 'quarter',
  month: 'month', mon: 'month', mons: 'month', months: 'month', week: 'week', w: 'week', weeks: 'week', day: 'day', d: 'day',
  days: 'day', dayofweek: 'dayofweek', dow: 'dayofweek', dayofweek_iso: 'isodow', dow_iso: 'isodow', doy: 'doy', hour: 'hour',
  h: 'hour', hours: 'hour', hr: 'hour', hrs: 'hour', minute: 'minute', m: 'minute', min: 'minute', mins: 'minute',
  minutes: 'minute', second: 'second', s: 'second', sec: 'second', secs: 'second', seconds: 'second',
} // biome-ignore format: a table

function fieldOf(of: Sql | undefined): Field {
  const written = constantOf(of)
  const field = typeof written === 'string' ? FIELDS[written.toLowerCase()] : undefined
  if (field) return field
  throw new MillraceError('OPTION_INVALID', `"${written ?? 'a computed value'}" is no part of a date or time`, {
    hint: `Parts are constants: ${Object.keys(FIELDS).join(', ')}.`,
  })
}

/** A whole number; of seconds a decimal with six digits; of the smaller parts of an interval a byte. */
// biome-ignore lint/suspicious/noExplicitAny: a number, or a decimal's text
const PART: ResultType<any> = {
  of: ([, type], args) => {
    const field = fieldOf(args?.[0])
    if (field === 'second') return { kind: 'decimal', precision: 8, scale: 6 }
    const small = type?.kind === 'interval' && ['month', 'quarter', 'hour', 'minute'].includes(field)
    return { kind: small ? 'byte' : 'integer' }
  },
}

function part([field, of]: TemplateArgs, [, type]: readonly (DataType | undefined)[]): Sql {
  const name = fieldOf(field)
  if (type?.kind === 'interval') return partOfInterval(name, of)
  if (name === 'second') return sql`cast(microsecond(${wantedAs(of, type, 'clock')}) / 1000000e0 as decimal(8,6))`
  if (name === 'hour' || name === 'minute')
    return sql`cast(${trusted(name)}(${wantedAs(of, type, 'clock')}) as integer)`
  const date = wantedAs(of, type, 'date')
  if (name === 'dayofweek') return sql`cast(dayofweek(${date}) + 1 as integer)`
  const by = { yearofweek: 'isoyear', doy: 'dayofyear' }[name as 'doy'] ?? name
  return sql`cast(${trusted(by)}(${date}) as integer)`
}

/** Months and days stand apart in an interval; what is shorter is counted in microseconds. */
function partOfInterval(name: Field, of: Sql): Sql {
  const months = sql`(year(${of}) * 12 + month(${of}))`
  const micros = sql`epoch_us(${of} - to_months(cast(${months} as integer)))`
  switch (name) {
    case 'year':
      return sql`cast(year(${of}) as integer)`
    case 'month':
      return sql`cast(month(${of}) as tinyint)`
    case 'day':
      return sql`cast(${micros} // 86400000000 as integer)`
    case 'hour':
      return sql`cast(${micros} // 3600000000 % 24 as tinyint)`
    case 'minute':
      return sql`cast(${micros} // 60000000 % 60 as tinyint)`
    case 'second':
      return sql`cast((${micros} % 60000000) / 1000000e0 as decimal(8,6))`
    default:
      throw new MillraceError('OPTION_INVALID', `an interval has no part "${name}"`, {
        hint: 'Parts of an interval are year, month, day, hour, minute and second.',
      })
  }
}

function partBuilder(fn: string) {
  const build = <const A extends ColumnOrName>(
    field: string | Column,
    source: A,
    // biome-ignore lint/suspicious/noExplicitAny: an interval has no type of its own
  ): Column<any, string, NamesOf<A>, NeedsOf<A>> =>
    new Column({ kind: 'call', fn, args: [operand(field), named(source)] })
  return Object.assign(build, {
    definition: define(fn, onlyDuckDb(part, 'Use year(), month() and the like.'), PART),
  })
}

/** A part of a date, a time or an interval by its name: `extract('year', 'day')`. */
export const extract = partBuilder('extract')
/** The same as `extract`. */
export const datePart = partBuilder('date_part')
/** The same as `extract`. */
export const datepart = partBuilder('datepart')
