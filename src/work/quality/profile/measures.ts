import type { Field } from '../../../base/kernel/index.ts'
import { type Dialect, id, join, literal, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { type Family, familyOf, isInteger } from '../literal.ts'
import { FORMS } from './personal-data.ts'

/** At what shares of the values quantiles are taken. */
export const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95]

/** Where a histogram of numbers begins and ends, and how many bins it has. */
export interface Span {
  readonly min: number
  readonly max: number
  readonly bins: number
}

/** A column whose measures are planned. */
export interface Measurable {
  readonly field: Field
  readonly family: Family
  readonly dialect: Dialect
}

/** Numbers that are no number, and infinities; undefined for types that have none. */
function finite({ field, dialect }: Measurable): Sql | undefined {
  const { kind } = field.type
  if (kind !== 'double' && kind !== 'float') return undefined
  return dialect === 'duckdb'
    ? sql`isfinite(${id(field.name)})`
    : sql`${id(field.name)} not in ('NaN', 'Infinity', '-Infinity')`
}

/** The aggregates of a column that one scan computes with those of the others. */
export function columnMeasures(column: Measurable, estimated: boolean): Record<string, Sql> {
  const { field, family, dialect } = column
  const of = id(field.name)
  const measures: Record<string, Sql> = { present: sql`count(${of})` }
  if (family === 'other') return measures
  const text = family === 'text' ? textOf(column) : of
  measures['distinct'] =
    estimated && dialect === 'duckdb' ? sql`approx_count_distinct(${text})` : sql`count(distinct ${text})`
  const only = finite(column)
  const where = only ? sql` filter (where ${only})` : trusted('')
  if (only) measures['finite'] = sql`count(*) filter (where ${only})`
  if (family === 'boolean') {
    measures['min'] = dialect === 'duckdb' ? sql`min(${of})` : sql`bool_and(${of})`
    measures['max'] = dialect === 'duckdb' ? sql`max(${of})` : sql`bool_or(${of})`
  } else {
    measures['min'] = sql`min(${text})${where}`
    measures['max'] = sql`max(${text})${where}`
  }
  if (family === 'number') {
    const number = sql`cast(${of} as double precision)`
    measures['mean'] = sql`avg(${number})${where}`
    // Two equal numbers may differ by rounding, and the root of less than nothing fails; so do squares beyond the largest number.
    const small = sql`abs(${number}) < 1e150`
    const squared = sql`var_samp(${number}) filter (where ${only ? sql`${only} and ${small}` : small})`
    measures['stddev'] = sql`case when max(abs(${number}))${where} < 1e150 then sqrt(greatest(0, ${squared})) end`
    for (const [i, share] of SHARES.entries())
      measures[`quantile${i}`] = quantile(number, share, where, dialect, estimated)
  }
  if (family === 'text') {
    measures['shortest'] = sql`min(length(${text}))`
    measures['longest'] = sql`max(length(${text}))`
    measures['length'] = sql`avg(length(${text}))`
    measures['empty'] = sql`count(*) filter (where ${text} = '')`
    measures['untrimmed'] = sql`count(*) filter (where ${text} <> trim(${text}))`
    for (const [i, { pattern }] of FORMS.entries())
      measures[`form${i}`] = sql`count(*) filter (where ${matches(text, pattern, dialect)})`
  }
  return measures
}

function quantile(of: Sql, share: number, where: Sql, dialect: Dialect, estimated: boolean): Sql {
  if (dialect !== 'duckdb') return sql`percentile_cont(${literal(share)}) within group (order by ${of})${where}`
  return estimated
    ? sql`approx_quantile(${of}, cast(${literal(share)} as float))${where}`
    : sql`quantile_cont(${of}, ${literal(share)})${where}`
}

function matches(text: Sql, pattern: string, dialect: Dialect): Sql {
  return dialect === 'duckdb'
    ? sql`regexp_full_match(${text}, ${literal(pattern)})`
    : sql`${text} ~ ${literal(`^(${pattern})$`)}`
}

/** The text of a column of texts and their likes; in PostgreSQL sorted by its bytes, as DuckDB does. */
export function textOf({ field, dialect }: Measurable): Sql {
  const text = field.type.kind === 'string' ? id(field.name) : sql`cast(${id(field.name)} as varchar)`
  return dialect === 'postgres' ? sql`(cast(${text} as text) collate "C")` : text
}

/** How many rows lie in which bin, of numbers. */
export function histogramQuery(column: Measurable, relation: Sql, { min, max, bins }: Span): Sql {
  const only = finite(column)
  const value = sql`cast(${id(column.field.name)} as double precision)`
  const width = (max - min) / bins
  const bin = sql`cast(least(floor((${value} - ${literal(min)}) / ${literal(width)}), ${literal(bins - 1)}) as integer)`
  const there = sql`${id(column.field.name)} is not null${only ? sql` and ${only}` : trusted('')}`
  return sql`select ${bin} as bin, count(*) as rows from ${relation} where ${there} group by 1 order by 1`
}

/** The span of a histogram: whole numbers of a narrow span get a bin each. */
export function spanOf({ field }: Measurable, min: number, max: number): Span | undefined {
  if (!Number.isFinite(min) || !Number.isFinite(max) || min >= max || !Number.isFinite(max - min)) return undefined
  // Bins narrower than the least normal number have no width that engines agree on.
  if ((max - min) / 10 < 2 ** -1022) return undefined
  const steps = max - min + 1
  if (isInteger(field.type) && steps <= 20) return { min, max: max + 1, bins: steps }
  return { min, max, bins: 10 }
}

/** The most frequent values. */
export function frequentQuery(column: Measurable, relation: Sql, most: number): Sql {
  const of = column.family === 'text' ? textOf(column) : id(column.field.name)
  return sql`select ${of} as value, count(*) as rows from ${relation} where ${of} is not null group by 1 order by 2 desc, 1 limit ${literal(most)}`
}

/** The most frequent forms of the first texts, in which `9` is a digit and `a` and `A` are letters. */
export function patternQuery(column: Measurable, relation: Sql, sample: number): Sql {
  const text = textOf(column)
  const steps: readonly (readonly [from: string, to: string])[] = [['[0-9]', '9'], ['[a-zà-öø-ÿ]', 'a'], ['[A-ZÀ-ÖØ-Þ]', 'A'], ['a{4,}', 'a+'], ['A{4,}', 'A+'], ['9{6,}', '9+']] // biome-ignore format: a table
  const form = steps.reduce(
    (of, [from, to]) => sql`regexp_replace(${of}, ${literal(from)}, ${literal(to)}, 'g')`,
    sql`text`,
  )
  const some = sql`(select ${text} as text from ${relation} where ${text} <> '' limit ${literal(sample)}) as texts`
  return sql`select ${form} as pattern, count(*) as rows from ${some} group by 1 order by 2 desc, 1 limit 5`
}

/** Whether a column of no missing values has one twice, told exactly: no row when it has none. */
export function repeatedQuery(column: Measurable, relation: Sql): Sql {
  const of = column.family === 'text' ? textOf(column) : id(column.field.name)
  return sql`select 1 as twice from ${relation} where ${of} is not null group by ${of} having count(*) > 1 limit 1`
}

/** A column with what decides about its measures. */
export function measurable(field: Field, dialect: Dialect): Measurable {
  return { field, family: familyOf(field.type), dialect }
}

/** All measures as one select. */
export function measuresQuery(relation: Sql, measures: readonly (readonly [name: string, of: Sql])[]): Sql {
  return sql`select ${join(measures.map(([name, of]) => sql`${of} as ${id(name)}`))} from ${relation}`
}
