// A histogram of numbers whose bins find their own places (Ben-Haim and Tom-Tov, "A Streaming Parallel Decision Tree
// Algorithm", 2010): a value is a bin of its own, and while there are too many, the two nearest become one.

interface Bin {
  x: number
  y: number
}

/** Numbers as text with commas in between; the bins as `x,y` with semicolons in between, in the order of x. */
export function numericHistogram(numbers: string, most: number): string | null {
  if (numbers === '') return null
  const bins: Bin[] = []
  const chance = javaRandom(31183n)
  for (const text of numbers.split(',')) {
    add(bins, text === 'nan' ? Number.NaN : text === 'inf' ? Infinity : text === '-inf' ? -Infinity : Number(text))
    while (bins.length > most) unite(bins, chance)
  }
  return bins.map(({ x, y }) => `${x},${y}`).join(';')
}

/** Beside NaN nothing is less or greater: such a value stands where the search ends. */
function add(bins: Bin[], x: number): void {
  let place = 0
  for (let [low, high] = [0, bins.length]; low < high; ) {
    place = (low + high) >> 1
    const found = bins[place]?.x ?? 0
    if (found > x) high = place
    else if (found < x) {
      place += 1
      low = place
    } else break
  }
  const there = bins[place]
  if (there?.x === x) there.y += 1
  else bins.splice(place, 0, { x, y: 1 })
}

/** Makes one bin of the two nearest; which of several pairs is left to chance, the same each time. */
function unite(bins: Bin[], chance: () => number): void {
  const gap = (at: number) => (bins[at + 1]?.x ?? 0) - (bins[at]?.x ?? 0)
  let [place, least, alike] = [0, gap(0), 1]
  for (let at = 1; at < bins.length - 1; at += 1) {
    const found = gap(at)
    if (found < least) [place, least, alike] = [at, found, 1]
    else if (found === least) {
      alike += 1
      if (chance() <= 1 / alike) place = at
    }
  }
  const [left, right] = [bins[place], bins[place + 1]]
  if (!left || !right) return
  const total = left.y + right.y
  left.x *= left.y / total
  left.x += (right.x / total) * right.y
  left.y = total
  bins.splice(place + 1, 1)
}

/** Numbers from 0 to 1 as java.util.Random gives them for a seed. */
function javaRandom(seed: bigint): () => number {
  const multiplier = 0x5deece66dn
  let state = BigInt.asUintN(48, seed ^ multiplier)
  const bits = (count: bigint) => {
    state = BigInt.asUintN(48, state * multiplier + 0xbn)
    return Number(state >> (48n - count))
  }
  return () => (bits(26n) * 2 ** 27 + bits(27n)) / 2 ** 53
}
