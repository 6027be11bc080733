// Spark's Murmur3 (x86, 32 bits): its hash(), and what its bucketing goes by. Each takes the hash so far as its seed.

const C1 = 0xcc9e2d51
const C2 = 0x1b873593

function mixed(seed: number, word: number): number {
  let k = Math.imul(word, C1)
  k = Math.imul((k << 15) | (k >>> 17), C2)
  const h = seed ^ k
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0
}

function finished(hash: number, length: number): number {
  let h = hash ^ length
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

export function murmurInt(value: number, seed: number): number {
  return finished(mixed(seed, value), 4)
}

/** A long by its halves. */
export function murmurLong(high: number, low: number, seed: number): number {
  return finished(mixed(mixed(seed, low), high), 8)
}

/** Bytes; what is left of a word at the end goes byte by byte, with its sign, as in Spark alone. */
export function murmurBytes(bytes: Uint8Array, from: number, to: number, seed: number): number {
  const aligned = to - ((to - from) % 4)
  let h = seed
  let at = from
  for (; at < aligned; at += 4) {
    h = mixed(
      h,
      (bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24),
    )
  }
  for (; at < to; at += 1) h = mixed(h, ((bytes[at] as number) << 24) >> 24)
  return finished(h, to - from)
}
