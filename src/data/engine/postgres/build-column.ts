import type { DataType } from '../../../base/kernel/index.ts'
import type { ColumnData, FixedValues } from '../contract.ts'
import { severalDimensions } from './array-text.ts'
import { binaryForm } from './binary-form.ts'
import { intervalText } from './values.ts'

/** Days and microseconds from 1970 to 2000, where PostgreSQL begins to count. */
const EPOCH_DAYS = 10_957
const EPOCH_MICROS = 946_684_800_000_000n
const INT64_MAX = 9_223_372_036_854_775_807n
const INT32_MAX = 2_147_483_647

/** Gathers the fields of one column from the binary rows of a COPY, and gives them as a column. */
export interface ColumnBuilder {
  /** The field of the next row; `length` -1 is a null. */
  add(bytes: Buffer, at: number, length: number): void
  /** What was added since the last time. */
  finish(): ColumnData
}

/** A builder for a column of `type`; for types that it has no binary form of, `copyBinary` sends text. Holds at most `capacity` rows. */
export function columnBuilder(type: DataType, capacity: number): ColumnBuilder {
  switch (type.kind) {
    case 'boolean':
      return new FixedBuilder(type, capacity, Uint8Array, (bytes, at) => bytes[at] as number)
    case 'short':
      return new FixedBuilder(type, capacity, Int16Array, (bytes, at) => bytes.readInt16BE(at))
    case 'integer':
      return new FixedBuilder(type, capacity, Int32Array, (bytes, at) => bytes.readInt32BE(at))
    case 'long':
      // An oid has four bytes.
      return new FixedBuilder(type, capacity, BigInt64Array, (bytes, at, length) =>
        length === 4 ? BigInt(bytes.readUInt32BE(at)) : bytes.readBigInt64BE(at),
      )
    case 'time':
      return new FixedBuilder(type, capacity, BigInt64Array, (bytes, at) => bytes.readBigInt64BE(at))
    case 'float':
      return new FixedBuilder(type, capacity, Float32Array, (bytes, at) => bytes.readFloatBE(at))
    case 'double':
      return new FixedBuilder(type, capacity, Float64Array, (bytes, at) => bytes.readDoubleBE(at))
    case 'date':
      return new FixedBuilder(type, capacity, Int32Array, (bytes, at) => day(bytes.readInt32BE(at)))
    case 'timestamp':
    case 'timestamp_ntz':
      return new FixedBuilder(type, capacity, BigInt64Array, (bytes, at) => micros(bytes.readBigInt64BE(at)))
    case 'decimal':
      if (type.precision > 18) return new BytesBuilder(type)
      return new FixedBuilder(type, capacity, BigInt64Array, (bytes, at, length) =>
        BigInt(bytes.toString('latin1', at, at + length).replace('.', '')),
      )
    case 'array':
      return new ListBuilder(type)
    case 'interval':
      return new BytesBuilder(type, intervalText)
    default:
      return new BytesBuilder(type)
  }
}

function day(days: number): number {
  if (days === INT32_MAX) return INT32_MAX
  return days === -INT32_MAX - 1 ? -INT32_MAX : days + EPOCH_DAYS
}

function micros(since2000: bigint): bigint {
  if (since2000 === INT64_MAX) return INT64_MAX
  return since2000 === -INT64_MAX - 1n ? -INT64_MAX : since2000 + EPOCH_MICROS
}

/** Which rows are valid. */
class Validity {
  #bits: Uint8Array | undefined
  length = 0

  add(valid: boolean): void {
    const row = this.length
    this.length += 1
    if (valid && this.#bits === undefined) return
    if (this.#bits === undefined || row >> 3 >= this.#bits.length) this.#grow(row)
    if (valid) {
      const bits = this.#bits as Uint8Array
      bits[row >> 3] = (bits[row >> 3] as number) | (1 << (row & 7))
    }
  }

  finish(): { readonly length: number; readonly validity?: Uint8Array } {
    const { length } = this
    const bits = this.#bits
    this.#bits = undefined
    this.length = 0
    return bits === undefined ? { length } : { length, validity: bits.slice(0, (length + 7) >> 3) }
  }

  #grow(row: number): void {
    const before = this.#bits
    const bits = new Uint8Array(Math.max(64, ((row >> 3) + 1) * 2))
    if (before) bits.set(before)
    else for (let at = 0; at < row; at += 1) bits[at >> 3] = (bits[at >> 3] as number) | (1 << (at & 7))
    this.#bits = bits
  }
}

class FixedBuilder<Values extends FixedValues> implements ColumnBuilder {
  readonly #type: DataType
  readonly #make: () => Values
  readonly #read: (bytes: Buffer, at: number, length: number) => Values[number]
  readonly #validity = new Validity()
  #values: Values

  constructor(
    type: DataType,
    capacity: number,
    Make: new (capacity: number) => Values,
    read: (bytes: Buffer, at: number, length: number) => Values[number],
  ) {
    this.#type = type
    this.#make = () => new Make(capacity)
    this.#read = read
    this.#values = this.#make()
  }

  add(bytes: Buffer, at: number, length: number): void {
    if (length >= 0) this.#values[this.#validity.length] = this.#read(bytes, at, length)
    this.#validity.add(length >= 0)
  }

  finish(): ColumnData {
    const base = this.#validity.finish()
    const values = this.#values
    this.#values = this.#make()
    const filled = base.length === values.length ? values : (values.slice(0, base.length) as Values)
    return { type: this.#type, ...base, layout: 'fixed', values: filled }
  }
}

class BytesBuilder implements ColumnBuilder {
  readonly #type: DataType
  readonly #validity = new Validity()
  readonly #rewrite: ((text: string) => string) | undefined
  #bytes = Buffer.allocUnsafeSlow(16 * 1024)
  #used = 0
  #offsets: number[] = [0]

  /** `rewrite` makes the text of a column of the one that was sent. */
  constructor(type: DataType, rewrite?: (text: string) => string) {
    this.#type = type
    this.#rewrite = rewrite
  }

  add(bytes: Buffer, at: number, length: number): void {
    if (this.#rewrite && length > 0) {
      const text = Buffer.from(this.#rewrite(bytes.toString('utf8', at, at + length)))
      this.#add(text, 0, text.length)
    } else this.#add(bytes, at, length)
  }

  #add(bytes: Buffer, at: number, length: number): void {
    if (length > 0) {
      if (this.#used + length > this.#bytes.length) {
        const larger = Buffer.allocUnsafeSlow((this.#used + length) * 2)
        this.#bytes.copy(larger, 0, 0, this.#used)
        this.#bytes = larger
      }
      bytes.copy(this.#bytes, this.#used, at, at + length)
      this.#used += length
    }
    this.#offsets.push(this.#used)
    this.#validity.add(length >= 0)
  }

  finish(): ColumnData {
    const column: ColumnData = {
      type: this.#type,
      ...this.#validity.finish(),
      layout: 'bytes',
      offsets: Uint32Array.from(this.#offsets),
      bytes: Uint8Array.from(this.#bytes.subarray(0, this.#used)),
    }
    this.#used = 0
    this.#offsets = [0]
    return column
  }
}

/** Arrays come as JSON arrays of texts, see `copyBinary`. */
class ListBuilder implements ColumnBuilder {
  readonly #type: DataType & { kind: 'array' }
  readonly #validity = new Validity()
  #rows: (readonly (string | null)[] | null)[] = []

  constructor(type: DataType & { kind: 'array' }) {
    this.#type = type
  }

  add(bytes: Buffer, at: number, length: number): void {
    this.#rows.push(length < 0 ? null : itemsOf(bytes.toString('utf8', at, at + length)))
    this.#validity.add(length >= 0)
  }

  finish(): ColumnData {
    const rows = this.#rows
    this.#rows = []
    const offsets = new Uint32Array(rows.length + 1)
    rows.forEach((items, row) => {
      offsets[row + 1] = (offsets[row] as number) + (items?.length ?? 0)
    })
    const items = rows.flatMap((row) => row ?? [])
    const child = columnOfTexts(this.#type.element, items)
    return { type: this.#type, ...this.#validity.finish(), layout: 'list', offsets, child }
  }
}

function itemsOf(json: string): (string | null)[] {
  const items = JSON.parse(json) as (string | null)[]
  if (Array.isArray(items[0])) throw severalDimensions(json)
  return items
}

/** A column of values that are there as PostgreSQL's texts. */
export function columnOfTexts(type: DataType, texts: readonly (string | null)[]): ColumnData {
  const builder = columnBuilder(type, texts.length)
  for (const text of texts) {
    if (text === null) builder.add(Buffer.alloc(0), 0, -1)
    else {
      const bytes = binaryForm(text, type)
      builder.add(bytes, 0, bytes.length)
    }
  }
  return builder.finish()
}
