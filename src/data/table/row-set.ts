/**
 * Rows of one file by their numbers, counted from 0: a deletion vector, or the rows that one version took out of a
 * file. Kept in pieces of 65,536 rows of a bit each, those without rows left out, as the vectors themselves are.
 */
export class RowSet {
  /** 8,192 bytes for each piece that holds rows, least significant bit first. */
  readonly #pieces: ReadonlyMap<number, Uint8Array>
  readonly size: number

  private constructor(pieces: ReadonlyMap<number, Uint8Array>) {
    this.#pieces = pieces
    let size = 0
    for (const piece of pieces.values()) size += ones(piece)
    this.size = size
  }

  /** Takes pieces over. */
  static of(pieces: ReadonlyMap<number, Uint8Array>): RowSet {
    return new RowSet(pieces)
  }

  /** From pieces whose bits stand the other way round, most significant first, as SQL counts them. */
  static ofBits(pieces: Iterable<readonly [number: number, bits: Uint8Array]>): RowSet {
    return new RowSet(new Map([...pieces].map(([key, bits]) => [key, bits.map((byte) => REVERSED[byte] ?? 0)])))
  }

  static from(rows: Iterable<number>): RowSet {
    const pieces = new Map<number, Uint8Array>()
    for (const row of rows) {
      const key = Math.floor(row / PIECE_ROWS)
      const piece = pieces.get(key) ?? new Uint8Array(PIECE_BYTES)
      pieces.set(key, piece)
      const bit = row % PIECE_ROWS
      piece[bit >> 3] = (piece[bit >> 3] ?? 0) | (1 << (bit & 7))
    }
    return new RowSet(pieces)
  }

  has(row: number): boolean {
    const bit = row % PIECE_ROWS
    return (((this.#pieces.get(Math.floor(row / PIECE_ROWS))?.[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1
  }

  /** The rows that are in this set and not in the other. */
  minus(other: RowSet): RowSet {
    const left = new Map<number, Uint8Array>()
    for (const [key, piece] of this.#pieces) {
      const taken = other.#pieces.get(key)
      left.set(key, taken ? piece.map((byte, at) => byte & ~(taken[at] ?? 0)) : piece)
    }
    return new RowSet(left)
  }

  /** The rows that are in this set or in the other. */
  plus(other: RowSet): RowSet {
    const all = new Map(this.#pieces)
    for (const [key, piece] of other.#pieces) {
      const own = all.get(key)
      all.set(key, own ? own.map((byte, at) => byte | (piece[at] ?? 0)) : piece)
    }
    return new RowSet(all)
  }

  /** The pieces that hold rows, in order: the number of the piece, and its bits. */
  get pieces(): readonly (readonly [number: number, bits: Uint8Array])[] {
    return this.#inOrder()
  }

  /** Rising. */
  *[Symbol.iterator](): Generator<number> {
    for (const [key, piece] of this.#inOrder()) {
      for (let bit = 0; bit < PIECE_ROWS; bit += 1) {
        if ((((piece[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1) yield key * PIECE_ROWS + bit
      }
    }
  }

  /** One more than the largest row; 0 for none. */
  get end(): number {
    const [last] = this.#inOrder().reverse()
    if (!last) return 0
    const [key, piece] = last
    const byte = piece.findLastIndex((value) => value !== 0)
    return key * PIECE_ROWS + byte * 8 + 32 - Math.clz32(piece[byte] ?? 0)
  }

  /** One bit a row from row 0 to the last, most significant first, as SQL counts bits. */
  bits(): Uint8Array {
    const bytes = new Uint8Array(Math.ceil(this.end / 8))
    for (const [key, piece] of this.#pieces) {
      const from = key * PIECE_BYTES
      for (let at = 0; at < PIECE_BYTES && from + at < bytes.length; at += 1) {
        bytes[from + at] = REVERSED[piece[at] ?? 0] ?? 0
      }
    }
    return bytes
  }

  #inOrder(): [number, Uint8Array][] {
    return [...this.#pieces].filter(([, piece]) => piece.some((byte) => byte !== 0)).sort(([a], [b]) => a - b)
  }
}

/** Rows of a piece. */
export const PIECE_ROWS = 65_536
const PIECE_BYTES = PIECE_ROWS / 8
const BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte)
const REVERSED = BYTES.map((byte) => {
  let reversed = 0
  for (let bit = 0; bit < 8; bit += 1) if ((byte >> bit) & 1) reversed |= 128 >> bit
  return reversed
})
const ONES = BYTES.map((byte) => {
  let count = 0
  for (let bit = 0; bit < 8; bit += 1) count += (byte >> bit) & 1
  return count
})

function ones(piece: Uint8Array): number {
  let count = 0
  for (const byte of piece) count += ONES[byte] ?? 0
  return count
}
