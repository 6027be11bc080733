import { bySign } from './compare.ts'
import { float, isFloat, isInt } from './float.ts'
import { EQUALS, OPERATE, REPR, STR, TRUTH, TYPE_NAME } from './protocol.ts'
import { PythonError, typeError } from './python-error.ts'

/** Significant digits of a division, as Python's default context has it. */
const PRECISION = 28

/** Python's `decimal.Decimal`, which database drivers give for numbers with a fixed scale. It keeps its zeros. */
export class Decimal {
  readonly unscaled: bigint
  /** Digits after the point. */
  readonly scale: number

  constructor(unscaled: bigint, scale: number) {
    this.unscaled = unscaled
    this.scale = scale
  }

  /** Of the digits of a number, with or without a point and an exponent; `undefined` for other text. */
  static of(text: string): Decimal | undefined {
    const [, sign = '', whole = '', fraction = '', exponent = '0'] =
      /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text.trim()) ?? []
    if (whole === '' && fraction === '') return undefined
    const unscaled = BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`)
    const scale = fraction.length - Number(exponent)
    return scale >= 0 ? new Decimal(unscaled, scale) : new Decimal(unscaled * 10n ** BigInt(-scale), 0)
  }

  toNumber(): number {
    return Number(this[STR]())
  }

  /** The whole part, towards zero. */
  whole(): bigint {
    return this.unscaled / 10n ** BigInt(this.scale)
  }

  [OPERATE](operator: string, other: unknown, reversed: boolean): unknown {
    const given = decimalOf(other)
    if (!given) {
      // Comparing with a float is exact enough; calculating with one Python refuses.
      if (!isFloat(other)) return undefined
      const [a, b] = reversed ? [Number(other), this.toNumber()] : [this.toNumber(), Number(other)]
      const holds = bySign(operator, a < b ? -1 : a > b ? 1 : 0)
      if (holds !== undefined) return holds
      throw typeError(
        `unsupported operand type(s) for ${operator}: ${reversed ? "'float' and 'decimal.Decimal'" : "'decimal.Decimal' and 'float'"}`,
      )
    }
    const [left, right] = reversed ? [given, this] : [this, given]
    return calculate(operator, left, right)
  }

  [EQUALS](other: unknown): boolean {
    const given = decimalOf(other)
    if (!given) return isFloat(other) && Number(other) === this.toNumber()
    const [a, b] = aligned(this, given)
    return a === b
  }

  [TRUTH](): boolean {
    return this.unscaled !== 0n
  }

  [STR](): string {
    const digits = (this.unscaled < 0n ? -this.unscaled : this.unscaled).toString().padStart(this.scale + 1, '0')
    const at = digits.length - this.scale
    const sign = this.unscaled < 0n ? '-' : ''
    return this.scale === 0 ? sign + digits : `${sign}${digits.slice(0, at)}.${digits.slice(at)}`
  }

  [REPR](): string {
    return `Decimal('${this[STR]()}')`
  }

  get [TYPE_NAME](): string {
    return 'decimal.Decimal'
  }
}

function decimalOf(value: unknown): Decimal | undefined {
  if (value instanceof Decimal) return value
  if (typeof value === 'boolean') return new Decimal(value ? 1n : 0n, 0)
  return isInt(value) ? new Decimal(BigInt(value), 0) : undefined
}

function aligned(left: Decimal, right: Decimal): readonly [bigint, bigint, number] {
  const scale = Math.max(left.scale, right.scale)
  const up = (value: Decimal): bigint => value.unscaled * 10n ** BigInt(scale - value.scale)
  return [up(left), up(right), scale]
}

function calculate(operator: string, left: Decimal, right: Decimal): unknown {
  const [a, b, scale] = aligned(left, right)
  switch (operator) {
    case '+':
      return new Decimal(a + b, scale)
    case '-':
      return new Decimal(a - b, scale)
    case '*':
      return new Decimal(left.unscaled * right.unscaled, left.scale + right.scale)
    case '/':
      return divide(left, right)
    case '//':
    case '%': {
      if (b === 0n) throw new PythonError('ZeroDivisionError', 'decimal division by zero')
      // Towards zero, unlike Python's other numbers.
      return operator === '%' ? new Decimal(a % b, scale) : new Decimal(a / b, 0)
    }
    case '**':
      return float(left.toNumber() ** right.toNumber())
    default:
      return bySign(operator, a < b ? -1 : a > b ? 1 : 0)
  }
}

function divide(left: Decimal, right: Decimal): Decimal {
  if (right.unscaled === 0n) throw new PythonError('ZeroDivisionError', 'decimal division by zero')
  const [a, b] = aligned(left, right)
  const ideal = Math.max(0, left.scale - right.scale)
  const whole = (a < 0n ? -a : a) / (b < 0n ? -b : b)
  const places = Math.max(0, PRECISION - (whole === 0n ? 0 : whole.toString().length))
  const scaled = (a * 10n ** BigInt(places)) / b
  const twice = 2n * (a * 10n ** BigInt(places) - scaled * b)
  const nearest = (twice < 0n ? -twice : twice) >= (b < 0n ? -b : b) ? scaled + (a < 0n === b < 0n ? 1n : -1n) : scaled
  let [unscaled, scale] = [nearest, places]
  while (scale > ideal && unscaled % 10n === 0n) {
    unscaled /= 10n
    scale -= 1
  }
  return new Decimal(unscaled, scale)
}
