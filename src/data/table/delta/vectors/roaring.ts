import { RowSet } from '../../row-set.ts'

/** Of the portable form of Delta's arrays of Roaring bitmaps. */
const MAGIC = 1_681_511_377
const WITHOUT_RUNS = 12_346
const WITH_RUNS = 12_347
const CONTAINER_BYTES = 8_192
/** So many rows no file has; it bounds what a damaged bitmap can take of the memory. */
const MOST_PIECES = 32_768
/** Containers up to this many are written without their offsets, when some of them hold runs. */
const NO_OFFSETS_BELOW = 4

/**
 * The rows that a serialized deletion vector holds (Delta protocol, "Deletion Vector Format"; the bitmaps in it are
 * those of github.com/RoaringBitmap/RoaringFormatSpec).
 * @throws RangeError for bytes that are none
 */
export function readRoaring(bytes: Uint8Array): RowSet {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const magic = view.getUint32(0, true)
  if (magic !== MAGIC) throw new RangeError(`a bitmap of the unknown form ${magic}`)
  const bitmaps = Number(view.getBigUint64(4, true))
  // Each takes more bytes than this: a damaged count ends at once.
  if (bitmaps * 8 > bytes.length) throw new RangeError(`${bitmaps} bitmaps in ${bytes.length} bytes`)
  const pieces = new Map<number, Uint8Array>()
  let at = 12
  for (let bitmap = 0; bitmap < bitmaps; bitmap += 1) {
    const high = view.getUint32(at, true)
    at = readBitmap(bytes, view, at + 4, high * 65_536, pieces)
  }
  return RowSet.of(pieces)
}

/** One bitmap of rows below 2^32; gives where it ends. */
function readBitmap(
  bytes: Uint8Array,
  view: DataView,
  start: number,
  firstPiece: number,
  pieces: Map<number, Uint8Array>,
): number {
  const cookie = view.getUint32(start, true)
  const hasRuns = (cookie & 0xffff) === WITH_RUNS
  if (!hasRuns && cookie !== WITHOUT_RUNS) throw new RangeError(`a Roaring bitmap with the unknown cookie ${cookie}`)
  const containers = hasRuns ? (cookie >>> 16) + 1 : view.getUint32(start + 4, true)
  if (containers > 65_536) throw new RangeError(`a Roaring bitmap of ${containers} containers`)
  let at = start + (hasRuns ? 4 : 8)
  const runs = at
  if (hasRuns) at += Math.ceil(containers / 8)
  const keys = at
  at += containers * 4
  if (!hasRuns || containers >= NO_OFFSETS_BELOW) at += containers * 4
  for (let container = 0; container < containers; container += 1) {
    const key = firstPiece + view.getUint16(keys + container * 4, true)
    const count = view.getUint16(keys + container * 4 + 2, true) + 1
    const isRun = hasRuns && ((view.getUint8(runs + (container >> 3)) >> (container & 7)) & 1) === 1
    if (key >= MOST_PIECES) throw new RangeError('a Roaring bitmap with a row beyond 2^31')
    if (pieces.has(key)) throw new RangeError('a Roaring bitmap that holds a container twice')
    if (isRun) {
      const piece = new Uint8Array(CONTAINER_BYTES)
      const length = view.getUint16(at, true)
      for (let run = 0; run < length; run += 1) {
        const first = view.getUint16(at + 2 + run * 4, true)
        setRange(piece, first, first + view.getUint16(at + 4 + run * 4, true))
      }
      pieces.set(key, piece)
      at += 2 + length * 4
    } else if (count > 4_096) {
      if (at + CONTAINER_BYTES > bytes.length) throw new RangeError('a Roaring bitmap that ends too early')
      pieces.set(key, bytes.slice(at, at + CONTAINER_BYTES))
      at += CONTAINER_BYTES
    } else {
      const piece = new Uint8Array(CONTAINER_BYTES)
      for (let entry = 0; entry < count; entry += 1) {
        const bit = view.getUint16(at + entry * 2, true)
        piece[bit >> 3] = (piece[bit >> 3] ?? 0) | (1 << (bit & 7))
      }
      pieces.set(key, piece)
      at += count * 2
    }
  }
  return at
}

function setRange(piece: Uint8Array, first: number, last: number): void {
  if (last > 65_535) throw new RangeError('a Roaring bitmap with a run beyond its container')
  for (let bit = first; bit <= last; ) {
    if ((bit & 7) === 0 && bit + 7 <= last) {
      piece[bit >> 3] = 0xff
      bit += 8
    } else {
      piece[bit >> 3] = (piece[bit >> 3] ?? 0) | (1 << (bit & 7))
      bit += 1
    }
  }
}

/** An array holds at most so many rows of a container; beyond it is a bitmap (RoaringFormatSpec, "Containers"). */
const MOST_LISTED = 4_096

/** The serialized form of a deletion vector; the inverse of `readRoaring`. */
export function writeRoaring(rows: RowSet): Uint8Array {
  const containers = rows.pieces.map(([key, bits]) => ({ key, bits, low: lowRows(bits) }))
  const sizes = containers.map(({ low }) => (low.length > MOST_LISTED ? CONTAINER_BYTES : low.length * 2))
  const isEmpty = containers.length === 0
  const head = 12 + (isEmpty ? 0 : 4 + 8 + containers.length * 8)
  const bytes = new Uint8Array(head + sizes.reduce((sum, size) => sum + size, 0))
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC, true)
  view.setBigUint64(4, isEmpty ? 0n : 1n, true)
  if (isEmpty) return bytes
  // Rows of a file stay below 2^32, so there is one bitmap, with the key 0.
  const start = 16
  view.setUint32(start, WITHOUT_RUNS, true)
  view.setUint32(start + 4, containers.length, true)
  let [keys, offsets, at] = [start + 8, start + 8 + containers.length * 4, head]
  for (const [index, { key, bits, low }] of containers.entries()) {
    view.setUint16(keys, key, true)
    view.setUint16(keys + 2, low.length - 1, true)
    view.setUint32(offsets, at - start, true)
    if (low.length > MOST_LISTED) bytes.set(bits, at)
    else for (const [place, row] of low.entries()) view.setUint16(at + place * 2, row, true)
    keys += 4
    offsets += 4
    at += sizes[index] ?? 0
  }
  return bytes
}

function lowRows(bits: Uint8Array): number[] {
  const rows: number[] = []
  for (const [at, byte] of bits.entries()) {
    if (byte === 0) continue
    for (let bit = 0; bit < 8; bit += 1) if ((byte >> bit) & 1) rows.push(at * 8 + bit)
  }
  return rows
}
