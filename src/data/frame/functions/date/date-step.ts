import { type DataType, MillraceError } from '../../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { Column, named, operand } from '../../column.ts'
import type { ColumnOrName, NamesOf, NeedsOf } from '../../column-types.ts'
import { constantOf } from '../../dialect/constant.ts'
import { define, onlyDuckDb, type Template } from '../define.ts'
import { moment, type NumberOrColumn, takes, wallClock, wantedAs } from '../math/math-argument.ts'
import { LONG, type ResultType } from '../result-type.ts'

/** A timestamp stays without zone, all else becomes a moment. */
function stamp(at: number): ResultType<string | null> {
  return { of: (types) => ({ kind: types[at]?.kind === 'timestamp_ntz' ? 'timestamp_ntz' : 'timestamp' }) }
}

const MICROS: Readonly<Record<string, number>> = {
  MICROSECOND: 1, MILLISECOND: 1000, SECOND: 1_000_000, MINUTE: 60_000_000, HOUR: 3_600_000_000, DAY: 86_400_000_000,
  DAYOFYEAR: 86_400_000_000, WEEK: 604_800_000_000,
} // biome-ignore format: a table
const MONTHS: Readonly<Record<string, number>> = { MONTH: 1, QUARTER: 3, YEAR: 12 }

type Unit = { readonly micros: number } | { readonly months: number }

function unitOf(of: Sql): Unit {
  const written = String(constantOf(of)).toUpperCase()
  const [micros, months] = [MICROS[written], MONTHS[written]]
  if (micros !== undefined) return { micros }
  if (months !== undefined) return { months }
  throw new MillraceError('OPTION_INVALID', `"${constantOf(of) ?? 'a computed value'}" is not a unit of time`, {
    hint: `Units are ${[...Object.keys(MICROS), ...Object.keys(MONTHS)].join(', ')}.`,
  })
}

const NO_STEP = 'Add an interval by expr("…").'

/** A timestamp so many units later; a month later is the last day of the month when that is shorter. */
export const timestampAdd = Object.assign(
  <const A extends ColumnOrName>(
    unit: string,
    quantity: NumberOrColumn,
    ts: A,
  ): Column<string | null, string, NamesOf<A>, NeedsOf<A>> =>
    new Column({ kind: 'call', fn: 'timestamp_add', args: [operand(unit), named(quantity), named(ts)] }),
  {
    definition: define(
      'timestamp_add',
      onlyDuckDb(
        takes(['any', 'long', 'wall'], ([written, quantity, wall], types) => {
          const unit = unitOf(written)
          const step =
            'micros' in unit
              ? sql`to_microseconds(${quantity} * ${trusted(String(unit.micros))})`
              : sql`to_months(cast(${quantity} * ${trusted(String(unit.months))} as integer))`
          const later = sql`(${wall} + ${step})`
          return types[2]?.kind === 'timestamp_ntz' ? later : moment(later)
        }),
        NO_STEP,
      ),
      stamp(2),
    ),
  },
)

/** Whole units from the first timestamp to the second, cut toward 0. */
export const timestampDiff = Object.assign(
  <const A extends ColumnOrName, const B extends ColumnOrName>(
    unit: string,
    start: A,
    end: B,
  ): Column<bigint | null, string, NamesOf<A> | NamesOf<B>, NeedsOf<A> & NeedsOf<B>> =>
    new Column({ kind: 'call', fn: 'timestamp_diff', args: [operand(unit), named(start), named(end)] }),
  {
    definition: define(
      'timestamp_diff',
      onlyDuckDb(
        takes(['any', 'wall', 'wall'], ([written, start, end]) => {
          const unit = unitOf(written)
          if ('micros' in unit) return sql`((epoch_us(${end}) - epoch_us(${start})) // ${trusted(String(unit.micros))})`
          // As java.time.LocalDateTime counts: the end is a day nearer where its time of day is not reached.
          const day = (of: Sql) => sql`cast(${of} as date)`
          const time = (of: Sql) => sql`(epoch_us(${of}) - epoch_us(${day(of)}))`
          const ended = sql`(${day(end)} + case when ${day(end)} > ${day(start)} and ${time(end)} < ${time(start)} then -1 when ${day(end)} < ${day(start)} and ${time(end)} > ${time(start)} then 1 else 0 end)`
          const packed = (of: Sql) => sql`((year(${of}) * 12 + month(${of})) * 32 + day(${of}))`
          const months = sql`(${packed(ended)} - ${packed(day(start))}) // 32`
          return unit.months === 1 ? sql`(${months})` : sql`(${months} // ${trusted(String(unit.months))})`
        }),
        NO_STEP,
      ),
      LONG,
    ),
  },
)

/** The start of the bucket of a width that a timestamp falls into, counted from `origin` (1970 when left out). */
export const timeBucket = Object.assign(
  <const A extends ColumnOrName>(
    bucketSize: Column,
    ts: A,
    origin?: Column,
  ): Column<string | null, string, NamesOf<A>, NeedsOf<A>> =>
    new Column({
      kind: 'call',
      fn: 'time_bucket',
      args: [bucketSize.expr, named(ts), ...(origin === undefined ? [] : [origin.expr])],
    }),
  { definition: define('time_bucket', onlyDuckDb(bucketOf(), ''), stamp(1)) },
)

function bucketOf(): Template {
  return ([size, of, ...rest], [, type, from]) => {
    if (type && type.kind !== 'timestamp' && type.kind !== 'timestamp_ntz') throw notTimestamp(type)
    const origin = rest[0] ? wallClock(rest[0], from) : trusted("timestamp '1970-01-01'")
    const start = sql`time_bucket(${size}, ${wantedAs(of, type, 'wall')}, ${origin})`
    return type?.kind === 'timestamp_ntz' ? start : moment(start)
  }
}

function notTimestamp(type: DataType): MillraceError {
  return new MillraceError('COLUMN_TYPE', `time_bucket needs a timestamp, and got ${type.kind}`, {
    hint: "Convert it first: col('…').cast('timestamp').",
  })
}
