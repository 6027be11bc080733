import { int } from './float.ts'

/** Python's `int(text, base)`; `undefined` where Python raises `ValueError`. */
export function parseInteger(source: string, base = 10): number | bigint | undefined {
  const clean = source.trim().toLowerCase()
  const [, sign = '', rest = ''] = /^([+-]?)(.*)$/s.exec(clean) ?? []
  const prefixed = /^0([xob])(.*)$/.exec(rest)
  const kind = prefixed?.[1] === 'x' ? 16 : prefixed?.[1] === 'o' ? 8 : 2
  const radix = prefixed && (base === kind || base === 0) ? kind : base === 0 ? 10 : base
  const digits = (prefixed && radix === kind ? (prefixed[2] ?? '') : rest).replace(/(?<=[0-9a-z])_(?=[0-9a-z])/g, '')
  if (digits === '') return undefined
  let value = 0n
  for (const digit of digits) {
    const weight = '0123456789abcdefghijklmnopqrstuvwxyz'.indexOf(digit)
    if (weight < 0 || weight >= radix) return undefined
    value = value * BigInt(radix) + BigInt(weight)
  }
  return int(sign === '-' ? -value : value)
}

/** Python's `float(text)`; `undefined` where Python raises `ValueError`. */
export function parseFloating(source: string): number | undefined {
  const clean = source
    .trim()
    .toLowerCase()
    .replace(/(?<=\d)_(?=\d)/g, '')
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/.test(clean)) return Number(clean)
  const [, sign, word] = /^([+-]?)(inf|infinity|nan)$/.exec(clean) ?? []
  if (word === undefined) return undefined
  return word === 'nan' ? Number.NaN : sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}
