import { formatDecimal } from '../../../base/kernel/index.ts'

// Arithmetic of decimals with more digits than 38 on the way, as Java's BigDecimal has it in Spark: quotients have 39
// digits behind the point, products 39 digits, and the result is rounded half up to its type.

interface Decimal {
  readonly unscaled: bigint
  readonly scale: number
}

export type ExactOperation = '+' | '-' | '*' | '/' | '%' | 'pmod'

const MOST = 38
const KEPT = MOST + 1

/**
 * The result as text with `scale` digits behind the point; null where it has more than `precision` digits.
 * @throws Error for a remainder that has more
 */
export function exactDecimal(
  operation: ExactOperation,
  left: string,
  right: string,
  precision: number,
  scale: number,
): string | null {
  const { unscaled, scale: found } = computed(operation, decimalOf(left), decimalOf(right))
  const rounded = scale >= found ? unscaled * tens(scale - found) : quotient(unscaled, tens(found - scale))
  if (digits(rounded) <= precision) return formatDecimal(rounded, scale)
  if (operation !== 'pmod') return null
  throw new Error('[NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION] The remainder has more digits than its type')
}

function computed(operation: ExactOperation, a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale)
  const [one, two] = [a.unscaled * tens(scale - a.scale), b.unscaled * tens(scale - b.scale)]
  switch (operation) {
    case '+':
      return { unscaled: one + two, scale }
    case '-':
      return { unscaled: one - two, scale }
    case '*': {
      const product = a.unscaled * b.unscaled
      const dropped = Math.max(0, digits(product) - KEPT)
      return { unscaled: quotient(product, tens(dropped)), scale: a.scale + b.scale - dropped }
    }
    case '/':
      return { unscaled: quotient(one * tens(KEPT), two), scale: KEPT }
    case '%':
      return { unscaled: remainder(one, two), scale }
    case 'pmod': {
      const rest = remainder(one, two)
      return { unscaled: rest < 0n ? remainder(rest + two, two) : rest, scale }
    }
  }
}

/** The remainder with the sign of the dividend. @throws Error where the whole quotient has more digits than Java keeps */
function remainder(a: bigint, b: bigint): bigint {
  const whole = a / b
  if (digits(whole) > KEPT) throw new Error('[ARITHMETIC_OVERFLOW] Division impossible')
  return a - whole * b
}

/** A quotient rounded half away from zero. */
function quotient(a: bigint, b: bigint): bigint {
  const [above, below] = [a < 0n ? -a : a, b < 0n ? -b : b]
  const half = (2n * above + below) / (2n * below)
  return a < 0n === b < 0n ? half : -half
}

function tens(count: number): bigint {
  return 10n ** BigInt(count)
}

function digits(of: bigint): number {
  return of === 0n ? 0 : String(of).replace('-', '').length
}

function decimalOf(text: string): Decimal {
  const [, fraction = ''] = text.split('.')
  return { unscaled: BigInt(text.replace('.', '')), scale: fraction.length }
}
