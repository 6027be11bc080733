import { type DataType, MillraceError } from '../../../../base/kernel/index.ts'
import { join, type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { Column, named } from '../../column.ts'
import type { NamesOf, NeedsOf } from '../../column-types.ts'
import { unified } from '../../compile/unified.ts'
import { duckDbDialect } from '../../dialect/duckdb.ts'
import { extremeOfList, ordersAlike } from '../../dialect/duckdb-order.ts'
import { define, everywhere, type Forms, nullary, onlyDuckDb, type Template, unary, variadic } from '../define.ts'
import { COMMON, DOUBLE } from '../result-type.ts'
import { type NumberOrColumn, pair, takes } from './math-argument.ts'

// Every function here takes any number (or text that is one) as a double and answers as java.lang.Math does.

const NAN = trusted("cast('NaN' as double)")
const INFINITE = trusted("cast('Infinity' as double)")

/** A function of a double, and what stands in its place in an edge case, which whole numbers and decimals never are. */
function ofDouble(plain: string, edge?: (x: Sql) => readonly [when: Sql, then: Sql]): Template {
  return takes(['double'], ([x], [type]) => {
    const result = sql`${trusted(plain)}(${x})`
    if (!edge) return result
    const [when, then] = edge(x)
    return edge === infinite && !mayBeInfinite(type) ? result : sql`case when ${when} then ${then} else ${result} end`
  })
}

const infinite = (x: Sql) => [sql`isinf(${x})`, NAN] as const
const outsideOne = (x: Sql) => [sql`abs(${x}) > 1`, NAN] as const

function both(duckdb: Template, postgres: string): Forms {
  return { duckdb, postgres }
}

const NO_DOUBLE = 'Its numeric functions answer otherwise for infinities and NaN.'

/** The square root; NaN of a negative number. */
export const sqrt = unary(
  'sqrt',
  both(
    ofDouble('sqrt', (x) => [sql`${x} < 0`, NAN]),
    "case when $f1 < 0 then 'NaN' else sqrt($f1) end",
  ),
  DOUBLE,
)
export const cbrt = unary('cbrt', both(ofDouble('cbrt'), 'cbrt($f1)'), DOUBLE)
export const exp = unary(
  'exp',
  both(
    ofDouble('exp'),
    // PostgreSQL fails where the result is too great or small for a double.
    "case when $f1 = 'NaN' then $f1 when $f1 > 709.782712893384 then 'Infinity' when $f1 < -745.1332191019411 then 0 else exp($f1) end",
  ),
  DOUBLE,
)
/** `exp(x) - 1` without losing the digits of a small `x` (Kahan's form). */
export const expm1 = unary(
  'expm1',
  onlyDuckDb(
    takes(
      ['double'],
      ([x]) =>
        sql`case when abs(${x}) < 1e-5 then ${x} + ${x} * ${x} / 2 + ${x} * ${x} * ${x} / 6 when abs(${x}) < 1 then (exp(${x}) - 1) * ${x} / ln(exp(${x})) else exp(${x}) - 1 end`,
    ),
    NO_DOUBLE,
  ),
  DOUBLE,
)

/** A logarithm: null of what is not positive. */
function logarithm(plain: string): Template {
  return takes(['double'], ([x]) => sql`${trusted(plain)}(case when ${x} > 0 then ${x} end)`)
}

/** The natural logarithm; null of what is not positive. */
export const ln = unary('ln', both(logarithm('ln'), 'ln(case when $f1 > 0 then $f1 end)'), DOUBLE)
function logBuilder<const A extends NumberOrColumn>(column: A): Column<number | null, string, NamesOf<A>, NeedsOf<A>>
function logBuilder<const A extends NumberOrColumn, const B extends NumberOrColumn>(
  base: A,
  column: B,
): Column<number | null, string, NamesOf<A> | NamesOf<B>, NeedsOf<A> & NeedsOf<B>>
function logBuilder(...args: readonly NumberOrColumn[]): Column<number | null, string> {
  return new Column({ kind: 'call', fn: 'log', args: args.map(named) })
}
/** The natural logarithm, or with two arguments that of the second to the base of the first; null of what is not positive. */
export const log = Object.assign(logBuilder, {
  definition: define(
    'log',
    {
      duckdb: takes(['double'], (args) => {
        const positive = (x: Sql) => sql`ln(case when ${x} > 0 then ${x} end)`
        return args.length === 1 ? positive(args[0]) : sql`(${positive(args[1])} / ${positive(args[0])})`
      }),
      postgres: (args, _types, call) =>
        args.length === 1
          ? sql`ln(case when ${args[0]} > 0 then cast(${args[0]} as double precision) end)`
          : call.refuse('to a base', 'Divide two logarithms.'),
    },
    DOUBLE,
  ),
})
/** The logarithm of 1 + x, exact for a small x; null from −1 down. */
export const log1p = unary(
  'log1p',
  onlyDuckDb(
    takes(
      ['double'],
      ([x]) =>
        sql`case when ${x} <= -1 then null when isinf(${x}) then ${x} when 1 + ${x} = 1 then ${x} else ln(1 + ${x}) * ${x} / ((1 + ${x}) - 1) end`,
    ),
    NO_DOUBLE,
  ),
  DOUBLE,
)
export const log2 = unary(
  'log2',
  both(
    logarithm('log2'),
    // The logarithm of a numeric is right to the last digit, where ln($1) / ln(2) is not.
    'cast(case when $f1 > 0 and $f1 < 1e-300 then ln($f1) / ln(2.0) when $f1 > 0 then log(cast(2 as numeric), cast(cast($f1 as text) as numeric)) end as double precision)',
  ),
  DOUBLE,
)
export const log10 = unary('log10', both(logarithm('log10'), 'log10(case when $f1 > 0 then $f1 end)'), DOUBLE)

export const sin = unary('sin', both(ofDouble('sin', infinite), 'sin($f1)'), DOUBLE)
export const cos = unary('cos', both(ofDouble('cos', infinite), 'cos($f1)'), DOUBLE)
export const tan = unary('tan', both(ofDouble('tan', infinite), 'tan($f1)'), DOUBLE)
/** 1 / tan x; infinite at 0. */
export const cot = unary('cot', onlyDuckDb(reciprocal('tan'), NO_DOUBLE), DOUBLE)
/** 1 / cos x. */
export const sec = unary('sec', onlyDuckDb(reciprocal('cos'), NO_DOUBLE), DOUBLE)
/** 1 / sin x; infinite at 0. */
export const csc = unary('csc', onlyDuckDb(reciprocal('sin'), NO_DOUBLE), DOUBLE)
/** The angle of a sine; NaN outside of −1 to 1. */
export const asin = unary(
  'asin',
  both(ofDouble('asin', outsideOne), "case when abs($f1) > 1 then 'NaN' else asin($f1) end"),
  DOUBLE,
)
/** The angle of a cosine; NaN outside of −1 to 1. */
export const acos = unary(
  'acos',
  both(ofDouble('acos', outsideOne), "case when abs($f1) > 1 then 'NaN' else acos($f1) end"),
  DOUBLE,
)
export const atan = unary('atan', both(ofDouble('atan'), 'atan($f1)'), DOUBLE)
/** The angle of the point (x, y); `atan2(y, x)`. */
export const atan2 = pair(
  'atan2',
  {
    // Spark adds a zero, so that a negative zero is one like any other.
    duckdb: takes(['double'], ([y, x]) => sql`atan2(${y} + 0e0, ${x} + 0e0)`),
    postgres: 'atan2($f1, $f2)',
  },
  DOUBLE,
)
export const sinh = unary('sinh', onlyDuckDb(ofDouble('sinh'), NO_DOUBLE), DOUBLE)
export const cosh = unary('cosh', onlyDuckDb(ofDouble('cosh'), NO_DOUBLE), DOUBLE)
export const tanh = unary('tanh', onlyDuckDb(ofDouble('tanh'), NO_DOUBLE), DOUBLE)
export const asinh = unary('asinh', onlyDuckDb(ofDouble('asinh'), NO_DOUBLE), DOUBLE)
export const acosh = unary('acosh', onlyDuckDb(ofDouble('acosh'), NO_DOUBLE), DOUBLE)
export const atanh = unary(
  'atanh',
  onlyDuckDb(
    // DuckDB's is infinite at both ends.
    takes(
      ['double'],
      ([x]) =>
        sql`case when abs(${x}) > 1 then ${NAN} when ${x} = -1 then cast('-Infinity' as double) else atanh(${x}) end`,
    ),
    NO_DOUBLE,
  ),
  DOUBLE,
)

function reciprocal(plain: string): Template {
  return takes(['double'], ([x]) => sql`case when isinf(${x}) then ${NAN} else 1e0 / ${trusted(plain)}(${x}) end`)
}

/** Radians of degrees. */
export const radians = unary('radians', both(ofDouble('radians'), 'radians($f1)'), DOUBLE)
/** The same as `radians`. */
export const toRadians = radians
/** Degrees of radians. */
export const degrees = unary('degrees', both(ofDouble('degrees'), 'degrees($f1)'), DOUBLE)
/** The same as `degrees`. */
export const toDegrees = degrees

const POSTGRES_POWER =
  "case when $f2 = 'NaN' or (abs($f1) = 1 and abs($f2) = 'Infinity') then 'NaN' when $f1 = 0 and $f2 < 0 then 'Infinity' when $f1 = '-Infinity' and $f2 <> floor($f2) and $f2 > 0 then 'Infinity' when $f1 = '-Infinity' and $f2 <> floor($f2) then 0 when $f1 < 0 and $f1 > '-Infinity' and $f2 <> floor($f2) then 'NaN' else power($f1, $f2) end"
// In Java, unlike in C, no power of NaN or of an infinity is 1, save the power 0.
const powerOf: Template = takes(
  ['double'],
  ([x, y]) => sql`case when isnan(${y}) or (isinf(${y}) and abs(${x}) = 1) then ${NAN} else pow(${x}, ${y}) end`,
)

/** The first to the power of the second, as a double. */
export const pow = pair('pow', { duckdb: powerOf, postgres: POSTGRES_POWER }, DOUBLE)
/** The same as `pow`. */
export const power = pair('power', { duckdb: powerOf, postgres: POSTGRES_POWER }, DOUBLE)
/** The length of the hypotenuse, without overflow in between; infinite when a side is. */
export const hypot = pair(
  'hypot',
  onlyDuckDb(
    takes(['double'], ([x, y]) => {
      const [long, short] = [sql`greatest(abs(${x}), abs(${y}))`, sql`least(abs(${x}), abs(${y}))`]
      const within = sql`${long} < 1e150 and ${long} > 1e-150`
      return sql`case when ${x} is null or ${y} is null then null when isinf(${x}) or isinf(${y}) then ${INFINITE} when ${long} = 0 then 0e0 when ${within} then sqrt(${x} * ${x} + ${y} * ${y}) else ${long} * sqrt(1 + (${short} / ${long}) * (${short} / ${long})) end`
    }),
    NO_DOUBLE,
  ),
  DOUBLE,
)

const signOf: Template = takes(
  ['double'],
  ([x]) => sql`case when ${x} = 0 or isnan(${x}) then ${x} else cast(sign(${x}) as double) end`,
)
/** −1, 0 or 1, as a double. */
export const signum = unary('signum', both(signOf, "case when $f1 = 'NaN' then $f1 else sign($f1) end"), DOUBLE)
/** The same as `signum`. */
export const sign = unary('sign', both(signOf, "case when $f1 = 'NaN' then $f1 else sign($f1) end"), DOUBLE)

/** One of several values by their order. Text is not converted to what it is compared with here, unlike elsewhere. */
function chosen(name: string, which: 'min' | 'max') {
  const form: Template = (args, types, call) => {
    const others = types.flatMap((type) => (type && type.kind !== 'null' && type.kind !== 'string' ? [type.kind] : []))
    if (others.length > 0 && types.some((type) => type?.kind === 'string')) {
      throw new MillraceError('COLUMN_TYPE', `${name}() compares values of one type, and got string and ${others[0]}`, {
        hint: "Convert one of them first, by col('…').cast('…').",
      })
    }
    if (ordersAlike(call.type)) return `${name}($u*)`
    const same = unified(
      args.map((arg, i) => ({ sql: arg, type: types[i] })),
      duckDbDialect,
    )
    return extremeOfList(sql`[${join(same.map((one) => one.sql))}]`, call.type, which)
  }
  return { duckdb: form, postgres: `${name}($v*)` }
}

/** The greatest value that is not null. */
export const greatest = variadic('greatest', chosen('greatest', 'max'), COMMON)
/** The least value that is not null. */
export const least = variadic('least', chosen('least', 'min'), COMMON)

export const pi = nullary('pi', everywhere('pi()'), DOUBLE)
export const e = nullary('e', { duckdb: 'exp(1e0)', postgres: 'exp(cast(1 as double precision))' }, DOUBLE)

/** Whether values of a type may be NaN or infinite. */
function mayBeInfinite(type: DataType | undefined): boolean {
  return type === undefined || ['float', 'double', 'string'].includes(type.kind)
}
