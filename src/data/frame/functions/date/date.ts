import { type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { Column, named, operand } from '../../column.ts'
import type { ColumnOrName, NamesOf, NeedsOf } from '../../column-types.ts'
import { constantOf } from '../../dialect/constant.ts'
import { postgresCast } from '../../dialect/postgres-cast.ts'
import { binary, define, everywhere, nullary, onlyDuckDb, type TemplateArgs, unary } from '../define.ts'
import { moment, raised, takes } from '../math/math-argument.ts'
import { DATE, DOUBLE, INTEGER, type ResultType, STRING, TIMESTAMP } from '../result-type.ts'

const NTZ: ResultType<string | null> = { of: () => ({ kind: 'timestamp_ntz' }) }

const TODAY = {
  duckdb: 'cast(make_timestamp(epoch_us(now())) as date)',
  postgres: "cast(now() at time zone 'UTC' as date)",
}
/** The day the query runs, in UTC. */
export const currentDate = nullary('current_date', TODAY, DATE)
/** The same as `currentDate`. */
export const curdate = nullary('curdate', TODAY, DATE)
/** The moment the query starts. */
export const currentTimestamp = nullary('current_timestamp', everywhere('now()'), TIMESTAMP)
/** The same as `currentTimestamp`. */
export const now = nullary('now', everywhere('now()'), TIMESTAMP)
/** What a clock in UTC shows when the query starts. */
export const localtimestamp = nullary(
  'localtimestamp',
  { duckdb: 'make_timestamp(epoch_us(now()))', postgres: "(now() at time zone 'UTC')" },
  NTZ,
)
/** The time zone of the session, which is UTC always. */
export const currentTimezone = nullary('current_timezone', everywhere("'UTC'"), STRING)

export const dateAdd = binary(
  'date_add',
  { duckdb: takes(['date', 'days'], '($1 + $2)'), postgres: '($d1 + $i2)' },
  DATE,
)
/** The same as `dateAdd`. */
export const dateadd = binary(
  'dateadd',
  { duckdb: takes(['date', 'days'], '($1 + $2)'), postgres: '($d1 + $i2)' },
  DATE,
)
export const dateSub = binary(
  'date_sub',
  { duckdb: takes(['date', 'days'], '($1 - $2)'), postgres: '($d1 - $i2)' },
  DATE,
)
const DAYS = { duckdb: takes(['date'], 'cast($1 - $2 as integer)'), postgres: '($d1 - $d2)' }
/** Days from the second date to the first. */
export const datediff = binary('datediff', DAYS, INTEGER)
/** The same as `datediff`. */
export const dateDiff = binary('date_diff', DAYS, INTEGER)
/** The day that many months later, or the last of that month when it is shorter. */
export const addMonths = binary(
  'add_months',
  {
    duckdb: takes(['date', 'integer'], 'cast($1 + to_months($2) as date)'),
    postgres: 'cast($d1 + make_interval(months => $i2) as date)',
  },
  DATE,
)

function monthsBuilder<const A extends ColumnOrName, const B extends ColumnOrName>(
  end: A,
  start: B,
  roundOff = true,
): Column<number | null, string, NamesOf<A> | NamesOf<B>, NeedsOf<A> & NeedsOf<B>> {
  return new Column({ kind: 'call', fn: 'months_between', args: [named(end), named(start), operand(roundOff)] })
}
/**
 * Months from the second to the first, in fractions of 31 days, whole when the days are equal or both the last;
 * rounded to eight digits unless `roundOff` is false.
 */
export const monthsBetween = Object.assign(monthsBuilder, {
  definition: define(
    'months_between',
    {
      duckdb: takes(['wall', 'wall', 'any'], (args) => {
        const [one, two, ...rest] = args
        const months = sql`cast(date_diff('month', date_trunc('month', ${two}), date_trunc('month', ${one})) as double)`
        const last = (of: Sql) => sql`last_day(${of}) = cast(${of} as date)`
        const seconds = (of: Sql) =>
          sql`((day(${of}) - 1) * 86400 + (epoch_us(${of}) - epoch_us(date_trunc('day', ${of}))) // 1000000)`
        const exact = sql`${months} + (${seconds(one)} - ${seconds(two)}) / 2678400e0`
        const whole = sql`day(${one}) = day(${two}) or (${last(one)} and ${last(two)})`
        const exactly = isFalse(rest[0])
        const result = exactly ? exact : sql`floor((${exact}) * 1e8 + 0.5e0) / 1e8`
        return sql`case when ${whole} then ${months} else ${result} end`
      }),
      postgres: (args, [one, two], call) =>
        isFalse(args[2])
          ? call.refuse('without rounding')
          : months(
              postgresCast({ sql: args[0], type: one }, { kind: 'timestamp_ntz' }, false),
              postgresCast({ sql: args[1], type: two }, { kind: 'timestamp_ntz' }, false),
            ),
    },
    DOUBLE,
  ),
})

function isFalse(of: Sql | undefined): boolean {
  return of?.parts.some((part) => 'value' in part && part.value === false) === true
}

function months(one: Sql, two: Sql): Sql {
  const number = (of: Sql) => sql`(extract(year from ${of}) * 12 + extract(month from ${of}))`
  const start = (of: Sql) => sql`date_trunc('month', ${of})`
  const isLast = (of: Sql) => sql`${start(of)} + interval '1 month - 1 day' = date_trunc('day', ${of})`
  const seconds = (of: Sql) => sql`floor(extract(epoch from ${of} - ${start(of)}))`
  return sql`cast(${number(one)} - ${number(two)} + case when extract(day from ${one}) = extract(day from ${two}) or (${isLast(one)} and ${isLast(two)}) then 0 else round((${seconds(one)} - ${seconds(two)}) / 2678400.0, 8) end as double precision)`
}

export const lastDay = unary(
  'last_day',
  {
    duckdb: takes(['date'], 'last_day($1)'),
    postgres: "cast(date_trunc('month', cast($d1 as timestamp)) + interval '1 month - 1 day' as date)",
  },
  DATE,
)

const NO_DAY = sql`cast(${raised('ILLEGAL_DAY_OF_WEEK', 'Illegal input for day of week')} as integer)`
const WEEK_DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** The first day after that is the day of the week: `'Mon'`, `'Monday'` or `'MO'`. */
export const nextDay = Object.assign(
  <const A extends ColumnOrName>(
    column: A,
    dayOfWeek: string | Column,
  ): Column<string | null, string, NamesOf<A>, NeedsOf<A>> =>
    new Column({ kind: 'call', fn: 'next_day', args: [named(column), operand(dayOfWeek)] }),
  { definition: define('next_day', onlyDuckDb(takes(['date', 'string'], nextDayOf), ''), DATE) },
)

function nextDayOf([of, name]: TemplateArgs): Sql {
  const constant = constantOf(name)
  const number = (written: string) =>
    WEEK_DAYS.findIndex((one) => [one, one.slice(0, 3), one.slice(0, 2)].includes(written)) + 1
  const next = (target: Sql) => sql`(${of} + cast((${target} - isodow(${of}) + 6) % 7 + 1 as integer))`
  if (typeof constant === 'string') {
    const found = number(constant.toLowerCase())
    if (found > 0) return next(trusted(String(found)))
    return sql`(${of} + case when ${of} is not null then ${NO_DAY} end)`
  }
  const cases = WEEK_DAYS.map(
    (one, i) =>
      sql` when lower(${name}) in (${one}, ${one.slice(0, 3)}, ${one.slice(0, 2)}) then ${trusted(String(i + 1))}`,
  )
  const target = sql`(case${cases.reduce((all, one) => sql`${all}${one}`)} when ${name} is not null then ${NO_DAY} end)`
  return next(target)
}

const DATE_UNITS: Readonly<Record<string, string>> = {
  year: 'year', yyyy: 'year', yy: 'year', quarter: 'quarter', month: 'month', mon: 'month', mm: 'month', week: 'week',
} // biome-ignore format: a table
const TIME_UNITS: Readonly<Record<string, string>> = {
  ...DATE_UNITS, day: 'day', dd: 'day', hour: 'hour', minute: 'minute', second: 'second', millisecond: 'millisecond',
  microsecond: 'microsecond',
} // biome-ignore format: a table

/** The unit that a constant names; undefined for null or another text, of which Spark makes null. */
function unitOf(of: Sql, units: Readonly<Record<string, string>>, refuse: (why: string) => never): string | undefined {
  const [part] = of.parts
  if (part && 'text' in part && part.text === 'null') return undefined
  const written = constantOf(of)
  if (typeof written !== 'string') return refuse('by a unit that is no constant')
  return Object.hasOwn(units, written.toLowerCase()) ? units[written.toLowerCase()] : undefined
}

/** The date at the start of its `unit`: `'year'`, `'quarter'`, `'month'`, `'week'`; null for another unit. */
export const trunc = Object.assign(
  <const A extends ColumnOrName>(column: A, unit: string): Column<string | null, string, NamesOf<A>, NeedsOf<A>> =>
    new Column({ kind: 'call', fn: 'trunc', args: [named(column), operand(unit)] }),
  {
    definition: define(
      'trunc',
      {
        duckdb: takes(['date', 'any'], ([of, unit], _types, call) => {
          const name = unitOf(unit, DATE_UNITS, call.refuse)
          return name === undefined ? sql`cast(null as date)` : sql`cast(date_trunc(${name}, ${of}) as date)`
        }),
        postgres: ([of, unit], [type], call) => {
          const name = unitOf(unit, DATE_UNITS, call.refuse)
          const date = postgresCast({ sql: of, type }, { kind: 'date' }, false)
          return name === undefined
            ? sql`cast(null as date)`
            : sql`cast(date_trunc(${name}, cast(${date} as timestamp)) as date)`
        },
      },
      DATE,
    ),
  },
)

/**
 * The moment at the start of its `unit`: one of `trunc`'s, `'day'`, `'hour'`, `'minute'`, `'second'`, `'millisecond'`
 * or `'microsecond'`; null for another unit. The unit comes first, as in PySpark.
 */
export const dateTrunc = Object.assign(
  <const A extends ColumnOrName>(unit: string, column: A): Column<string | null, string, NamesOf<A>, NeedsOf<A>> =>
    new Column({ kind: 'call', fn: 'date_trunc', args: [operand(unit), named(column)] }),
  {
    definition: define(
      'date_trunc',
      {
        duckdb: takes(['any', 'wall'], ([unit, of], _types, call) => {
          const name = unitOf(unit, TIME_UNITS, call.refuse)
          if (name === undefined) return sql`cast(null as timestamptz)`
          return name === 'microsecond' ? moment(of) : moment(sql`date_trunc(${name}, ${of})`)
        }),
        postgres: ([unit, of], [, type], call) => {
          const name = unitOf(unit, TIME_UNITS, call.refuse)
          const wall = postgresCast({ sql: of, type }, { kind: 'timestamp_ntz' }, false)
          return name === undefined
            ? sql`cast(null as timestamptz)`
            : sql`(date_trunc(${name}, ${wall}) at time zone 'UTC')`
        },
      },
      TIMESTAMP,
    ),
  },
)
