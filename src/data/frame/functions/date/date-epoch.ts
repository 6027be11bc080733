import { type DataType, MillraceError } from '../../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { onlyDuckDb, type Template, unary } from '../define.ts'
import { raised, takes } from '../math/math-argument.ts'
import { DATE, INTEGER, LONG, TIMESTAMP } from '../result-type.ts'

// Dates and moments as numbers counted from 1970.

/** Days since 1970-01-01. */
export const unixDate = unary(
  'unix_date',
  { duckdb: strict('date', "cast($1 - date '1970-01-01' as integer)"), postgres: "($d1 - date '1970-01-01')" },
  INTEGER,
)
/** The date that many days after 1970-01-01. */
export const dateFromUnixDate = unary(
  'date_from_unix_date',
  { duckdb: takes(['integer'], "(date '1970-01-01' + $1)"), postgres: "(date '1970-01-01' + $i1)" },
  DATE,
)

/** Takes nothing but its type, converting nothing. */
function strict(kind: 'date' | 'timestamp', template: string): Template {
  return (args, types, call) => {
    const [type] = types
    if (type && type.kind !== kind && type.kind !== 'null') {
      throw new MillraceError('COLUMN_TYPE', `an argument must be a ${kind}, and is ${type.kind}`, {
        hint: `Convert it first: col('…').cast('${kind}').`,
      })
    }
    return takes([kind], template)(args, types, call)
  }
}

/** Whole units since 1970 of a moment, downward also before. */
function since(name: string, micros: number) {
  const n = String(micros)
  return unary(
    name,
    {
      duckdb: strict(
        'timestamp',
        micros === 1 ? 'epoch_us($1)' : `((epoch_us($1) - ((epoch_us($1) % ${n}) + ${n}) % ${n}) // ${n})`,
      ),
      postgres: `cast(floor(extract(epoch from $m1) * 1000000 / ${n}) as bigint)`,
    },
    LONG,
  )
}
export const unixSeconds = since('unix_seconds', 1_000_000)
export const unixMillis = since('unix_millis', 1000)
export const unixMicros = since('unix_micros', 1)

/** The moment of a number of seconds since 1970. */
export function timestampOfSeconds(of: Sql, type: DataType | undefined): Sql {
  if (type?.kind === 'float' || type?.kind === 'double') {
    return sql`make_timestamptz(cast(trunc(case when isfinite(${of}) then cast(${of} as double) * 1e6 end) as bigint))`
  }
  if (type?.kind !== 'decimal') return sql`make_timestamptz(cast(${of} as bigint) * 1000000)`
  const scale = trusted(String(Math.max(6, Math.min(type.scale, 18))))
  const micros = sql`(cast(${of} as decimal(38,${scale})) * 1000000)`
  if (type.scale <= 6) return sql`make_timestamptz(cast(${micros} as bigint))`
  const inexact = raised('ARITHMETIC_ERROR', 'Rounding necessary')
  return sql`make_timestamptz(case when ${micros} <> trunc(${micros}) then ${inexact} else cast(${micros} as bigint) end)`
}

/** A moment of seconds since 1970, which may have a fraction. */
export const timestampSeconds = unary(
  'timestamp_seconds',
  {
    duckdb: (args, types, call) => {
      const [type] = types
      const number = ['float', 'double', 'decimal'].includes(type?.kind ?? '') ? 'number' : 'whole'
      return takes([number], ([of]) => timestampOfSeconds(of, type))(args, types, call)
    },
    postgres: 'to_timestamp($f1)',
  },
  TIMESTAMP,
)
/** A moment of milliseconds since 1970. */
export const timestampMillis = unary(
  'timestamp_millis',
  onlyDuckDb(takes(['whole'], 'make_timestamptz(cast($1 as bigint) * 1000)'), 'Use timestamp_seconds().'),
  TIMESTAMP,
)
/** A moment of microseconds since 1970. */
export const timestampMicros = unary(
  'timestamp_micros',
  onlyDuckDb(takes(['whole'], 'make_timestamptz(cast($1 as bigint))'), 'Use timestamp_seconds().'),
  TIMESTAMP,
)
