import { type DataType, MillraceError } from '../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { Column, type ColumnOrName, type NamesOf, named, operand } from '../column.ts'
import { constantOf } from '../dialect/constant.ts'
import { postgresCast } from '../dialect/postgres-cast.ts'
import { parsedByPattern, toCharPattern } from '../dialect/postgres-date-pattern.ts'
import { strftimePattern } from './date-pattern.ts'
import {
  binary,
  type Call,
  define,
  everywhere,
  leading,
  nullary,
  type Template,
  type TemplateArgs,
  unary,
} from './define.ts'
import { DATE, DOUBLE, INTEGER, LONG, type ResultType, STRING, TIMESTAMP } from './result-type.ts'

/** The day the query runs, in UTC. */
export const currentDate = nullary('current_date', everywhere("cast(now() at time zone 'UTC' as date)"), DATE)
/** The moment the query starts. */
export const currentTimestamp = nullary('current_timestamp', everywhere('now()'), TIMESTAMP)
export const year = unary('year', part('year'), INTEGER)
export const quarter = unary('quarter', part('quarter'), INTEGER)
export const month = unary('month', part('month'), INTEGER)
/** ISO 8601's week. */
export const weekOfYear = unary('weekofyear', part('week'), INTEGER)
/** 1 (Sunday) to 7 (Saturday). */
export const dayOfWeek = unary(
  'dayofweek',
  {
    duckdb: "cast(date_part('dow', cast($1 as timestamp)) + 1 as integer)",
    postgres: 'cast(extract(dow from $w1) + 1 as integer)',
  },
  INTEGER,
)
/** 0 (Monday) to 6 (Sunday). */
export const weekday = unary(
  'weekday',
  {
    duckdb: "cast(date_part('isodow', cast($1 as timestamp)) - 1 as integer)",
    postgres: 'cast(extract(isodow from $w1) - 1 as integer)',
  },
  INTEGER,
)
export const dayOfMonth = unary('dayofmonth', part('day'), INTEGER)
export const dayOfYear = unary('dayofyear', part('doy'), INTEGER)
export const hour = unary('hour', part('hour'), INTEGER)
export const minute = unary('minute', part('minute'), INTEGER)
export const second = unary('second', part('second'), INTEGER)

function part(name: string) {
  return {
    duckdb: `cast(date_part('${name}', cast($1 as timestamp)) as integer)`,
    // PostgreSQL's seconds have a fraction, which a cast would round.
    postgres: `cast(trunc(extract(${name} from $w1)) as integer)`,
  }
}

export const dateAdd = binary(
  'date_add',
  { duckdb: '(cast($1 as date) + cast($2 as integer))', postgres: '($d1 + $i2)' },
  DATE,
)
export const dateSub = binary(
  'date_sub',
  { duckdb: '(cast($1 as date) - cast($2 as integer))', postgres: '($d1 - $i2)' },
  DATE,
)
/** Days from the second date to the first. */
export const dateDiff = binary(
  'datediff',
  { duckdb: 'cast(cast($1 as date) - cast($2 as date) as integer)', postgres: '($d1 - $d2)' },
  INTEGER,
)
export const addMonths = binary(
  'add_months',
  {
    duckdb: 'cast(cast($1 as date) + to_months(cast($2 as integer)) as date)',
    postgres: 'cast($d1 + make_interval(months => $i2) as date)',
  },
  DATE,
)
/** Months from the second to the first, in fractions of 31 days, whole when the days are equal or both the last. */
export const monthsBetween = binary(
  'months_between',
  {
    duckdb: ([a, b]) => {
      const one = sql`cast(${a} as timestamp)`
      const two = sql`cast(${b} as timestamp)`
      return sql`(date_diff('month', date_trunc('month', ${two}), date_trunc('month', ${one})) + case when day(${one}) = day(${two}) or (last_day(${one}) = cast(${one} as date) and last_day(${two}) = cast(${two} as date)) then 0 else round((epoch(${one} - date_trunc('month', ${one})) - epoch(${two} - date_trunc('month', ${two}))) / 2678400.0, 8) end)`
    },
    postgres: ([a, b], [one, two]) => months(wallClock(a, one), wallClock(b, two)),
  },
  DOUBLE,
)
export const lastDay = unary(
  'last_day',
  {
    duckdb: 'last_day(cast($1 as date))',
    postgres: "cast(date_trunc('month', cast($d1 as timestamp)) + interval '1 month - 1 day' as date)",
  },
  DATE,
)

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
  definition: define(
    'trunc',
    {
      duckdb: 'cast(date_trunc($2, cast($1 as date)) as date)',
      postgres: 'cast(date_trunc($2, cast($d1 as timestamp)) as date)',
    },
    DATE,
  ),
})

/** The moment at the start of its `unit`; the unit comes first, as in PySpark. */
function dateTruncBuilder<const A extends ColumnOrName>(
  unitName: string,
  column: A,
): Column<string | null, string, NamesOf<A>> {
  return new Column({ kind: 'call', fn: 'date_trunc', args: [operand(unit(unitName)), named(column)] })
}
export const dateTrunc = Object.assign(dateTruncBuilder, {
  definition: define(
    'date_trunc',
    {
      duckdb: 'cast(date_trunc($1, cast($2 as timestamp)) as timestamptz)',
      postgres: "(date_trunc($1, $w2) at time zone 'UTC')",
    },
    TIMESTAMP,
  ),
})

/** Text by a pattern such as `'yyyy-MM-dd'`. */
export const dateFormat = withPattern(
  'date_format',
  STRING,
  (of, format) => sql`strftime(cast(${of} as timestamp), ${format ?? sql`'%Y-%m-%d'`})`,
  (of, type, pattern) => sql`to_char(${wallClock(of, type)}, ${toCharPattern(pattern ?? 'yyyy-MM-dd')})`,
)

/** A date of a timestamp, or of text in ISO form or by a pattern; null where the text is none. */
export const toDate = withPattern(
  'to_date',
  DATE,
  (of, format) => (format ? sql`cast(try_strptime(${of}, ${format}) as date)` : sql`try_cast(${of} as date)`),
  (of, type, pattern, call) =>
    pattern === undefined
      ? postgresCast({ sql: of, type }, { kind: 'date' }, type?.kind === 'string')
      : sql`cast(${parsedByPattern(of, pattern, call)} as date)`,
)
/** A moment of text in ISO form or by a pattern, read as UTC when it names no zone; null where the text is none. */
export const toTimestamp = withPattern(
  'to_timestamp',
  TIMESTAMP,
  (of, format) =>
    format ? sql`cast(try_strptime(${of}, ${format}) as timestamptz)` : sql`try_cast(${of} as timestamptz)`,
  (of, type, pattern, call) =>
    pattern === undefined
      ? postgresCast({ sql: of, type }, { kind: 'timestamp' }, type?.kind === 'string')
      : sql`(${parsedByPattern(of, pattern, call)} at time zone 'UTC')`,
)
/** Seconds since 1970 of a moment, or of text by a pattern. */
export const unixTimestamp = withPattern(
  'unix_timestamp',
  LONG,
  (of, format) =>
    format
      ? sql`cast(epoch(try_strptime(${of}, ${format})) as bigint)`
      : sql`cast(epoch(cast(${of} as timestamptz)) as bigint)`,
  (of, type, pattern, call) => {
    const moment =
      pattern === undefined
        ? postgresCast({ sql: of, type }, { kind: 'timestamp' }, false)
        : parsedByPattern(of, pattern, call)
    return sql`cast(cast(extract(epoch from ${moment}) as double precision) as bigint)`
  },
)
/** Text of seconds since 1970, as UTC. */
export const fromUnixtime = withPattern(
  'from_unixtime',
  STRING,
  (of, format) =>
    sql`strftime(make_timestamp(cast(${of} as bigint) * 1000000), ${format ?? trusted("'%Y-%m-%d %H:%M:%S'")})`,
  (of, _type, pattern) =>
    sql`to_char(to_timestamp(cast(${of} as bigint)) at time zone 'UTC', ${toCharPattern(pattern ?? 'yyyy-MM-dd HH:mm:ss')})`,
)
/** A moment of seconds since 1970. */
export const timestampSeconds = unary('timestamp_seconds', everywhere('to_timestamp($f1)'), TIMESTAMP)
export const makeDate = leading<[month: number | Column, day: number | Column]>()(
  'make_date',
  {
    duckdb: 'make_date(cast($1 as bigint), cast($2 as bigint), cast($3 as bigint))',
    postgres: 'make_date($i1, $i2, $i3)',
  },
  DATE,
)

/** A function of a column and an optional date pattern of Spark's. */
function withPattern<R>(
  name: string,
  result: ResultType<R>,
  duckdb: (of: Sql, format?: Sql) => Sql,
  postgres: (of: Sql, type: DataType | undefined, pattern: string | undefined, call: Call) => Sql,
) {
  const build = <const A extends ColumnOrName>(column: A, pattern?: string): Column<R, string, NamesOf<A>> => {
    if (pattern !== undefined) strftimePattern(pattern)
    const args = pattern === undefined ? [named(column)] : [named(column), operand(pattern)]
    return new Column({ kind: 'call', fn: name, args })
  }
  const template = (args: TemplateArgs): Sql =>
    duckdb(args[0], args.length > 1 ? sql`${strftimePattern(textOf(args[1]))}` : undefined)
  const other: Template = ([of, pattern], [type], call) =>
    postgres(of, type, pattern === undefined ? undefined : textOf(pattern), call)
  return Object.assign(build, { definition: define(name, { duckdb: template, postgres: other }, result) })
}

/** The constant text a piece of SQL was made of. */
function textOf(piece: Sql): string {
  const text = constantOf(piece)
  if (typeof text === 'string') return text
  throw new MillraceError('OPTION_INVALID', 'a date pattern must be a constant text')
}

/** A time without zone in PostgreSQL: a moment's in UTC. */
function wallClock(of: Sql, type: DataType | undefined): Sql {
  return postgresCast({ sql: of, type }, { kind: 'timestamp_ntz' }, false)
}

function months(one: Sql, two: Sql): Sql {
  const number = (of: Sql) => sql`(extract(year from ${of}) * 12 + extract(month from ${of}))`
  const start = (of: Sql) => sql`date_trunc('month', ${of})`
  const isLast = (of: Sql) => sql`${start(of)} + interval '1 month - 1 day' = date_trunc('day', ${of})`
  const seconds = (of: Sql) => sql`extract(epoch from ${of} - ${start(of)})`
  return sql`cast(${number(one)} - ${number(two)} + case when extract(day from ${one}) = extract(day from ${two}) or (${isLast(one)} and ${isLast(two)}) then 0 else round((${seconds(one)} - ${seconds(two)}) / 2678400.0, 8) end as double precision)`
}
