import type { DataType } from '../../base/kernel/index.ts'

/** A value as Spark's `show` writes it (`ToPrettyString`): numbers as Java does, binary in hexadecimal digits. */
export function shownValue(value: unknown, type: DataType): string {
  if (value === null || value === undefined) return 'NULL'
  switch (type.kind) {
    case 'float':
      return javaNumber(Number(value), floatDigits(Number(value)))
    case 'double':
      return javaNumber(Number(value), doubleDigits(Math.abs(Number(value))))
    case 'date':
    case 'timestamp':
    case 'timestamp_ntz':
      return momentText(String(value))
    case 'binary':
      return `[${Array.from(value as Uint8Array, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ')}]`
    case 'array':
      return `[${(value as readonly unknown[]).map((item) => shownValue(item, type.element)).join(', ')}]`
    case 'map':
      return `{${[...(value as ReadonlyMap<unknown, unknown>)]
        .map(([key, item]) => `${shownValue(key, type.key)} -> ${shownValue(item, type.value)}`)
        .join(', ')}}`
    case 'struct': {
      const members = value as Readonly<Record<string, unknown>>
      return `{${type.fields.map((field) => shownValue(members[field.name], field.type)).join(', ')}}`
    }
    default:
      return String(value)
  }
}

/** The fewest digits that name this double, but two at least. */
function doubleDigits(size: number): string {
  const text = String(size)
  return /^0*[1-9]0*(e|$)/.test(text.replace('.', '')) ? size.toPrecision(2) : text
}

/** The fewest digits that name this float. */
function floatDigits(value: number): string {
  for (let digits = 1; digits < 9; digits += 1) {
    const text = value.toPrecision(digits)
    if (Math.fround(Number(text)) === value) return String(Math.abs(Number(text)))
  }
  return String(Math.abs(value))
}

/** A number by its digits as Java writes it: between 0.001 and 10,000,000 with a point, else with an exponent. */
function javaNumber(value: number, text: string): string {
  if (!Number.isFinite(value)) return String(value)
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const size = Math.abs(value)
  if (size === 0) return `${sign}0.0`
  const [mantissa = '', exponent = '0'] = text.split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const digits = `${whole}${fraction}`.replace(/^0+/, '').replace(/0+$/, '')
  // The place of the point behind the first digit.
  const power =
    Number(exponent) + (/[1-9]/.test(whole) ? whole.length - 1 : -1 - (/^0*/.exec(fraction)?.[0].length ?? 0))
  if (size >= 1e-3 && size < 1e7) {
    if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${digits}`
    const filled = digits.padEnd(power + 2, '0')
    return `${sign}${filled.slice(0, power + 1)}.${filled.slice(power + 1)}`
  }
  return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${power}`
}

/** `2024-01-31T13:05:00.500000Z` as Spark writes it; years before 1 with a sign, those beyond 9999 with a plus. */
function momentText(text: string): string {
  const before = / \(BC\)/.test(text)
  const [date = '', clock] = text.replace(' (BC)', '').replace(/Z$/, '').split(/[T ]/)
  const [year = '', ...rest] = date.split('-')
  const shown = before ? `-${String(Number(year) - 1).padStart(4, '0')}` : year.length > 4 ? `+${year}` : year
  const time = clock?.replace(/\.?0+$/, (zeros) => (zeros.startsWith('.') || clock.includes('.') ? '' : zeros))
  return [[shown, ...rest].join('-'), ...(time === undefined ? [] : [time])].join(' ')
}
