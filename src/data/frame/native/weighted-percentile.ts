// Percentiles of values that count as often as is said beside each, interpolated as by Spark.

/** Pairs `value:count` with commas in between, and fractions likewise; the percentiles with commas in between. */
export function weightedPercentiles(pairs: string, fractions: string): string | null {
  if (pairs === '') return null
  const counts = new Map<number, bigint>()
  for (const pair of pairs.split(',')) {
    const [value = '', count = '0'] = pair.split(':')
    const often = BigInt(count)
    if (often < 0n) throw new Error(`[INVALID_PARAMETER_VALUE] Negative values found in ${count}`)
    const number =
      value === 'nan' ? Number.NaN : value === 'inf' ? Infinity : value === '-inf' ? -Infinity : Number(value)
    if (often > 0n) counts.set(number, (counts.get(number) ?? 0n) + often)
  }
  // NaN is greater than all.
  const sorted = [...counts].sort(([a], [b]) =>
    Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : Number.isNaN(b) ? -1 : a - b,
  )
  let total = 0n
  const until = sorted.map(([value, often]) => {
    total += often
    return { value, total }
  })
  if (total === 0n) return null
  const at = (place: number) => until.find((one) => one.total > BigInt(place))?.value ?? Number.NaN
  return fractions
    .split(',')
    .map((fraction) => {
      const position = Number(total - 1n) * Number(fraction)
      const [low, high] = [Math.floor(position), Math.ceil(position)]
      const [below, above] = [at(low), at(high)]
      return low === high || below === above ? below : (high - position) * below + (position - low) * above
    })
    .join(',')
}
