import { isAscii } from 'node:buffer'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { MillraceError } from '../../../base/kernel/index.ts'
import type { MemberRows, WantedMember } from '../../table/index.ts'
import type { BytesColumn, Chunk, ColumnData } from '../contract.ts'
import { isValid } from '../take-column.ts'

/** A batch is handed out when it has so many rows. */
const BATCH_ROWS = 65_536
/**
 * Texts are made one of, when there are so many bytes of them. Node keeps a text of more than a megabyte outside of
 * JavaScript's heap (`String::NewExternal`); within it, each that outlives a collection makes the heap's young part grow.
 */
const SEGMENT_BYTES = 1_100_000

type Reader = (row: number) => string | number | null

/** Chunks as fewer and larger batches, of which texts and numbers are read when they are asked for: see `ParquetPort.members`. */
export async function* memberBatches(
  chunks: AsyncIterable<Chunk>,
  members: readonly WantedMember[],
): AsyncIterable<MemberRows> {
  let rows = 0
  let columns: Member[] = []
  const batch = (): MemberRows => ({ rows, columns: columns.map((column) => column.reader()) })
  for await (const chunk of chunks) {
    if (rows === 0) columns = chunk.columns.map(({ layout }, at) => new Member(layout, members[at]))
    for (const [at, column] of chunk.columns.entries()) columns[at]?.add(column)
    rows += chunk.rows
    if (rows < BATCH_ROWS) continue
    yield batch()
    rows = 0
  }
  if (rows > 0) yield batch()
}

/** A column of a batch as it grows, chunk by chunk. */
class Member {
  readonly #values: Numbers | Texts
  /** A byte for each row, kept from the first row without a value on. */
  #valid: Uint8Array | undefined
  #rows = 0
  #isEmpty = true

  constructor(layout: ColumnData['layout'], wanted: WantedMember | undefined) {
    if (layout !== 'fixed' && layout !== 'bytes') {
      throw new MillraceError('INTERNAL', `a member is of layout ${layout}`)
    }
    this.#values = layout === 'fixed' ? new Numbers() : new Texts(wanted?.as === 'text' && wanted.isLong === true)
  }

  add(column: ColumnData): void {
    const { validity, length } = column
    if (validity !== undefined) {
      this.#valid = roomFor(this.#valid ?? new Uint8Array(this.#rows).fill(1), this.#rows + length)
      for (let row = 0; row < length; row += 1) this.#valid[this.#rows + row] = Number(isValid(validity, row))
    } else if (this.#valid) {
      this.#valid = roomFor(this.#valid, this.#rows + length).fill(1, this.#rows, this.#rows + length)
    }
    this.#rows += length
    if (validity?.every((byte) => byte === 0)) {
      this.#values.skip(length)
      return
    }
    this.#isEmpty = false
    this.#values.add(column)
  }

  /** Undefined when no row has a value. */
  reader(): Reader | undefined {
    if (this.#isEmpty) return undefined
    const value = this.#values.reader()
    const valid = this.#valid
    return valid === undefined ? value : (row) => (valid[row] === 1 ? value(row) : null)
  }
}

class Numbers {
  #values = new Float64Array(0)
  #rows = 0

  skip(rows: number): void {
    this.#rows += rows
  }

  add(column: ColumnData): void {
    if (column.layout !== 'fixed') return
    this.#values = roomFor(this.#values, this.#rows + column.length)
    for (let row = 0; row < column.length; row += 1) this.#values[this.#rows + row] = Number(column.values[row])
    this.#rows += column.length
  }

  reader(): (row: number) => number {
    const values = this.#values
    return (row) => {
      const value = values[row] as number
      // A small whole number takes no place of its own in the object that is given it.
      return value === (value | 0) ? value | 0 : value
    }
  }
}

/** Texts as slices of few, where that is possible: a call for each costs ten times as much. */
class Texts {
  readonly #isLong: boolean
  readonly #segments: TextReader[] = []
  /** In which segment a row's text lies, and from where to where. */
  #segmentOf = new Uint16Array(0)
  #starts = new Uint32Array(0)
  #ends = new Uint32Array(0)
  #gathered = Buffer.alloc(0)
  #bytes = 0
  #rows = 0

  constructor(isLong: boolean) {
    this.#isLong = isLong
  }

  skip(rows: number): void {
    this.#rows += rows
  }

  add(column: ColumnData): void {
    if (column.layout !== 'bytes') return
    const { offsets, bytes, length }: BytesColumn = column
    this.#segmentOf = roomFor(this.#segmentOf, this.#rows + length)
    this.#starts = roomFor(this.#starts, this.#rows + length)
    this.#ends = roomFor(this.#ends, this.#rows + length)
    if (this.#bytes + bytes.byteLength > this.#gathered.byteLength) this.#grow(this.#bytes + bytes.byteLength)
    for (let row = 0; row < length; row += 1) {
      this.#segmentOf[this.#rows + row] = this.#segments.length
      this.#starts[this.#rows + row] = this.#bytes + (offsets[row] as number)
      this.#ends[this.#rows + row] = this.#bytes + (offsets[row + 1] as number)
    }
    this.#gathered.set(bytes, this.#bytes)
    this.#bytes += bytes.byteLength
    this.#rows += length
    free(bytes)
    if (this.#bytes >= SEGMENT_BYTES) this.#close()
  }

  #grow(bytes: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(bytes, Math.min(2 * this.#gathered.byteLength, SEGMENT_BYTES)))
    this.#gathered.copy(larger, 0, 0, this.#bytes)
    free(this.#gathered)
    this.#gathered = larger
  }

  /** What was gathered becomes a text, and its place is used for what comes. */
  #close(): void {
    const bytes = this.#gathered.subarray(0, this.#bytes)
    this.#segments.push(this.#isLong ? packedTexts(bytes) : texts(bytes))
    this.#bytes = 0
  }

  reader(): (row: number) => string {
    this.#close()
    free(this.#gathered)
    return (row) =>
      this.#segments[this.#segmentOf[row] as number]?.(this.#starts[row] as number, this.#ends[row] as number) ?? ''
  }
}

type TextReader = (from: number, to: number) => string

function texts(bytes: Buffer): TextReader {
  if (isAscii(bytes)) {
    const text = bytes.toString('latin1')
    return (from, to) => text.slice(from, to)
  }
  const kept = Buffer.from(bytes)
  return (from, to) => kept.toString('utf8', from, to)
}

/** Compressed as fast as can be, which statistics of files still let shrink to a tenth, until one of them is asked for. */
function packedTexts(bytes: Buffer): TextReader {
  let packed: Buffer | undefined = zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: -1 } })
  let read: TextReader | undefined
  return (from, to) => {
    if (packed) {
      read = texts(zstdDecompressSync(packed))
      packed = undefined
    }
    return read?.(from, to) ?? ''
  }
}

/** The same values with room for so many rows. */
function roomFor<T extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(values: T, rows: number): T {
  if (values.length >= rows) return values
  const larger = new (values.constructor as new (length: number) => T)(Math.max(rows, 2 * values.length))
  larger.set(values)
  return larger
}

/** Gives memory back now: a collection waits until there is many times as much. */
function free({ buffer, byteLength }: Uint8Array): void {
  if (byteLength === buffer.byteLength && buffer instanceof ArrayBuffer) buffer.transfer(0)
}
