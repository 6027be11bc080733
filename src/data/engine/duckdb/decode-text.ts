import { type DataType, formatDecimal } from '../../../base/kernel/index.ts'
import type { BytesColumn } from '../contract.ts'
import { isValid } from '../take-column.ts'
import type { Bindings } from './bindings.ts'

type Base = { readonly type: DataType; readonly length: number; readonly validity?: Uint8Array }

const encoder = new TextEncoder()

/** A column of text that `textOf` gives for each valid row. */
export function textColumn(base: Base, textOf: (row: number) => string): BytesColumn {
  const texts = Array.from({ length: base.length }, (_, row) => (isValid(base.validity, row) ? textOf(row) : ''))
  // Encoded at once, which is many times as quick as one by one.
  const all = texts.join('')
  const bytes = encoder.encode(all)
  const isAscii = bytes.length === all.length
  const offsets = new Uint32Array(base.length + 1)
  for (let row = 0; row < base.length; row += 1) {
    const text = texts[row] as string
    offsets[row + 1] = (offsets[row] as number) + (isAscii ? text.length : Buffer.byteLength(text))
  }
  return { ...base, layout: 'bytes', offsets, bytes }
}

/**
 * VARCHAR and BLOB: each row is 16 bytes, a 32-bit length and then either the bytes (up to 12) or, after four bytes
 * of prefix, a pointer to them (`duckdb_string_t`).
 */
export function bytesColumn(base: Base, data: Uint8Array, c: Bindings['c']): BytesColumn {
  const words = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const offsets = new Uint32Array(base.length + 1)
  for (let row = 0; row < base.length; row += 1) {
    const size = isValid(base.validity, row) ? words.getUint32(row * 16, true) : 0
    offsets[row + 1] = (offsets[row] as number) + size
  }
  const bytes = new Uint8Array(offsets[base.length] as number)
  const long: number[] = []
  for (let row = 0; row < base.length; row += 1) {
    const from = offsets[row] as number
    const size = (offsets[row + 1] as number) - from
    if (size > 12) long.push(row)
    else {
      const start = row * 16 + 4
      for (let at = 0; at < size; at += 1) bytes[from + at] = data[start + at] as number
    }
  }
  copyLong(long, { words, data, offsets, bytes }, c)
  return { ...base, layout: 'bytes', offsets, bytes }
}

interface LongStrings {
  readonly words: DataView
  readonly data: Uint8Array
  readonly offsets: Uint32Array
  readonly bytes: Uint8Array
}

/**
 * Bytes between two strings that are fetched with them. Less than a page of memory: both of its ends are mapped, and so is
 * what lies between.
 */
const MOST_BETWEEN = 4000

/**
 * Copies the strings that are behind pointers. A call for each costs a microsecond; DuckDB mostly lays those of a
 * vector near each other, upwards or downwards (in a page of a Parquet file their lengths stand between them), so that
 * each such run is fetched by one call.
 */
function copyLong(rows: readonly number[], { words, data, offsets, bytes }: LongStrings, c: Bindings['c']): void {
  const sizeOf = (row: number) => words.getUint32(row * 16, true)
  const pointerOf = (row: number) =>
    words.getUint32(row * 16 + 12, true) * 2 ** 32 + words.getUint32(row * 16 + 8, true)
  let first = 0
  while (first < rows.length) {
    let lowest = rows[first] as number
    let low = pointerOf(lowest)
    let high = low + sizeOf(lowest)
    let last = first + 1
    for (; last < rows.length; last += 1) {
      const row = rows[last] as number
      const from = pointerOf(row)
      const to = from + sizeOf(row)
      if (from > high + MOST_BETWEEN || to < low - MOST_BETWEEN) break
      if (from < low) {
        low = from
        lowest = row
      }
      if (to > high) high = to
    }
    const run = c.get_data_from_pointer(data.buffer as ArrayBuffer, data.byteOffset + lowest * 16 + 8, high - low)
    for (let at = first; at < last; at += 1) {
      const row = rows[at] as number
      const from = pointerOf(row) - low
      bytes.set(run.subarray(from, from + sizeOf(row)), offsets[row])
    }
    // Given back now: it is as large as the column, and a collection waits until there are many times as many.
    if (run.buffer instanceof ArrayBuffer) run.buffer.transfer(0)
    first = last
  }
}

const HEX = encoder.encode('0123456789abcdef')

/** UUIDs are 128-bit integers, least byte first, with the sign bit flipped so that they sort as text does. */
export function uuidColumn(base: Base, data: Uint8Array): BytesColumn {
  const offsets = new Uint32Array(base.length + 1)
  for (let row = 0; row < base.length; row += 1) {
    offsets[row + 1] = (offsets[row] as number) + (isValid(base.validity, row) ? 36 : 0)
  }
  const bytes = new Uint8Array(offsets[base.length] as number)
  for (let row = 0; row < base.length; row += 1) {
    if (offsets[row] === offsets[row + 1]) continue
    let at = offsets[row] as number
    for (let index = 15; index >= 0; index -= 1) {
      const byte = (data[row * 16 + index] as number) ^ (index === 15 ? 0x80 : 0)
      bytes[at++] = HEX[byte >> 4] as number
      bytes[at++] = HEX[byte & 15] as number
      if (index === 12 || index === 10 || index === 8 || index === 6) bytes[at++] = 0x2d
    }
  }
  return { ...base, layout: 'bytes', offsets, bytes }
}

function integer128(words: BigUint64Array, row: number, signed: boolean): bigint {
  const high = words[row * 2 + 1] as bigint
  return ((signed ? BigInt.asIntN(64, high) : high) << 64n) + (words[row * 2] as bigint)
}

/** The texts of 128-bit integers. */
export function hugeintTexts(words: BigUint64Array, signed: boolean): (row: number) => string {
  return (row) => String(integer128(words, row, signed))
}

/** The texts of decimals kept as 128-bit integers. */
export function decimalTexts(words: BigUint64Array, scale: number): (row: number) => string {
  return (row) => formatDecimal(integer128(words, row, true), scale)
}

/** The texts of intervals, as DuckDB writes and reads them: `1 year 2 days 03:00:00`. */
export function intervalTexts(data: ArrayBuffer, api: Bindings['api']): (row: number) => string {
  const view = new DataView(data)
  return (row) => {
    const at = row * 16
    const [months, days, micros] = [
      view.getInt32(at, true),
      view.getInt32(at + 4, true),
      view.getBigInt64(at + 8, true),
    ]
    return new api.DuckDBIntervalValue(months, days, micros).toString()
  }
}
