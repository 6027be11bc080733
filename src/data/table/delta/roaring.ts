import { RowSet } from '../row-set.ts'

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
