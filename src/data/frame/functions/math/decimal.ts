import type { DataType } from '../../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { type ExactOperation, exactDecimal } from '../../native/exact-decimal.ts'
import { type Native, nativeOf } from '../native.ts'
import { digitsOf } from '../result-type.ts'
import { raised } from './math-argument.ts'

// Exact arithmetic of decimals in DuckDB as Spark has it. DuckDB computes decimals of up to 18 digits in 64 bits and
// fails where a result would have more, and it divides them as doubles.

type Decimal = Extract<DataType, { kind: 'decimal' }>

const TOO_FINE = raised(
  'ARITHMETIC_OVERFLOW',
  'DuckDB computes decimals with 38 digits: cast them to fewer digits behind the point',
)

/** Digits that DuckDB keeps in 64 bits. */
const NARROW = 18

function typeText({ precision, scale }: { readonly precision: number; readonly scale: number }): Sql {
  return trusted(`decimal(${precision},${scale})`)
}

/** A sum, difference, product or remainder as the decimal that Spark gives; undefined when it is none. */
export function decimalOperation(
  sign: '+' | '-' | '*' | '%',
  [left, right]: readonly [Sql, Sql, ...Sql[]],
  [a, b]: readonly (DataType | undefined)[],
  to: DataType | undefined,
): Sql | undefined {
  if (to?.kind !== 'decimal' || !a || !b) return undefined
  const [one, two] = [digitsOf(a, left), digitsOf(b, right)]
  if (!one || !two) return undefined
  if (sign === '*') return multiplied(left, right, one, two, to)
  // Both operands with all of their digits; what of the result is given up is given up afterwards.
  const scale = Math.max(one.scale, two.scale)
  const before = Math.max(one.precision - one.scale, two.precision - two.scale) + (sign === '%' ? 0 : 1)
  const wide = { precision: Math.min(38, before + scale), scale }
  const value = sql`(cast(${left} as ${typeText(wide)}) ${trusted(sign)} cast(${right} as ${typeText(wide)}))`
  return sql`cast(${value} as ${typeText(to)})`
}

function multiplied(
  left: Sql,
  right: Sql,
  one: { readonly precision: number; readonly scale: number },
  two: { readonly precision: number; readonly scale: number },
  to: Decimal,
): Sql {
  const exact = one.scale + two.scale <= 38
  const narrow = one.precision + two.precision <= NARROW
  const first = {
    precision: narrow ? one.precision : Math.max(NARROW + 1, one.precision),
    scale: exact ? one.scale : Math.min(one.scale, to.scale),
  }
  const second = exact ? two : { precision: two.precision, scale: Math.max(0, Math.min(two.scale, 38 - first.scale)) }
  const [one38, two38] = [shortened(left, one, first), shortened(right, two, second)]
  return sql`cast((${one38} * ${two38}) as ${typeText(to)})`
}

const EXACT = nativeOf('exact_decimal', { kind: 'string' }, exactDecimal)
/** What decimals are computed by with more digits than DuckDB has. */
export const EXACT_NATIVES: readonly Native[] = [EXACT]

/**
 * An operation of decimals that may need more than 38 digits on the way, in this process: null where the result has
 * more digits than its type. Undefined when DuckDB has all the digits that there may be.
 */
export function exactOperation(
  operation: ExactOperation,
  [left, right]: readonly [Sql, Sql, ...Sql[]],
  [a, b]: readonly (DataType | undefined)[],
  to: DataType | undefined,
): Sql | undefined {
  if (to?.kind !== 'decimal' || !a || !b) return undefined
  const [one, two] = [digitsOf(a, left), digitsOf(b, right)]
  if (!one || !two || digitsOnTheWay(operation, one, two, to) <= 38) return undefined
  const text = (of: Sql, { precision, scale }: { readonly precision: number; readonly scale: number }) =>
    sql`cast(cast(${of} as ${typeText({ precision, scale })}) as varchar)`
  const size = [trusted(String(to.precision)), trusted(String(to.scale))]
  const made = EXACT.call(trusted(`'${operation}'`), text(left, one), text(right, two), ...size)
  return sql`cast(${made} as ${typeText(to)})`
}

function digitsOnTheWay(
  operation: ExactOperation,
  one: { readonly precision: number; readonly scale: number },
  two: { readonly precision: number; readonly scale: number },
  to: Decimal,
): number {
  if (operation === '*') return one.precision + two.precision + 1
  const scale = Math.max(one.scale, two.scale)
  if (operation !== '/') return Math.max(one.precision - one.scale, two.precision - two.scale) + scale + 1
  const shift = to.scale + two.scale - one.scale
  return 1 + Math.max(one.precision + Math.max(0, shift), two.precision + Math.max(0, -shift))
}

/** An operand with fewer digits behind the point, so that DuckDB has room for the product; others than 0 are not lost. */
function shortened(
  of: Sql,
  from: { readonly scale: number },
  to: { readonly precision: number; readonly scale: number },
): Sql {
  const short = sql`cast(${of} as ${typeText(to)})`
  return from.scale <= to.scale
    ? short
    : sql`case when ${short} = ${of} then ${short} when ${of} is not null then ${TOO_FINE} end`
}

/** A decimal without its point, as a whole number of 128 bits. */
function unscaled(of: Sql, { precision, scale }: { readonly precision: number; readonly scale: number }): Sql {
  const typed = sql`cast(${of} as ${typeText({ precision, scale })})`
  if (scale === 0) return sql`cast(${typed} as hugeint)`
  if (precision + scale > 38) return sql`cast(replace(cast(${typed} as varchar), '.', '') as hugeint)`
  return sql`cast(${typed} * cast(1${trusted('0'.repeat(scale))} as decimal(${trusted(String(38 - precision))},0)) as hugeint)`
}

/** A quotient of whole numbers, rounded half away from zero, with its last `scale` digits behind the point. */
function rounded(dividend: Sql, divisor: Sql, to: Decimal): Sql {
  const [above, below] = [sql`abs(${dividend})`, sql`abs(${divisor})`]
  // Twice the rest would not always fit into 128 bits.
  const half = sql`(${above} // ${below} + case when ${above} % ${below} >= ${below} - ${above} % ${below} then 1 else 0 end)`
  const signed = sql`(${half} * case when (${dividend} < 0) <> (${divisor} < 0) then -1 else 1 end)`
  return pointed(signed, to)
}

/** A whole number with a point before its last `scale` digits. */
function pointed(of: Sql, to: Decimal): Sql {
  if (to.scale === 0) return sql`cast(${of} as ${typeText(to)})`
  const unit = trusted(`cast(0.${'0'.repeat(to.scale - 1)}1 as decimal(${to.scale},${to.scale}))`)
  return sql`cast((cast(${of} as decimal(38,0)) * ${unit}) as ${typeText(to)})`
}

/** An exact quotient as the decimal that Spark gives; undefined when it is none. */
export function dividedDecimals(
  [left, right]: readonly [Sql, Sql, ...Sql[]],
  [a, b]: readonly (DataType | undefined)[],
  to: DataType | undefined,
): Sql | undefined {
  if (to?.kind !== 'decimal' || !a || !b) return undefined
  const [one, two] = [digitsOf(a, left), digitsOf(b, right)]
  if (!one || !two) return undefined
  const shift = to.scale + two.scale - one.scale
  if (Math.abs(shift) > 37) {
    return sql`cast(case when ${left} is not null and ${right} is not null then ${TOO_FINE} end as ${typeText(to)})`
  }
  const factor = (digits: number) => trusted(`1${'0'.repeat(Math.max(0, digits))}`)
  const dividend = sql`(${unscaled(left, one)} * ${factor(shift)})`
  const divisor = sql`(${unscaled(right, two)} * ${factor(-shift)})`
  const quotient = rounded(dividend, divisor, to)
  // Beside a null nothing is computed that could overflow.
  const wide = one.precision + Math.max(0, shift) >= 38 || two.precision + Math.max(0, -shift) >= 38
  return wide ? sql`case when ${left} is not null and ${right} is not null then ${quotient} end` : quotient
}

/** The average of decimals as a template: their exact sum by their count. */
export function averagedDecimals({ precision, scale }: Decimal, to: Decimal): string {
  const digits = 'sum($1)$over'
  // A sum of up to ten thousand million values; its digits without the point, by a product while there is room.
  const sum =
    precision + 10 + scale <= 38
      ? `cast(${digits} * cast(1${'0'.repeat(scale)} as decimal(${scale + 1},0)) as hugeint)`
      : `cast(replace(cast(${digits} as varchar), '.', '') as hugeint)`
  const dividend = `(${sum} * 1${'0'.repeat(to.scale - scale)})`
  const count = 'cast(count($1)$over as hugeint)'
  const half = `((2 * abs(${dividend}) + ${count}) // (2 * ${count}))`
  const signed = `(${half} * case when ${digits} < 0 then -1 else 1 end)`
  const unit = `cast(0.${'0'.repeat(to.scale - 1)}1 as decimal(${to.scale},${to.scale}))`
  return `case when count($1)$over > 0 then cast((cast(${signed} as decimal(38,0)) * ${unit}) as decimal(${to.precision},${to.scale})) end`
}
