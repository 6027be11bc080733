const QUOTE = 0x22
const LINE_FEED = 0x0a

/** Follows a stream of CSV: which line feeds end a row, and which stand within quotes. A doubled quote closes and opens. */
export class RowEnds {
  #quoted = false
  /** Rows that ended in what was followed. */
  rows = 0

  /** Whether what was followed so far ends within quotes. */
  get quoted(): boolean {
    return this.#quoted
  }

  /** Follows a piece whole, without looking for row ends: a search for quotes, which are rare, is all it takes. */
  skip(piece: Uint8Array): void {
    // Where quotes are dense a search for each costs more than a look at every byte.
    let at = piece.indexOf(QUOTE)
    for (let found = 0; at >= 0; found += 1) {
      if (found === 64) {
        this.#count(piece, at)
        return
      }
      this.#quoted = !this.#quoted
      at = piece.indexOf(QUOTE, at + 1)
    }
  }

  /** Follows a piece up to the end of its `rows`-th row, and gives the index behind it; -1 when it has fewer. */
  take(piece: Uint8Array, rows: number): number {
    const end = this.rows + rows
    for (let at = 0; at < piece.length; at += 1) {
      const byte = piece[at]
      if (byte === QUOTE) this.#quoted = !this.#quoted
      else if (byte === LINE_FEED && !this.#quoted) {
        this.rows += 1
        if (this.rows === end) return at + 1
      }
    }
    return -1
  }

  #count(piece: Uint8Array, from: number): void {
    let quotes = 0
    for (let at = from; at < piece.length; at += 1) if (piece[at] === QUOTE) quotes += 1
    if (quotes & 1) this.#quoted = !this.#quoted
  }
}
