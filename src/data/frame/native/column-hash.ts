import type { BytesColumn, ColumnData, FixedColumn } from '../../engine/index.ts'
import { isValid } from '../../engine/index.ts'
import { murmurBytes, murmurInt, murmurLong } from './murmur3.ts'
import { XxHash64 } from './xxhash64.ts'

/** What a hash of values is made of: each goes on from the hash so far. */
export interface Hash {
  int(value: number): void
  long(high: number, low: number): void
  bytes(bytes: Uint8Array, from: number, to: number): void
}

const SEED = 42

/** Spark's hash of rows: a null leaves it as it is. */
export function murmur3Of(columns: readonly ColumnData[], rows: number): Int32Array {
  let so = 0
  const hash: Hash = {
    int: (value) => {
      so = murmurInt(value, so)
    },
    long: (high, low) => {
      so = murmurLong(high, low, so)
    },
    bytes: (bytes, from, to) => {
      so = murmurBytes(bytes, from, to, so)
    },
  }
  const adders = columns.map((column) => adderOf(column, hash))
  const hashes = new Int32Array(rows)
  for (let row = 0; row < rows; row += 1) {
    so = SEED
    for (const add of adders) add(row)
    hashes[row] = so
  }
  return hashes
}

/** Spark's xxhash64 of rows. */
export function xxHash64Of(columns: readonly ColumnData[], rows: number): BigInt64Array {
  const hash = new XxHash64()
  const adders = columns.map((column) => adderOf(column, hash))
  const halves = new Int32Array(rows * 2)
  for (let row = 0; row < rows; row += 1) {
    hash.seed(SEED)
    for (const add of adders) add(row)
    halves[row * 2] = hash.low
    halves[row * 2 + 1] = hash.high
  }
  return new BigInt64Array(halves.buffer)
}

type Add = (row: number) => void

/** What adds a row of a column to the hash. */
function adderOf(column: ColumnData, hash: Hash): Add {
  const add = validAdder(column, hash)
  const { validity } = column
  if (validity === undefined) return add
  return (row) => {
    if (isValid(validity, row)) add(row)
  }
}

function validAdder(column: ColumnData, hash: Hash): Add {
  switch (column.layout) {
    case 'fixed':
      return fixedAdder(column, hash)
    case 'bytes':
      return bytesAdder(column, hash)
    case 'list': {
      const { offsets } = column
      const add = adderOf(column.child, hash)
      return (row) => {
        for (let at = offsets[row] as number; at < (offsets[row + 1] as number); at += 1) add(at)
      }
    }
    case 'struct': {
      const members = column.children.map((child) => adderOf(child, hash))
      return (row) => {
        for (const add of members) add(row)
      }
    }
  }
}

const bits = new DataView(new ArrayBuffer(8))

function fixedAdder({ type, values }: FixedColumn, hash: Hash): Add {
  if (type.kind === 'null') return () => undefined
  if (type.kind === 'float') {
    return (row) => {
      // Zero has one sign; there is one NaN.
      bits.setFloat32(0, (values[row] as number) === 0 ? 0 : (values[row] as number))
      hash.int(bits.getInt32(0))
    }
  }
  if (type.kind === 'double') {
    return (row) => {
      bits.setFloat64(0, (values[row] as number) === 0 ? 0 : (values[row] as number))
      hash.long(bits.getInt32(0), bits.getInt32(4))
    }
  }
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    const halves = new Int32Array(values.buffer, values.byteOffset, values.length * 2)
    // A time of day is nanoseconds in Spark.
    if (type.kind === 'time') {
      return (row) => {
        bits.setBigInt64(0, (values[row] as bigint) * 1000n)
        hash.long(bits.getInt32(0), bits.getInt32(4))
      }
    }
    return (row) => hash.long(halves[row * 2 + 1] as number, halves[row * 2] as number)
  }
  return (row) => hash.int(values[row] as number)
}

function bytesAdder({ type, offsets, bytes }: BytesColumn, hash: Hash): Add {
  if (type.kind !== 'decimal') return (row) => hash.bytes(bytes, offsets[row] as number, offsets[row + 1] as number)
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return (row) => {
    const digits = unscaledBytes(BigInt(buffer.toString('utf8', offsets[row], offsets[row + 1]).replace('.', '')))
    hash.bytes(digits, 0, digits.length)
  }
}

/** A whole number in as few bytes of two's complement as hold it, the highest first (Java's `BigInteger.toByteArray`). */
function unscaledBytes(value: bigint): Uint8Array {
  const positive = value < 0n ? -value - 1n : value
  const length = Math.floor(positive.toString(2).length / 8) + 1
  const hex = BigInt.asUintN(length * 8, value)
    .toString(16)
    .padStart(length * 2, '0')
  return Uint8Array.from(Buffer.from(hex, 'hex'))
}
