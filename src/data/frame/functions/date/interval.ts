import type { DataType } from '../../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { moment, raised } from '../math/math-argument.ts'
import type { ResultType } from '../result-type.ts'

// DuckDB has one type of intervals and Spark three, by which the types of what they are added to differ.

/** Months and years, days and what is shorter, or all of them; unknown where an engine gave the interval. */
type Span = 'months' | 'days' | 'all'

function interval(span: Span): DataType {
  return { kind: 'interval', span } as DataType
}

function spanOf(type: DataType | undefined): Span | undefined {
  return type?.kind === 'interval' ? ((type as { readonly span?: Span }).span ?? 'all') : undefined
}

const always = (type: DataType): ResultType<unknown> => ({ of: () => type })
export const MONTHS_INTERVAL = always(interval('months'))
export const DAYS_INTERVAL = always(interval('days'))
export const INTERVAL = always(interval('all'))

const DAYS = new Set(['byte', 'short', 'integer'])
const MOMENTS = new Set(['date', 'timestamp', 'timestamp_ntz'])

/** The type of a moment with an interval added, or of a date with days; undefined for other sums. */
export function shiftedType([a, b]: readonly (DataType | undefined)[]): DataType | undefined {
  if (a?.kind === 'date' && DAYS.has(b?.kind ?? '')) return a
  const [at, span] = spanOf(a) ? [b, spanOf(a)] : [a, spanOf(b)]
  if (at === undefined || span === undefined || !MOMENTS.has(at.kind)) return undefined
  return at.kind === 'date' && span === 'days' ? { kind: 'timestamp' } : at
}

/** A date with an interval added, which for DuckDB is a timestamp; undefined for other sums. */
export function shiftedDate(
  sign: string,
  [left, right]: readonly [Sql, Sql, ...Sql[]],
  types: readonly (DataType | undefined)[],
): Sql | undefined {
  if (!types.some(spanOf)) return undefined
  const to = shiftedType(types)
  const date = types.findIndex((type) => type?.kind === 'date')
  if (to === undefined || date < 0) return undefined
  const sum = sql`(${left} ${trusted(sign)} ${right})`
  if (to.kind === 'timestamp') return moment(sum)
  const shorter = raised('INVALID_INTERVAL', 'A date takes no hours, minutes and seconds: cast it to timestamp first')
  const given = date === 0 ? right : left
  return spanOf(types[1 - date]) === 'months'
    ? sql`cast(${sum} as date)`
    : sql`cast(case when epoch_us(${sum}) % 86400000000 <> 0 and ${given} is not null then ${shorter} else ${sum} end as date)`
}
