import { list, sql } from '../../../base/sql/index.ts'
import type { Typed } from '../compile/scope.ts'
import type { FrameDialect, OwnForm } from './frame-dialect.ts'

const IN: OwnForm = ([of, ...values]) =>
  values.length === 0 ? sql`(${of} is null and null)` : sql`(${of} in ${list(values)})`

/** Operators and aggregates, which engines write alike. */
const ALIKE: Readonly<Record<string, OwnForm>> = {
  add: '($1 + $2)', subtract: '($1 - $2)', multiply: '($1 * $2)', divide: '($1 / $2)', mod: '($1 % $2)', negative: '(- $1)',
  eq: '($1 = $2)', ne: '($1 <> $2)', lt: '($1 < $2)', le: '($1 <= $2)', gt: '($1 > $2)', ge: '($1 >= $2)',
  eq_null_safe: '($1 is not distinct from $2)', in: IN,
  sum: 'sum($1)', sum_distinct: 'sum(distinct $1)', avg: 'avg($1)', mean: 'avg($1)', min: 'min($1)', max: 'max($1)',
  stddev: 'stddev_samp($1)', stddev_samp: 'stddev_samp($1)', std: 'stddev_samp($1)', stddev_pop: 'stddev_pop($1)',
  variance: 'var_samp($1)', var_samp: 'var_samp($1)', var_pop: 'var_pop($1)', corr: 'corr($1, $2)',
  round: 'round($*)', floor: 'floor($1)', ceil: 'ceil($1)', ceiling: 'ceil($1)', abs: 'abs($1)', sqrt: 'sqrt($1)',
  exp: 'exp($1)', ln: 'ln($1)', pow: 'pow($1, $2)', power: 'pow($1, $2)',
  concat: 'concat($*)', substring: 'substr($*)', lower: 'lower($1)', upper: 'upper($1)', length: 'length($1)',
  coalesce: 'coalesce($*)', greatest: 'greatest($*)', least: 'least($*)',
} // biome-ignore format: a table

const OF_DUCKDB: Readonly<Record<string, OwnForm>> = {
  ...ALIKE,
  median: 'median($1)', collect_list: 'list($1)', collect_set: 'list(distinct $1)', count_if: 'count_if($1)', log10: 'log10($1)', log2: 'log2($1)',
} // biome-ignore format: a table

/**
 * A dialect in which operators, casts, aggregates and functions are the engine's own, with its types, where it has
 * them under the same name (`engineSemantics`).
 */
export function ownDialect(base: FrameDialect): FrameDialect {
  const forms = base.strict ? ALIKE : OF_DUCKDB
  const { hope: _, ...rest } = base
  return {
    ...rest,
    own: (name) => (Object.hasOwn(forms, name) ? forms[name] : undefined),
    cast: (arg: Typed, to, isTry) => {
      if (isTry && base.strict) return base.cast(arg, to, isTry)
      return isTry ? sql`try_cast(${arg.sql} as ${base.typeName(to)})` : sql`cast(${arg.sql} as ${base.typeName(to)})`
    },
    convert: (letter, args, i) =>
      base.strict && letter !== 'u' && letter !== 'v'
        ? base.convert(letter, args, i)
        : (args[i]?.sql ?? base.convert(letter, args, i)),
  }
}
