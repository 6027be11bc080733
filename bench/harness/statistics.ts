/** The middle value; of an even number the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low, high] = [sorted[middle - 1] ?? 0, sorted[middle] ?? 0]
  return sorted.length % 2 === 0 ? (low + high) / 2 : high
}

/** A median with the order statistics around it. */
export interface Interval {
  readonly median: number
  readonly low: number
  readonly high: number
  /** The probability that the interval holds the true median, between 0 and 1. */
  readonly coverage: number
}

/**
 * The narrowest pair of order statistics that holds the median with at least 90 %, or the whole range when there
 * are too few values. Free of assumptions on the distribution (Conover, Practical Nonparametric Statistics, 3.2).
 */
export function medianInterval(values: readonly number[]): Interval {
  const sorted = [...values].sort((a, b) => a - b)
  const n = sorted.length
  let cut = 0
  while (cut + 1 < n - cut - 1 && coverage(n, cut + 1) >= 0.9) cut += 1
  return {
    median: median(sorted),
    low: sorted[cut] ?? 0,
    high: sorted[n - 1 - cut] ?? 0,
    coverage: coverage(n, cut),
  }
}

/** That a binomial(n, ½) lies strictly between `cut` and n - cut. */
function coverage(n: number, cut: number): number {
  let [outside, ways] = [0, 1]
  for (let k = 0; k <= cut; k++) {
    outside += ways
    ways = (ways * (n - k)) / (k + 1)
  }
  return 1 - (2 * outside) / 2 ** n
}
