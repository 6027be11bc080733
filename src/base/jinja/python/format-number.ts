import { fixed } from './arithmetic.ts'

/** How a formatted value is laid out in its field. */
export interface Layout {
  readonly align: '<' | '>' | '^' | '='
  readonly fill: string
  /** Zeros between sign and digits. */
  readonly zero: boolean
  readonly sign: '-' | '+' | ' '
  readonly alternate: boolean
  readonly width: number
  readonly grouping: '' | ',' | '_'
}

/** Puts `sign` and `body` into a field of the layout's width. */
export function pad(body: string, sign: string, layout: Layout): string {
  const missing = layout.width - [...sign, ...body].length
  if (missing <= 0) return sign + body
  if (layout.zero) return sign + '0'.repeat(missing) + body
  const fill = layout.fill
  switch (layout.align) {
    case '<':
      return sign + body + fill.repeat(missing)
    case '>':
      return fill.repeat(missing) + sign + body
    case '=':
      return sign + fill.repeat(missing) + body
    case '^':
      return fill.repeat(Math.floor(missing / 2)) + sign + body + fill.repeat(Math.ceil(missing / 2))
  }
}

/** `e f g %` (and capitals) of a float, as Python and C print them. */
export function formatFloat(value: number, conversion: string, precision: number, layout: Layout): string {
  const negative = value < 0 || Object.is(value, -0)
  const sign = negative ? '-' : layout.sign === '-' ? '' : layout.sign
  const magnitude = Math.abs(value)
  const kind = conversion.toLowerCase()
  let body: string
  if (!Number.isFinite(magnitude)) body = Number.isNaN(magnitude) ? 'nan' : 'inf'
  else if (kind === 'f') body = fixed(magnitude, precision)
  else if (kind === '%') body = `${fixed(magnitude * 100, precision)}%`
  else if (kind === 'general') body = shortest(magnitude, Math.max(1, precision))
  else if (kind === 'e') body = exponent(magnitude, precision)
  else body = general(magnitude, Math.max(1, precision), layout.alternate)
  if (layout.grouping) body = grouped(body, layout.grouping)
  if (conversion !== kind) body = body.toUpperCase()
  return pad(body, sign, layout)
}

function exponent(value: number, precision: number): string {
  const [mantissa = '', power = '0'] = value.toExponential(Math.min(100, precision)).split('e')
  const size = Math.abs(Number(power))
  return `${mantissa}e${Number(power) < 0 ? '-' : '+'}${String(size).padStart(2, '0')}`
}

function general(value: number, precision: number, keepZeros: boolean): string {
  const power = value === 0 ? 0 : Number(value.toExponential(Math.min(100, precision - 1)).split('e')[1])
  const text =
    power < -4 || power >= precision ? exponent(value, precision - 1) : fixed(value, Math.max(0, precision - 1 - power))
  if (keepZeros || !text.includes('.')) return text
  const [mantissa = '', tail] = text.split('e')
  const short = mantissa.replace(/\.?0+$/, '')
  return tail === undefined ? short : `${short}e${tail}`
}

/** As without a type: like `g`, but with a digit after the point, and with an exponent one digit sooner. */
function shortest(value: number, precision: number): string {
  const power = value === 0 ? 0 : Number(value.toExponential(Math.min(100, precision - 1)).split('e')[1])
  const text = general(value, power === precision - 1 ? Math.max(1, power) : precision, false)
  return /[.e]/.test(text) ? text : `${text}.0`
}

/** Thousands separators in the whole part of a number's digits. */
export function grouped(digits: string, separator: string, size = 3): string {
  const [, whole = '', rest = ''] = /^([0-9a-fA-F]*)(.*)$/s.exec(digits) ?? []
  return whole.replace(new RegExp(`\\B(?=(?:[0-9a-fA-F]{${size}})+$)`, 'g'), separator) + rest
}
