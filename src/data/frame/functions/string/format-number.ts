import { type DataType, formatDecimal, formatType, MillraceError } from '../../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { constantOf } from '../../dialect/constant.ts'
import { duckDbDialect } from '../../dialect/duckdb.ts'
import { type Call, leading, type TemplateArgs } from '../define.ts'
import { nativeOf } from '../native.ts'
import { STRING } from '../result-type.ts'

const WHOLE = new Set(['byte', 'short', 'integer', 'long'])
const FORMAT_NUMBER = nativeOf('format_number', { kind: 'string' }, grouped)

/** A number, as Java writes it, with so many digits behind the point, half to even, and commas between thousands. */
function grouped(text: string, digits: number): string | null {
  if (digits < 0) return null
  if (/[NI]/.test(text)) return text.replace('Infinity', '∞')
  const [mantissa = '0', power = '0'] = text.replace(/^-/, '').split('E')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const rounded = halfEven(BigInt(whole + fraction), fraction.length - Number(power) - digits)
  const shown = formatDecimal(rounded, digits).replace(/^\d+/, (part) => part.replaceAll(/\B(?=(\d{3})+$)/g, ','))
  return text.startsWith('-') ? `-${shown}` : shown
}

function halfEven(unscaled: bigint, dropped: number): bigint {
  if (dropped <= 0) return unscaled * 10n ** BigInt(-dropped)
  const unit = 10n ** BigInt(dropped)
  const [quotient, rest] = [unscaled / unit, (unscaled % unit) * 2n]
  return rest > unit || (rest === unit && quotient % 2n === 1n) ? quotient + 1n : quotient
}

/** A number with commas between thousands and so many digits behind the point. */
export const formatNumber = leading<[digits: number]>()(
  'format_number',
  { duckdb: numberText, postgres: postgresText },
  STRING,
  { natives: [FORMAT_NUMBER] },
)

function numberText([of, digits]: TemplateArgs, [type]: readonly (DataType | undefined)[]): Sql {
  const count = constantOf(digits)
  if (WHOLE.has(type?.kind ?? '') && typeof count === 'number' && count >= 0) {
    return sql`format('{:,}', cast(${of} as bigint)) || ${trusted(count > 0 ? `'.${'0'.repeat(count)}'` : "''")}`
  }
  if (type && !WHOLE.has(type.kind) && !['float', 'double', 'decimal', 'null'].includes(type.kind)) {
    throw new MillraceError('COLUMN_TYPE', `format_number() takes numbers, and not ${formatType(type)}`, {
      hint: "Convert it first, by col('…').cast('double').",
    })
  }
  // A float is shown by the digits of its double, as in Java.
  const exact: DataType = type?.kind === 'decimal' ? type : { kind: 'double' }
  const number = type?.kind === 'decimal' ? of : sql`cast(${of} as double)`
  return FORMAT_NUMBER.call(duckDbDialect.cast({ sql: number, type: exact }, { kind: 'string' }, false), digits)
}

function postgresText([of, digits]: TemplateArgs, [type]: readonly (DataType | undefined)[], call: Call): Sql {
  const count = constantOf(digits)
  if (!WHOLE.has(type?.kind ?? '') || typeof count !== 'number') {
    return call.refuse('of other than whole numbers', 'Its rounding differs: round to a decimal and cast it to string.')
  }
  const format = `FM${'999,'.repeat(6)}990${count > 0 ? `.${'0'.repeat(count)}` : ''}`
  return sql`to_char(${of}, ${format})`
}
