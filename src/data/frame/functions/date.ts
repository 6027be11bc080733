import { MillraceError } from '../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { Column, type ColumnOrName, type NamesOf, named, operand } from '../column.ts'
import { strftimePattern } from './date-pattern.ts'
import { binary, define, leading, nullary, type TemplateArgs, unary } from './define.ts'
import { DATE, DOUBLE, INTEGER, LONG, type ResultType, STRING, TIMESTAMP } from './result-type.ts'

/** The day the query runs, in UTC. */
export const currentDate = nullary('current_date', "cast(now() at time zone 'UTC' as date)", DATE)
/** The moment the query starts. */
export const currentTimestamp = nullary('current_timestamp', 'now()', TIMESTAMP)
export const year = unary('year', part('year'), INTEGER)
export const quarter = unary('quarter', part('quarter'), INTEGER)
export const month = unary('month', part('month'), INTEGER)
/** ISO 8601's week. */
export const weekOfYear = unary('weekofyear', part('week'), INTEGER)
/** 1 (Sunday) to 7 (Saturday). */
export const dayOfWeek = unary('dayofweek', "cast(date_part('dow', cast($1 as timestamp)) + 1 as integer)", INTEGER)
/** 0 (Monday) to 6 (Sunday). */
export const weekday = unary('weekday', "cast(date_part('isodow', cast($1 as timestamp)) - 1 as integer)", INTEGER)
export const dayOfMonth = unary('dayofmonth', part('day'), INTEGER)
export const dayOfYear = unary('dayofyear', part('doy'), INTEGER)
export const hour = unary('hour', part('hour'), INTEGER)
export const minute = unary('minute', part('minute'), INTEGER)
export const second = unary('second', part('second'), INTEGER)

function part(name: string): string {
  return `cast(date_part('${name}', cast($1 as timestamp)) as integer)`
}

export const dateAdd = binary('date_add', '(cast($1 as date) + cast($2 as integer))', DATE)
export const dateSub = binary('date_sub', '(cast($1 as date) - cast($2 as integer))', DATE)
/** Days from the second date to the first. */
export const dateDiff = binary('datediff', 'cast(cast($1 as date) - cast($2 as date) as integer)', INTEGER)
export const addMonths = binary('add_months', 'cast(cast($1 as date) + to_months(cast($2 as integer)) as date)', DATE)
/** Months from the second to the first, in fractions of 31 days, whole when the days are equal or both the last. */
export const monthsBetween = binary(
  'months_between',
  ([a, b]) => {
    const one = sql`cast(${a} as timestamp)`
    const two = sql`cast(${b} as timestamp)`
    return sql`(date_diff('month', date_trunc('month', ${two}), date_trunc('month', ${one})) + case when day(${one}) = day(${two}) or (last_day(${one}) = cast(${one} as date) and last_day(${two}) = cast(${two} as date)) then 0 else round((epoch(${one} - date_trunc('month', ${one})) - epoch(${two} - date_trunc('month', ${two}))) / 2678400.0, 8) end)`
  },
  DOUBLE,
)
export const lastDay = unary('last_day', 'last_day(cast($1 as date))', DATE)

const UNITS: Record<string, string> = {
  year: 'year', yyyy: 'year', yy: 'year', quarter: 'quarter', month: 'month', mon: 'month', mm: 'month', week: 'week',
  day: 'day', dd: 'day', hour: 'hour', minute: 'minute', second: 'second', millisecond: 'milliseconds',
} // biome-ignore format: a table

function unit(written: string): string {
  const found = UNITS[written.toLowerCase()]
  if (found !== undefined) return found
  throw new MillraceError('OPTION_INVALID', `"${written}" is not a unit of time`, {
    hint: `Units are ${Object.keys(UNITS).join(', ')}.`,
  })
}

/** The date at the start of its `unit`: `'year'`, `'quarter'`, `'month'`, `'week'`. */
function truncBuilder<const A extends ColumnOrName>(
  column: A,
  unitName: string,
): Column<string | null, string, NamesOf<A>> {
  return new Column({ kind: 'call', fn: 'trunc', args: [named(column), operand(unit(unitName))] })
}
export const trunc = Object.assign(truncBuilder, {
  definition: define('trunc', 'cast(date_trunc($2, cast($1 as date)) as date)', DATE),
})

/** The moment at the start of its `unit`; the unit comes first, as in PySpark. */
function dateTruncBuilder<const A extends ColumnOrName>(
  unitName: string,
  column: A,
): Column<string | null, string, NamesOf<A>> {
  return new Column({ kind: 'call', fn: 'date_trunc', args: [operand(unit(unitName)), named(column)] })
}
export const dateTrunc = Object.assign(dateTruncBuilder, {
  definition: define('date_trunc', 'cast(date_trunc($1, cast($2 as timestamp)) as timestamptz)', TIMESTAMP),
})

/** Text by a pattern such as `'yyyy-MM-dd'`. */
export const dateFormat = withPattern(
  'date_format',
  STRING,
  (of, format) => sql`strftime(cast(${of} as timestamp), ${format ?? sql`'%Y-%m-%d'`})`,
)

/** A date of a timestamp, or of text in ISO form or by a pattern; null where the text is none. */
export const toDate = withPattern('to_date', DATE, (of, format) =>
  format ? sql`cast(try_strptime(${of}, ${format}) as date)` : sql`try_cast(${of} as date)`,
)
/** A moment of text in ISO form or by a pattern, read as UTC when it names no zone; null where the text is none. */
export const toTimestamp = withPattern('to_timestamp', TIMESTAMP, (of, format) =>
  format ? sql`cast(try_strptime(${of}, ${format}) as timestamptz)` : sql`try_cast(${of} as timestamptz)`,
)
/** Seconds since 1970 of a moment, or of text by a pattern. */
export const unixTimestamp = withPattern('unix_timestamp', LONG, (of, format) =>
  format
    ? sql`cast(epoch(try_strptime(${of}, ${format})) as bigint)`
    : sql`cast(epoch(cast(${of} as timestamptz)) as bigint)`,
)
/** Text of seconds since 1970, as UTC. */
export const fromUnixtime = withPattern('from_unixtime', STRING, (of, format) => {
  return sql`strftime(make_timestamp(cast(${of} as bigint) * 1000000), ${format ?? trusted("'%Y-%m-%d %H:%M:%S'")})`
})
/** A moment of seconds since 1970. */
export const timestampSeconds = unary('timestamp_seconds', 'to_timestamp($1)', TIMESTAMP)
export const makeDate = leading<[month: number | Column, day: number | Column]>()(
  'make_date',
  'make_date(cast($1 as bigint), cast($2 as bigint), cast($3 as bigint))',
  DATE,
)

/** A function of a column and an optional date pattern of Spark's. */
function withPattern<R>(name: string, result: ResultType<R>, duckdb: (of: Sql, format?: Sql) => Sql) {
  const build = <const A extends ColumnOrName>(column: A, pattern?: string): Column<R, string, NamesOf<A>> => {
    if (pattern !== undefined) strftimePattern(pattern)
    const args = pattern === undefined ? [named(column)] : [named(column), operand(pattern)]
    return new Column({ kind: 'call', fn: name, args })
  }
  const template = (args: TemplateArgs): Sql =>
    duckdb(args[0], args.length > 1 ? sql`${strftimePattern(textOf(args[1]))}` : undefined)
  return Object.assign(build, { definition: define(name, template, result) })
}

/** The constant text a piece of SQL was made of. */
function textOf(piece: Sql): string {
  for (const one of piece.parts) if ('value' in one && typeof one.value === 'string') return one.value
  throw new MillraceError('OPTION_INVALID', 'a date pattern must be a constant text')
}
