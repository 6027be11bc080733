import type { DataType } from '../../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { Column, named } from '../../column.ts'
import type { NamesOf, NeedsOf } from '../../column-types.ts'
import { duckDbDialect } from '../../dialect/duckdb.ts'
import { type Call, define, type Given, onlyDuckDb, type Template, type TemplateArgs, unary } from '../define.ts'
import { arithmetic, COMMON, LONG, type ResultType } from '../result-type.ts'
import { operands, QUOTIENTS, resultOf } from './arithmetic.ts'
import { decimalOperation, dividedDecimals, EXACT_NATIVES, exactOperation } from './decimal.ts'
import { type NumberOrColumn, pair, raised, takes, wantedAs } from './math-argument.ts'
import { remainder } from './remainder.ts'

const REMAINDER_BY_ZERO = raised('REMAINDER_BY_ZERO', 'Remainder by zero. Use try_mod to get NULL instead')
const TOO_LONG = raised('CAST_OVERFLOW', 'The value does not fit into an int')
const POSTGRES_MODULO = 'case when $1 % $2 < 0 then ($1 % $2 + $2) % $2 else $1 % $2 end'

/** A number keeps its type, text becomes a double. */
// biome-ignore lint/suspicious/noExplicitAny: the value is that of the argument
const NUMBER: ResultType<any> = {
  of: ([type]) => (type?.kind === 'string' || type?.kind === 'null' ? { kind: 'double' } : type),
}

/** The number without its sign; fails for the least whole number. */
export const abs = unary('abs', { duckdb: takes(['number'], 'abs($1)'), postgres: 'abs($1)' }, NUMBER)
/** The number as it is. */
export const positive = unary(
  'positive',
  onlyDuckDb(([of], [type]) => (type?.kind === 'interval' ? of : wantedAs(of, type, 'number')), 'Leave it out.'),
  NUMBER,
)
/** The number with the other sign, as `Column.neg()`; fails for the least whole number. */
export const negative = <const A extends NumberOrColumn>(
  column: A,
): Column<Given<'same', A>, string, NamesOf<A>, NeedsOf<A>> =>
  new Column({ kind: 'call', fn: 'negative', args: [named(column)] })
/** The same as `negative`. */
export const negate = negative

/** Null of a zero, else the number. */
export const nullifzero = unary('nullifzero', onlyDuckDb('nullif($1, 0)', 'Use nullif().'), { of: ([type]) => type })
/** A zero of a null, else the number. */
export const zeroifnull = unary(
  'zeroifnull',
  onlyDuckDb(([of], _types, call) => {
    const value = sql`coalesce(${of}, 0)`
    return call.type ? sql`cast(${value} as ${duckDbDialect.typeName(call.type)})` : value
  }, 'Use coalesce().'),
  {
    of: ([type]) => COMMON.of([type, { kind: 'integer' }]),
  },
)

export const factorial = unary(
  'factorial',
  {
    duckdb: takes(
      ['long'],
      ([of]) =>
        sql`case when ${of} between 0 and 20 then cast(factorial(cast(${of} as integer)) as bigint) when ${of} not between -2147483648 and 2147483647 then ${TOO_LONG} end`,
    ),
    postgres: 'case when $i1 between 0 and 20 then cast(factorial($i1) as bigint) end',
  },
  LONG,
)

/** The remainder, of the sign of the dividend unless that is negative: then one of the divisor's is added first. */
export const pmod = pair('pmod', { duckdb: modulo, postgres: remainder(POSTGRES_MODULO) }, arithmetic('mod'), {
  natives: EXACT_NATIVES,
})

function modulo(args: TemplateArgs, types: readonly (DataType | undefined)[], call: Call): Sql {
  const [left, right] = args
  const exact = exactOperation('pmod', args, types, call.type)
  if (exact) return sql`case when ${right} = 0 and ${left} is not null then ${REMAINDER_BY_ZERO} else ${exact} end`
  const to = call.type ? duckDbDialect.typeName(call.type) : undefined
  const as = (of: Sql) => (to && call.type?.kind !== 'decimal' ? sql`cast(${of} as ${to})` : of)
  const [a, n] = [as(left), as(right)]
  const wide = WRAPPED[call.type?.kind ?? '']
  if (wide) return wrapped(a, n, wide)
  const rest = sql`(${a} % ${n})`
  const value = sql`case when ${n} = 0 and ${a} is not null then ${REMAINDER_BY_ZERO} when ${rest} < 0 then (${rest} + ${n}) % ${n} else ${rest} end`
  return to ? sql`cast(${value} as ${to})` : value
}

/** In which type a sum of two whole numbers fits, and what Java takes off where it is too small for theirs. */
const WRAPPED: Readonly<
  Record<string, { readonly wider: string; readonly name: string; readonly least?: string; readonly all?: string }>
> = {
  byte: { wider: 'integer', name: 'tinyint' },
  short: { wider: 'integer', name: 'smallint' },
  integer: { wider: 'bigint', name: 'integer', least: '-2147483648', all: '4294967296' },
  long: { wider: 'hugeint', name: 'bigint', least: '-9223372036854775808', all: '18446744073709551616' },
}

/** `modulo` of whole numbers, where a sum of negative ones wraps around as in Java. */
function wrapped(a: Sql, n: Sql, { wider, name, least, all }: (typeof WRAPPED)[string]): Sql {
  const as = (of: Sql) => sql`cast(${of} as ${trusted(wider)})`
  const rest = sql`(${as(a)} % ${as(n)})`
  const sum = sql`(${rest} + ${as(n)})`
  const round = least
    ? sql`case when ${sum} < ${trusted(least)} then ${sum} + ${trusted(all ?? '0')} else ${sum} end`
    : sum
  const value = sql`case when ${n} = 0 and ${a} is not null then ${REMAINDER_BY_ZERO} when ${rest} < 0 then ${round} % ${as(n)} else ${rest} end`
  return sql`cast(${value} as ${trusted(name)})`
}

/**
 * The number of the bucket that a value falls into, where the range from `min` to `max` is cut into `buckets` equal
 * ones from 1; 0 below and `buckets` + 1 from `max` on. A range may go downward.
 */
export const widthBucket = Object.assign(
  <const A extends NumberOrColumn, const B extends NumberOrColumn, const C extends NumberOrColumn>(
    value: A,
    min: B,
    max: C,
    buckets: NumberOrColumn,
  ): Column<bigint | null, string, NamesOf<A> | NamesOf<B> | NamesOf<C>, NeedsOf<A> & NeedsOf<B> & NeedsOf<C>> =>
    new Column({ kind: 'call', fn: 'width_bucket', args: [value, min, max, buckets].map(named) }),
  { definition: define('width_bucket', onlyDuckDb(takes(['double', 'double', 'double', 'long'], bucket), ''), LONG) },
)

function bucket([v, min, max, ...rest]: TemplateArgs): Sql {
  const n = rest[0] ?? trusted('null')
  const within = (part: Sql, size: Sql) => sql`cast(trunc(${n} * ${part} / ${size}) as bigint) + 1`
  return sql`case when ${v} is null or ${n} is null or ${min} is null or ${max} is null or ${n} <= 0 or ${n} = 9223372036854775807 or isnan(${v}) or ${min} = ${max} or not isfinite(${min}) or not isfinite(${max}) then null when ${min} < ${max} then case when ${v} < ${min} then 0 when ${v} >= ${max} then ${n} + 1 else ${within(sql`(${v} - ${min})`, sql`(${max} - ${min})`)} end else case when ${v} > ${min} then 0 when ${v} <= ${max} then ${n} + 1 else ${within(sql`(${min} - ${v})`, sql`(${min} - ${max})`)} end end`
}

/** An operation whose own error is null; what fails in its operands still fails. */
function tried(name: string, sign: '+' | '-' | '*' | '/' | '%', result: ResultType<unknown>) {
  const form: Template = (args, types, call) => {
    const [a, b] = types
    const wide = exactOperation(sign, args, types, call.type)
    if (wide) return sign === '/' || sign === '%' ? sql`case when ${args[1]} <> 0 then ${wide} end` : wide
    const exact =
      sign === '/' ? dividedDecimals(args, types, call.type) : decimalOperation(sign, args, types, call.type)
    if (exact) {
      const value = sql`try(${exact})`
      return sign === '/' || sign === '%' ? sql`case when ${args[1]} <> 0 then ${value} end` : value
    }
    const to = call.type
    if (a?.kind === 'interval' || b?.kind === 'interval' || to === undefined) {
      return sql`try(${args[0]} ${trusted(sign)} ${args[1]})`
    }
    const [left = args[0], right = args[1]] = operands(args, types, to)
    const divisor = sign === '/' || sign === '%' ? sql`nullif(${right}, 0)` : right
    const wider = WIDER[to.kind]
    if (wider === undefined) return sql`(${left} ${trusted(sign)} ${divisor})`
    const widened = (of: Sql) => sql`cast(${of} as ${trusted(wider)})`
    return sql`try_cast(${widened(left)} ${trusted(sign)} ${widened(divisor)} as ${duckDbDialect.typeName(to)})`
  }
  return pair(name, onlyDuckDb(form, 'It has no operation whose error is null.'), result, { natives: EXACT_NATIVES })
}
/** What holds a sum and a product of two whole numbers. */
const WIDER: Readonly<Record<string, string>> = {
  byte: 'integer',
  short: 'integer',
  integer: 'bigint',
  long: 'hugeint',
}
/** The sum; null where it overflows. */
export const tryAdd = tried('try_add', '+', resultOf('add'))
/** The difference; null where it overflows. */
export const trySubtract = tried('try_subtract', '-', resultOf('add'))
/** The product; null where it overflows. */
export const tryMultiply = tried('try_multiply', '*', resultOf('multiply'))
/** The quotient with its fraction; null for a divisor of 0. */
export const tryDivide = tried('try_divide', '/', QUOTIENTS)
/** The remainder, with the sign of the dividend; null for a divisor of 0. */
export const tryMod = tried('try_mod', '%', resultOf('mod'))
