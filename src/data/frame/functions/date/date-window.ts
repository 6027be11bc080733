import { type DataType, MillraceError } from '../../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { Column, named, operand } from '../../column.ts'
import type { ColumnOrName, NamesOf, NeedsOf } from '../../column-types.ts'
import { constantOf } from '../../dialect/constant.ts'
import { type Call, define, onlyDuckDb, type TemplateArgs, unary } from '../define.ts'
import { moment, takes } from '../math/math-argument.ts'
import type { ResultType } from '../result-type.ts'

// Windows of event time. In a plan each is a call of its own, with its durations as constants, so that an engine of
// streams can tell what is grouped by time; `compile/time-window.ts` makes the ones that overlap, and sessions,
// of what a batch has: rows for each window, and windows over the ordered rows.

const UNITS: Readonly<Record<string, number>> = {
  microsecond: 1, millisecond: 1000, second: 1_000_000, minute: 60_000_000, hour: 3_600_000_000, day: 86_400_000_000,
  week: 604_800_000_000,
} // biome-ignore format: a table

/**
 * The microseconds of a duration as Spark writes it: `'10 minutes'`, `'1 hour 30 minutes'`, `'interval 1 day'`.
 * @throws MillraceError OPTION_INVALID, for months and years too, which are not of one length
 */
export function durationMicros(written: string): number {
  const text = written.trim().replace(/^interval\s+/i, '')
  const parts = [...text.matchAll(/([+-]?\d+)\s*([a-z]+?)s?(?=\s|$)/gi)]
  const units = parts.map(([, , unit = '']) => UNITS[unit.toLowerCase()])
  if (
    parts.length === 0 ||
    parts.map(([part]) => part).join(' ') !== text.replaceAll(/\s+/g, ' ') ||
    units.includes(undefined)
  ) {
    throw new MillraceError('OPTION_INVALID', `"${written}" is not a duration of a window`, {
      hint: `Write a number and a unit, as in '10 minutes'. Units are ${Object.keys(UNITS).join(', ')}.`,
    })
  }
  return parts.reduce((sum, [, count], i) => sum + Number(count) * (units[i] ?? 0), 0)
}

/** The start and end of a window; the end is not in it. */
// biome-ignore lint/suspicious/noExplicitAny: a struct of two timestamps
const WINDOW: ResultType<any> = {
  of: ([type]) => {
    const stamp: DataType = { kind: type?.kind === 'timestamp_ntz' ? 'timestamp_ntz' : 'timestamp' }
    return {
      kind: 'struct',
      fields: ['start', 'end'].map((name) => ({ name, type: stamp, nullable: true })),
    }
  },
}

interface Times {
  readonly duration: number
  readonly slide: number
  readonly start: number
}

/**
 * What a window's constants say.
 * @throws MillraceError OPTION_INVALID
 */
export function windowTimes(duration: string, slide: string = duration, start = '0 seconds'): Times {
  const times = { duration: durationMicros(duration), slide: durationMicros(slide), start: durationMicros(start) }
  if (times.duration > 0 && times.slide > 0 && times.slide <= times.duration && Math.abs(times.start) < times.slide)
    return times
  throw new MillraceError('OPTION_INVALID', `a window of ${duration}, every ${slide}, from ${start}, cannot be`, {
    hint: 'The duration and the slide are more than 0, the slide is not longer than the duration, and the start is shorter than the slide.',
  })
}

/**
 * The window of time that a row falls into, a struct of `start` and `end` (which is not in it), for `groupBy`. With
 * a `slideDuration` a window starts that often, and a row is in several: `window('at', '10 minutes', '5 minutes')`.
 * Windows are aligned with 1970 in UTC, moved by `startTime`.
 */
export const window = Object.assign(
  <const A extends ColumnOrName>(
    timeColumn: A,
    windowDuration: string,
    slideDuration?: string,
    startTime?: string,
  ): Column<{ start: string; end: string } | null, 'window', NamesOf<A>, NeedsOf<A>> => {
    windowTimes(windowDuration, slideDuration, startTime)
    const slide = slideDuration ?? (startTime === undefined ? undefined : windowDuration)
    const rest = [windowDuration, slide, startTime].filter((one) => one !== undefined)
    return new Column({ kind: 'call', fn: 'window', args: [named(timeColumn), ...rest.map(operand)] })
  },
  { definition: define('window', onlyDuckDb(takes(['wall', 'any'], tumbling), 'It has no structs.'), WINDOW) },
)

type Refusing = Pick<Call, 'refuse'>

/** A timestamp of microseconds since 1970, without zone where the column has none. */
function stampOf(micros: Sql, type: DataType | undefined): Sql {
  return type?.kind === 'timestamp_ntz' ? sql`make_timestamp(${micros})` : sql`make_timestamptz(${micros})`
}

function tumbling(args: TemplateArgs, types: readonly (DataType | undefined)[], call: Refusing): Sql {
  const [wall, ...written] = args
  const [duration = '', slide, start] = written.map((one) => String(constantOf(one)))
  const times = windowTimes(duration, slide, start)
  if (times.slide !== times.duration) call.refuse('that overlaps, outside of groupBy() and select()')
  const width = trusted(String(times.duration))
  const micros = times.start === 0 ? sql`epoch_us(${wall})` : sql`(epoch_us(${wall}) - ${trusted(`(${times.start})`)})`
  const first = sql`(epoch_us(${wall}) - (${micros} % ${width} + ${width}) % ${width})`
  return sql`case when ${wall} is not null then struct_pack("start" := ${stampOf(first, types[0])}, "end" := ${stampOf(sql`${first} + ${width}`, types[0])}) end`
}

/**
 * The session that a row is in, a struct of `start` and `end`, for `groupBy`: rows of one group are in one as long
 * as none comes more than `gapDuration` after the one before it.
 */
export const sessionWindow = Object.assign(
  <const A extends ColumnOrName>(
    timeColumn: A,
    gapDuration: string | Column,
  ): Column<{ start: string; end: string } | null, 'session_window', NamesOf<A>, NeedsOf<A>> => {
    if (typeof gapDuration === 'string') durationMicros(gapDuration)
    return new Column({ kind: 'call', fn: 'session_window', args: [named(timeColumn), operand(gapDuration)] })
  },
  {
    definition: define('session_window', onlyDuckDb(takes(['wall', 'any'], alone), 'It has no structs.'), WINDOW),
  },
)

/** The session of a row by itself; where rows are grouped, `compile/time-window.ts` finds the one they are in. */
function alone([wall, gap]: TemplateArgs, [type]: readonly (DataType | undefined)[], call: Refusing): Sql {
  const written = constantOf(gap)
  if (typeof written !== 'string') return call.refuse('with a gap that is no constant')
  const at = (micros: number) => stampOf(sql`epoch_us(${wall}) + ${trusted(String(micros))}`, type)
  return sql`struct_pack("start" := ${at(0)}, "end" := ${at(durationMicros(written))})`
}

/** The event time of what was computed of a window: a microsecond before its end. */
export const windowTime = unary(
  'window_time',
  onlyDuckDb(([of], [type]) => {
    const end = sql`struct_extract(${of}, 'end')`
    const before = sql`epoch_us(${end}) - 1`
    return withoutZone(type) ? sql`make_timestamp(${before})` : moment(sql`make_timestamp(${before})`)
  }, 'It has no structs.'),
  { of: ([type]) => ({ kind: withoutZone(type) ? 'timestamp_ntz' : 'timestamp' }) } satisfies ResultType<
    string | null
  > as ResultType<string | null>,
)

function withoutZone(type: DataType | undefined): boolean {
  return (
    type?.kind === 'struct' && type.fields.some((field) => field.name === 'end' && field.type.kind === 'timestamp_ntz')
  )
}
