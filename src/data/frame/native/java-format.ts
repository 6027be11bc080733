import { formatDecimal } from '../../../base/kernel/index.ts'
import type { ColumnData } from '../../engine/index.ts'
import { isValid } from '../../engine/index.ts'

// What Java's Formatter makes of a pattern (java.util.Formatter, JDK 17), for the conversions of texts and numbers.

/** A value as Spark hands it to Java: dates are days, timestamps microseconds. */
type Given =
  | { readonly kind: 'null' }
  | { readonly kind: 'text' | 'decimal'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'whole'; readonly value: bigint; readonly bits: number }
  | { readonly kind: 'float'; readonly value: number; readonly shown: string }

const BITS: Readonly<Record<string, number>> = { byte: 8, short: 16, integer: 32, date: 32 }

/** What each row's pattern becomes with the row's arguments; null for a pattern that is null. */
export function formatRows([patterns, ...columns]: readonly ColumnData[], rows: number): (string | null)[] {
  if (patterns?.layout !== 'bytes') return Array.from({ length: rows }, () => null)
  const texts = Buffer.from(patterns.bytes.buffer, patterns.bytes.byteOffset, patterns.bytes.byteLength)
  const readers = columns.map(readerOf)
  return Array.from({ length: rows }, (_, row) => {
    if (!isValid(patterns.validity, row)) return null
    const pattern = texts.toString('utf8', patterns.offsets[row], patterns.offsets[row + 1])
    return formatted(
      pattern,
      readers.map((read) => read(row)),
    )
  })
}

function readerOf(column: ColumnData): (row: number) => Given {
  const read = validReader(column)
  return (row) => (isValid(column.validity, row) ? read(row) : { kind: 'null' })
}

function validReader(column: ColumnData): (row: number) => Given {
  if (column.layout === 'bytes') {
    const buffer = Buffer.from(column.bytes.buffer, column.bytes.byteOffset, column.bytes.byteLength)
    const kind = column.type.kind === 'decimal' ? 'decimal' : 'text'
    return (row) => ({ kind, value: buffer.toString('utf8', column.offsets[row], column.offsets[row + 1]) })
  }
  if (column.layout !== 'fixed') throw wrong('an array, map or struct is no value of a pattern')
  const { type, values } = column
  switch (type.kind) {
    case 'null':
      return () => ({ kind: 'null' })
    case 'boolean':
      return (row) => ({ kind: 'boolean', value: values[row] !== 0 })
    case 'decimal':
      return (row) => ({ kind: 'decimal', value: formatDecimal(values[row] as bigint, type.scale) })
    case 'float':
    case 'double':
      return (row) => ({
        kind: 'float',
        value: values[row] as number,
        shown: javaDouble(values[row] as number, type.kind),
      })
    default:
      return (row) => ({ kind: 'whole', value: BigInt(values[row] as number), bits: BITS[type.kind] ?? 64 })
  }
}

const SPECIFIER = /%(?:(\d+)\$)?([-#+ 0,(<]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])|%/g

function formatted(pattern: string, args: readonly Given[]): string {
  let next = 0
  let last = -1
  return pattern.replaceAll(SPECIFIER, (token, index, flags = '', width, precision, letter?: string) => {
    if (letter === undefined) throw wrong(`Conversion = '%'`)
    if (!allowed(letter, flags, width, precision)) throw wrong(`Format specifier '${token}'`)
    if (letter === 'n') return '\n'
    if (letter === '%') return padded('%', flags, width)
    if (flags.includes('<')) {
      if (last < 0) throw wrong(`Format specifier '${token}'`)
    } else if (index === undefined) {
      last = next
      next += 1
    } else last = Number(index) - 1
    const given = args[last]
    if (given === undefined) throw wrong(`Format specifier '${token}'`)
    const text = converted(letter.toLowerCase(), given, { flags, width, precision })
    const whole = padded(text, flags, width)
    if (letter === letter.toLowerCase()) return whole
    if (!'BHSCXEG'.includes(letter)) throw wrong(`Conversion = '${letter}'`)
    return whole.toUpperCase()
  })
}

/** The flags of each conversion; `.` for a precision. */
const FLAGS: Readonly<Record<string, string>> = {
  s: '-<.', b: '-<.', c: '-<', d: '-+ 0,(<', x: '-#0+ ,(<', o: '-#0+ ,(<', e: '-#+ 0(<.', f: '-#+ 0,(<.', g: '-+ 0,(<.', '%': '-', n: '',
} // biome-ignore format: a table

function allowed(letter: string, flags: string, width: string | undefined, precision: string | undefined): boolean {
  const known = FLAGS[letter.toLowerCase()]
  if (known === undefined) return true
  if (precision !== undefined && !known.includes('.')) return false
  if (letter === 'n') return flags === '' && width === undefined
  if (/[-0]/.test(flags) && width === undefined) return false
  if (new Set(flags).size < flags.length || /(?=.*-)(?=.*0)|(?=.*\+)(?=.* )/.test(flags)) return false
  return [...flags].every((flag) => known.includes(flag))
}

interface Options {
  readonly flags: string
  readonly width: string | undefined
  readonly precision: string | undefined
}

function padded(text: string, flags: string, width: string | undefined): string {
  if (width === undefined) return text
  return flags.includes('-') ? text.padEnd(Number(width)) : text.padStart(Number(width))
}

function converted(letter: string, given: Given, options: Options): string {
  const cut = (text: string) =>
    options.precision === undefined ? text : text.slice(0, Number(options.precision)).replace(/[\ud800-\udbff]$/, '?')
  switch (letter) {
    case 's':
      return cut(given.kind === 'null' ? 'null' : given.kind === 'float' ? given.shown : String(given.value))
    case 'b':
      return cut(given.kind === 'null' ? 'false' : given.kind === 'boolean' ? String(given.value) : 'true')
    case 'c':
      if (given.kind === 'null') return 'null'
      if (given.kind !== 'whole' || given.bits > 32) throw mismatch(letter, given)
      return String.fromCodePoint(Number(given.value))
    case 'd':
      if (given.kind === 'null') return 'null'
      if (given.kind !== 'whole') throw mismatch(letter, given)
      return signed(given.value < 0n, grouped(String(given.value).replace('-', ''), options.flags), options)
    case 'x':
    case 'o': {
      if (given.kind === 'null') return 'null'
      if (given.kind !== 'whole' || /[+ ,(]/.test(options.flags)) throw mismatch(letter, given)
      const digits = BigInt.asUintN(given.bits, given.value).toString(letter === 'x' ? 16 : 8)
      const prefix = options.flags.includes('#') ? (letter === 'x' ? '0x' : '0') : ''
      return prefix + zeroFilled(digits, options, prefix.length)
    }
    case 'e':
    case 'f':
    case 'g':
      if (given.kind === 'null') return cut('null')
      if (given.kind !== 'float') throw mismatch(letter, given)
      return floating(letter, given.value, options)
    default:
      throw wrong(`Conversion = '${letter}'`)
  }
}

function floating(letter: 'e' | 'f' | 'g', value: number, options: Options): string {
  if (!Number.isFinite(value)) {
    const text = Number.isNaN(value) ? 'NaN' : 'Infinity'
    if (value < 0) return options.flags.includes('(') ? `(${text})` : `-${text}`
    return value > 0 && options.flags.includes('+') ? `+${text}` : text
  }
  const digits = options.precision === undefined ? 6 : Number(options.precision)
  const negative = value < 0 || Object.is(value, -0)
  // Java rounds the digits of the shortest text, half up.
  const { unscaled, exponent } = shortest(javaDouble(value, 'double'))
  if (letter === 'f') return signed(negative, grouped(fixed(unscaled, exponent, digits), options.flags), options)
  if (letter === 'e') return signed(negative, scientific(unscaled, exponent, digits), options)
  const precision = Math.max(digits, 1)
  const rounded = Number(scientific(unscaled, exponent, precision - 1))
  if (rounded !== 0 && (rounded < 1e-4 || rounded >= 10 ** precision)) {
    return signed(negative, scientific(unscaled, exponent, precision - 1), options)
  }
  const whole = rounded === 0 ? 1 : Math.floor(Math.log10(rounded) + 1e-12) + 1
  return signed(negative, grouped(fixed(unscaled, exponent, Math.max(0, precision - whole)), options.flags), options)
}

/** The digits of a text of Java as a whole number, and the power of ten it is multiplied by. */
function shortest(shown: string): { unscaled: bigint; exponent: number } {
  const [mantissa = '0', power = '0'] = shown.replace(/^-/, '').split('E')
  const [whole = '', fraction = ''] = mantissa.split('.')
  return { unscaled: BigInt(whole + fraction), exponent: Number(power) - fraction.length }
}

function roundedTo(unscaled: bigint, dropped: number): bigint {
  if (dropped <= 0) return unscaled * 10n ** BigInt(-dropped)
  const unit = 10n ** BigInt(dropped)
  return (unscaled + unit / 2n) / unit
}

function fixed(unscaled: bigint, exponent: number, digits: number): string {
  return formatDecimal(roundedTo(unscaled, -exponent - digits), digits)
}

function scientific(unscaled: bigint, exponent: number, digits: number): string {
  if (unscaled === 0n) return `${fixed(0n, 0, digits)}e+00`
  let length = String(unscaled).length
  let rounded = roundedTo(unscaled, length - 1 - digits)
  if (String(rounded).length > digits + 1) {
    rounded /= 10n
    length += 1
  }
  const power = exponent + length - 1
  return `${formatDecimal(rounded, digits)}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

function grouped(digits: string, flags: string): string {
  return flags.includes(',') ? digits.replace(/^\d+/, (whole) => whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')) : digits
}

function signed(negative: boolean, digits: string, options: Options): string {
  const { flags } = options
  const before = negative
    ? flags.includes('(')
      ? '('
      : '-'
    : flags.includes('+')
      ? '+'
      : flags.includes(' ')
        ? ' '
        : ''
  const behind = negative && flags.includes('(') ? ')' : ''
  return before + zeroFilled(digits, options, before.length + behind.length) + behind
}

function zeroFilled(digits: string, { flags, width }: Options, taken: number): string {
  return flags.includes('0') && width !== undefined ? digits.padStart(Number(width) - taken, '0') : digits
}

/** A floating-point number as Java's `toString` writes it. */
export function javaDouble(value: number, kind: string): string {
  if (!Number.isFinite(value)) return String(value)
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const text = kind === 'float' ? shortestFloat(value) : shortestDouble(Math.abs(value))
  const [mantissa = '', power = '0'] = text.split('e')
  const digits = mantissa.replace('.', '')
  const exponent = Number(power)
  const sign = value < 0 ? '-' : ''
  if (exponent < -3 || exponent >= 7) return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent}`
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`
}

/** Of two digits at least, where those are nearer to the value. */
function shortestDouble(value: number): string {
  const text = value.toExponential()
  if (/^\d\.|^\d\de/.test(text)) return text
  const two = value.toExponential(1)
  return Number(two) === value && !/^\d\.0/.test(two) ? two : text
}

function shortestFloat(value: number): string {
  for (let digits = 1; digits <= 9; digits += 1) {
    const text = Math.abs(value).toExponential(digits - 1)
    if (Math.fround(Number(text)) === Math.abs(value)) return text.replace(/\.?0+(?=e)/, '')
  }
  return Math.abs(value).toExponential()
}

const JAVA: Readonly<Record<Given['kind'], string>> = {
  null: 'null',
  text: 'text',
  decimal: 'decimal',
  boolean: 'boolean',
  whole: 'whole number',
  float: 'double',
}

function mismatch(letter: string, given: Given): Error {
  return wrong(`%${letter} is not for a ${JAVA[given.kind]}`)
}

function wrong(text: string): Error {
  return new Error(`[INVALID_PARAMETER_VALUE.PATTERN] ${text}`)
}
