import type { Json } from '../../../base/kernel/index.ts'
import type { Expr } from '../expr.ts'
import { NotSpark } from './text-cursor.ts'

export const bool = (value: boolean): Expr => ({ kind: 'literal', value, type: { kind: 'boolean' } })
export const literalText = (value: string): Expr => ({ kind: 'literal', value, type: { kind: 'string' } })

/** Numbers by Spark's rules: `1` int or long, `1.5` decimal, `1e3` and `1d` double, `1L` long, `2.5BD` decimal. */
export function numberLiteral(text: string): Expr {
  const [, digits = '', suffix = ''] = /^([\d.]+(?:e[+-]?\d+)?)(l|s|y|d|f|bd)?$/.exec(text) ?? []
  const kind = { l: 'long', s: 'short', y: 'byte', d: 'double', f: 'float' }[suffix]
  if (kind === 'double' || kind === 'float' || (suffix === '' && digits.includes('e'))) {
    return { kind: 'literal', value: Number(digits), type: { kind: kind === 'float' ? 'float' : 'double' } }
  }
  if (kind !== undefined) {
    if (!/^\d+$/.test(digits)) throw new NotSpark()
    return { kind: 'literal', value: kind === 'long' ? digits : Number(digits), type: { kind: kind as 'long' } }
  }
  if (suffix === '' && !digits.includes('.')) {
    const value = BigInt(digits)
    if (value < 2n ** 31n) return { kind: 'literal', value: Number(value), type: { kind: 'integer' } }
    if (value < 2n ** 63n) return { kind: 'literal', value: digits, type: { kind: 'long' } }
  }
  const [whole = '', fraction = ''] = digits.split('.')
  const scale = fraction.length
  const precision = Math.max(whole.replace(/^0+/, '').length + scale, scale, 1)
  if (precision > 38 || digits.includes('e')) throw new NotSpark()
  const value = `${whole === '' ? '0' : whole}${scale > 0 ? `.${fraction}` : ''}`
  return { kind: 'literal', value, type: { kind: 'decimal', precision, scale } }
}

export function negative(value: Json): Json | undefined {
  if (typeof value === 'number') return -value
  return typeof value === 'string' && /^\d/.test(value) ? `-${value}` : undefined
}
