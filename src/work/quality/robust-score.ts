/** The middle of some numbers, or the mean of the middle two; undefined of none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]]
  return low === undefined || high === undefined ? undefined : (low + high) / 2
}

/**
 * How far a value lies from others, in standard deviations that outliers do not widen: by the median of the distances
 * from the median, or by their mean where most distances are none. Infinite when all others are equal, and this is not.
 * Source: Iglewicz and Hoaglin, "How to Detect and Handle Outliers" (1993).
 */
export function robustScore(value: number, others: readonly number[]): number {
  const middle = median(others)
  if (middle === undefined || value === middle) return 0
  const distances = others.map((other) => Math.abs(other - middle))
  const deviation = median(distances) ?? 0
  if (deviation > 0) return (value - middle) / (1.482602 * deviation)
  const mean = distances.reduce((sum, one) => sum + one, 0) / distances.length
  return (value - middle) / (1.253314 * mean)
}
