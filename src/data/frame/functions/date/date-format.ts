import type { DataType } from '../../../../base/kernel/index.ts'
import { type Sql, sql } from '../../../../base/sql/index.ts'
import { Column, named, operand } from '../../column.ts'
import type { ColumnOrName, NamesOf, NeedsOf } from '../../column-types.ts'
import { constantOf } from '../../dialect/constant.ts'
import { duckDbDialect } from '../../dialect/duckdb.ts'
import { postgresCast } from '../../dialect/postgres-cast.ts'
import { parsedByPattern, toCharPattern } from '../../dialect/postgres-date-pattern.ts'
import { type Call, define, type Template } from '../define.ts'
import { moment, raised, takes, wallClock, wantedAs } from '../math/math-argument.ts'
import { DATE, LONG, type ResultType, STRING, TIMESTAMP } from '../result-type.ts'
import { timestampOfSeconds } from './date-epoch.ts'
import { type Mismatch, patternTokens, readByPattern, writtenByPattern } from './date-pattern.ts'
import { clockOfText, dateOfText } from './date-text.ts'

const NTZ: ResultType<string | null> = { of: () => ({ kind: 'timestamp_ntz' }) }
const DEFAULT = 'yyyy-MM-dd HH:mm:ss'

/** The constant pattern of an argument; undefined when there is none. */
function patternOf(of: Sql | undefined, call: Call): string | undefined {
  if (of === undefined) return undefined
  const text = constantOf(of)
  return typeof text === 'string' ? text : call.refuse('with a pattern that is no constant')
}

/** A function of a column and an optional datetime pattern. */
function withPattern<R>(
  fn: string,
  result: ResultType<R>,
  duckdb: Template,
  postgres: Template | { refused: string },
  otherwise?: string,
) {
  const build = <const A extends ColumnOrName>(
    column: A,
    pattern = otherwise,
  ): Column<R, string, NamesOf<A>, NeedsOf<A>> => {
    if (pattern !== undefined) patternTokens(pattern)
    const args = pattern === undefined ? [named(column)] : [named(column), operand(pattern)]
    return new Column({ kind: 'call', fn, args })
  }
  return Object.assign(build, { definition: define(fn, { duckdb, postgres }, result) })
}

/** Text by a pattern such as `'yyyy-MM-dd'`. */
export const dateFormat = withPattern(
  'date_format',
  STRING,
  takes(['wall', 'any'], ([of, pattern], _types, call) => writtenByPattern(of, patternOf(pattern, call) ?? DEFAULT)),
  ([of, pattern], [type], call) =>
    sql`to_char(${postgresWall(of, type)}, ${toCharPattern(patternOf(pattern, call) ?? DEFAULT, call)})`,
)

/** Text of seconds since 1970, in UTC, by a pattern (`yyyy-MM-dd HH:mm:ss` when left out). */
export const fromUnixtime = withPattern(
  'from_unixtime',
  STRING,
  takes(['long', 'any'], ([of, pattern], _types, call) =>
    writtenByPattern(sql`make_timestamp(${of} * 1000000)`, patternOf(pattern, call) ?? DEFAULT),
  ),
  ([of, pattern], _types, call) =>
    sql`to_char(to_timestamp(cast(${of} as bigint)) at time zone 'UTC', ${toCharPattern(patternOf(pattern, call) ?? DEFAULT, call)})`,
  DEFAULT,
)

type To = 'date' | 'timestamp' | 'timestamp_ntz'

const SECONDS = new Set(['byte', 'short', 'integer', 'long', 'float', 'double', 'decimal'])

/** Text by a pattern, or another value by a cast, as a date or timestamp. */
function reader(to: To, mismatch: Mismatch): Template {
  return ([of, written], [type], call) => {
    const pattern = patternOf(written, call)
    if (pattern === undefined || (type && type.kind !== 'string' && type.kind !== 'null'))
      return converted(of, type, to, mismatch)
    const text = type?.kind === 'string' ? of : sql`cast(${of} as varchar)`
    const wall = readByPattern(text, pattern, mismatch)
    return to === 'date' ? sql`cast(${wall} as date)` : to === 'timestamp' ? moment(wall) : wall
  }
}

function converted(of: Sql, type: DataType | undefined, to: To, mismatch: Mismatch): Sql {
  if (type?.kind === to) return of
  if (type && ['date', 'timestamp', 'timestamp_ntz'].includes(type.kind)) {
    return to === 'timestamp_ntz' ? wallClock(of, type) : wantedAs(of, type, to)
  }
  if (type?.kind === 'string') {
    if (to === 'date') return dateOfText(of, mismatch)
    const clock = clockOfText(of, to, mismatch)
    return to === 'timestamp' ? moment(clock) : clock
  }
  if (to === 'timestamp' && type && SECONDS.has(type.kind)) {
    const made = timestampOfSeconds(of, type)
    if (mismatch === 'null' || (type.kind !== 'double' && type.kind !== 'float')) return made
    return sql`case when ${of} is not null and not isfinite(${of}) then ${raised('CAST_INVALID_INPUT', 'NaN and infinities are no timestamps')} else ${made} end`
  }
  return duckDbDialect.cast({ sql: of, type }, { kind: to }, mismatch === 'null')
}

function postgresReader(to: To, mismatch: Mismatch): Template {
  return ([of, written], [type], call) => {
    const pattern = patternOf(written, call)
    if (pattern === undefined && type?.kind === 'string') {
      call.refuse(
        'of text without a pattern',
        'Give a pattern, such as "yyyy-MM-dd": PostgreSQL reads other texts than Spark.',
      )
    }
    if (pattern === undefined || (type && type.kind !== 'string'))
      return postgresCast({ sql: of, type }, { kind: to }, false)
    const wall = orFail(of, parsedByPattern(of, pattern, call), mismatch)
    return to === 'date' ? sql`cast(${wall} as date)` : to === 'timestamp' ? sql`(${wall} at time zone 'UTC')` : wall
  }
}

/** PostgreSQL has no function that fails: a cast of the text does. */
function orFail(text: Sql, wall: Sql, mismatch: Mismatch): Sql {
  return mismatch === 'null' ? wall : sql`coalesce(${wall}, cast('not by the pattern: ' || ${text} as timestamp))`
}

/** A date of a timestamp, or of text in ISO form or by a pattern; fails where the text is none. */
export const toDate = withPattern('to_date', DATE, reader('date', 'fail'), postgresReader('date', 'fail'))
/** `toDate`, null where the text is none. */
export const tryToDate = withPattern('try_to_date', DATE, reader('date', 'null'), postgresReader('date', 'null'))
/** A moment of text in ISO form or by a pattern, read as UTC when it names no zone; fails where the text is none. */
export const toTimestamp = withPattern(
  'to_timestamp',
  TIMESTAMP,
  reader('timestamp', 'fail'),
  postgresReader('timestamp', 'fail'),
)
/** The same as `toTimestamp`. */
export const toTimestampLtz = withPattern(
  'to_timestamp_ltz',
  TIMESTAMP,
  reader('timestamp', 'fail'),
  postgresReader('timestamp', 'fail'),
)
/** A timestamp without zone of text in ISO form or by a pattern; fails where the text is none. */
export const toTimestampNtz = withPattern(
  'to_timestamp_ntz',
  NTZ,
  reader('timestamp_ntz', 'fail'),
  postgresReader('timestamp_ntz', 'fail'),
)
/** `toTimestamp`, null where the text is none. */
export const tryToTimestamp = withPattern(
  'try_to_timestamp',
  TIMESTAMP,
  reader('timestamp', 'null'),
  postgresReader('timestamp', 'null'),
)

/** Seconds since 1970 of a moment, or of text by a pattern, cut toward 1970. */
const seconds: Template = ([of, written], [type], call) => {
  const pattern = patternOf(written, call) ?? DEFAULT
  const text = type === undefined || type.kind === 'string' || type.kind === 'null'
  const wall = text
    ? readByPattern(type?.kind === 'string' ? of : sql`cast(${of} as varchar)`, pattern, 'fail')
    : wantedAs(of, type, 'wall')
  return sql`(epoch_us(${wall}) // 1000000)`
}
const postgresSeconds: Template = ([of, written], [type], call) => {
  const pattern = patternOf(written, call) ?? DEFAULT
  const wall = type?.kind === 'string' ? orFail(of, parsedByPattern(of, pattern, call), 'fail') : postgresWall(of, type)
  return sql`cast(trunc(extract(epoch from ${wall})) as bigint)`
}

/** Seconds since 1970 of a moment, or of text by a pattern (`yyyy-MM-dd HH:mm:ss` when left out); of now without a column. */
export const unixTimestamp = Object.assign(
  <const A extends ColumnOrName = never>(
    column?: A,
    pattern: string = DEFAULT,
  ): Column<bigint | null, string, NamesOf<A>, NeedsOf<A>> => {
    patternTokens(pattern)
    const of = column === undefined ? new Column({ kind: 'call', fn: 'current_timestamp', args: [] }) : column
    return new Column({ kind: 'call', fn: 'unix_timestamp', args: [named(of), operand(pattern)] })
  },
  { definition: define('unix_timestamp', { duckdb: seconds, postgres: postgresSeconds }, LONG) },
)
/** The same as `unixTimestamp` of a column. */
export const toUnixTimestamp = withPattern('to_unix_timestamp', LONG, seconds, postgresSeconds, DEFAULT)

function postgresWall(of: Sql, type: DataType | undefined): Sql {
  return postgresCast({ sql: of, type }, { kind: 'timestamp_ntz' }, false)
}
