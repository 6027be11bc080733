import type { DataType } from '../../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { Column, named } from '../../column.ts'
import type { ColumnOrName, NamesOf, NeedsOf } from '../../column-types.ts'
import { define, type Form, onlyDuckDb, type Template } from '../define.ts'
import { moment, type NumberOrColumn, raised, takes } from '../math/math-argument.ts'
import { DATE, type ResultType, TIMESTAMP } from '../result-type.ts'
import { fromZone } from './date-zone.ts'
import { DAYS_INTERVAL, INTERVAL, MONTHS_INTERVAL } from './interval.ts'

const NTZ: ResultType<string | null> = { of: () => ({ kind: 'timestamp_ntz' }) }

/** A date of its year, month and day; fails where there is no such day. */
export const makeDate = Object.assign(
  <const A extends NumberOrColumn>(
    year: A,
    month: NumberOrColumn,
    day: NumberOrColumn,
  ): Column<string | null, string, NamesOf<A>, NeedsOf<A>> =>
    new Column({ kind: 'call', fn: 'make_date', args: [year, month, day].map(named) }),
  {
    definition: define(
      'make_date',
      { duckdb: takes(['integer'], 'make_date($1, $2, $3)'), postgres: 'make_date($i1, $i2, $i3)' },
      DATE,
    ),
  },
)

type Kind = 'timestamp' | 'timestamp_ntz'

const PARTS = ['integer', 'integer', 'integer', 'integer', 'integer', 'number', 'string'] as const

/** Six digits behind the point of a number of seconds, which is null where Spark's decimal would be. */
function secondsOf(of: Sql, type: DataType | undefined): Sql {
  const floating = type?.kind === 'double' || type?.kind === 'float'
  return sql`cast(cast(${floating ? sql`case when isfinite(${of}) then ${of} end` : of} as decimal(16,6)) * cast(1000000 as hugeint) as hugeint)`
}

/** A timestamp of its parts. 60 seconds are the next minute. */
function timestampOf(kind: Kind, isTry: boolean): Form {
  return takes(PARTS, ([year, month, day, ...rest], types) => {
    const [hour = ZERO, minute = ZERO, second = ZERO, zone] = rest
    const micros = secondsOf(second, types[5])
    const outside = sql`${micros} < 0 or ${micros} > 60000000`
    const start = sql`make_timestamp(${year}, ${month}, ${day}, ${hour}, ${minute}, 0e0)`
    const wall = sql`(${isTry ? sql`try(${start})` : start} + to_microseconds(cast(${micros} as bigint)))`
    const made = kind === 'timestamp_ntz' ? wall : zone === undefined ? moment(wall) : fromZone(wall, zone)
    const wrong = raised('DATETIME_FIELD_OUT_OF_BOUNDS', 'A second is from 0 to 60')
    return sql`case when ${outside} then ${isTry ? trusted('null') : wrong} else ${made} end`
  })
}
const ZERO = trusted('0')

function maker(fn: string, kind: Kind) {
  const build = <const A extends NumberOrColumn>(
    years: A,
    months: NumberOrColumn,
    days: NumberOrColumn,
    hours: NumberOrColumn,
    mins: NumberOrColumn,
    secs: NumberOrColumn,
    timezone?: ColumnOrName,
  ): Column<string | null, string, NamesOf<A>, NeedsOf<A>> => {
    const parts = [years, months, days, hours, mins, secs, ...(timezone === undefined ? [] : [timezone])]
    return new Column({ kind: 'call', fn, args: parts.map(named) })
  }
  return Object.assign(build, {
    definition: define(
      fn,
      onlyDuckDb(timestampOf(kind, fn.startsWith('try_')), 'Use make_timestamp of PostgreSQL by expr("…").'),
      kind === 'timestamp' ? TIMESTAMP : NTZ,
    ),
  })
}

/** A moment of what a clock shows in a time zone, UTC when none is given; fails where there is no such time. */
export const makeTimestamp = maker('make_timestamp', 'timestamp')
/** The same as `makeTimestamp`. */
export const makeTimestampLtz = maker('make_timestamp_ltz', 'timestamp')
/** A timestamp without zone; fails where there is no such time. */
export const makeTimestampNtz = maker('make_timestamp_ntz', 'timestamp_ntz')
/** `makeTimestamp`, null where there is no such time. */
export const tryMakeTimestamp = maker('try_make_timestamp', 'timestamp')
/** `makeTimestampLtz`, null where there is no such time. */
export const tryMakeTimestampLtz = maker('try_make_timestamp_ltz', 'timestamp')
/** `makeTimestampNtz`, null where there is no such time. */
export const tryMakeTimestampNtz = maker('try_make_timestamp_ntz', 'timestamp_ntz')

/** A constant 0 in place of each part that is left out before the last one given. */
function partsOf(parts: readonly (NumberOrColumn | undefined)[]): NumberOrColumn[] {
  const last = parts.findLastIndex((part) => part !== undefined)
  return parts.slice(0, last + 1).map((part) => part ?? 0)
}

/** Months and what is shorter, whose product or sum fails when it is too great for Spark's interval. */
function monthsOf(years: Sql, months: Sql): Sql {
  return sql`to_months(cast(cast(${years} as bigint) * 12 + ${months} as integer))`
}
function microsOf(parts: readonly (readonly [of: Sql | undefined, micros: number])[], seconds: Sql | undefined): Sql {
  const whole = parts.flatMap(([of, micros]) => (of ? [sql`cast(${of} as bigint) * ${trusted(String(micros))}`] : []))
  const rest = seconds ? [sql`cast(cast(${seconds} as decimal(18,6)) * 1000000 as bigint)`] : []
  const all = [...whole, ...rest]
  return sql`to_microseconds(${all.length === 0 ? trusted('0') : all.reduce((sum, one) => sql`${sum} + ${one}`)})`
}

const HOUR = 3_600_000_000
const MINUTE = 60_000_000
const NO_INTERVAL = 'Use make_interval of PostgreSQL by expr("…").'

const interval: Form = takes(['integer', 'integer', 'integer', 'integer', 'integer', 'integer', 'number'], (args) => {
  const [years, months, weeks, days, hours, mins, secs] = args as readonly (Sql | undefined)[]
  const zero = trusted('0')
  const long = sql`to_days(cast(cast(${weeks ?? zero} as bigint) * 7 + ${days ?? zero} as integer))`
  return sql`(${monthsOf(years ?? zero, months ?? zero)} + ${long} + ${microsOf(
    [
      [hours, HOUR],
      [mins, MINUTE],
    ],
    secs,
  )})`
})

function intervalMaker(fn: string, form: Template) {
  const build = (
    years?: NumberOrColumn,
    months?: NumberOrColumn,
    weeks?: NumberOrColumn,
    days?: NumberOrColumn,
    hours?: NumberOrColumn,
    mins?: NumberOrColumn,
    secs?: NumberOrColumn,
    // biome-ignore lint/suspicious/noExplicitAny: an interval has no type of its own
  ): Column<any, string> =>
    new Column({ kind: 'call', fn, args: partsOf([years, months, weeks, days, hours, mins, secs]).map(named) })
  return Object.assign(build, { definition: define(fn, onlyDuckDb(form, NO_INTERVAL), INTERVAL) })
}
/** An interval of its parts, each of which may be left out. */
export const makeInterval = intervalMaker('make_interval', interval)
/** `makeInterval`, null where a part is too great. */
export const tryMakeInterval = intervalMaker(
  'try_make_interval',
  (args, types, call) => sql`try(${interval(args, types, call)})`,
)

/** An interval of days, hours, minutes and seconds, each of which may be left out. */
export const makeDtInterval = Object.assign(
  (
    days?: NumberOrColumn,
    hours?: NumberOrColumn,
    mins?: NumberOrColumn,
    secs?: NumberOrColumn,
    // biome-ignore lint/suspicious/noExplicitAny: an interval has no type of its own
  ): Column<any, string> =>
    new Column({ kind: 'call', fn: 'make_dt_interval', args: partsOf([days, hours, mins, secs]).map(named) }),
  {
    definition: define(
      'make_dt_interval',
      onlyDuckDb(
        takes(['integer', 'integer', 'integer', 'number'], (args) => {
          const [days, hours, mins, secs] = args as readonly (Sql | undefined)[]
          return microsOf(
            [
              [days, 24 * HOUR],
              [hours, HOUR],
              [mins, MINUTE],
            ],
            secs,
          )
        }),
        NO_INTERVAL,
      ),
      DAYS_INTERVAL,
    ),
  },
)
/** An interval of years and months, each of which may be left out. */
export const makeYmInterval = Object.assign(
  // biome-ignore lint/suspicious/noExplicitAny: an interval has no type of its own
  (years?: NumberOrColumn, months?: NumberOrColumn): Column<any, string> =>
    new Column({ kind: 'call', fn: 'make_ym_interval', args: partsOf([years, months]).map(named) }),
  {
    definition: define(
      'make_ym_interval',
      onlyDuckDb(
        takes(['integer'], (args) => {
          const [years, months] = args as readonly (Sql | undefined)[]
          return monthsOf(years ?? trusted('0'), months ?? trusted('0'))
        }),
        NO_INTERVAL,
      ),
      MONTHS_INTERVAL,
    ),
  },
)
