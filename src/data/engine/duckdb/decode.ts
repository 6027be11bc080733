import type {
  DuckDBArrayType,
  DuckDBDecimalType,
  DuckDBEnumType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  DuckDBType,
} from '@duckdb/node-api'
import type { Vector } from '@duckdb/node-bindings'
import { type DataType, MillraceError } from '../../../base/kernel/index.ts'
import type { ColumnData, FixedValues } from '../contract.ts'
import { isValid, takeColumn, takeValidity } from '../take-column.ts'
import type { Bindings } from './bindings.ts'
import { bytesColumn, decimalTexts, hugeintTexts, intervalTexts, textColumn, uuidColumn } from './decode-text.ts'
import { logicalType } from './types.ts'

/** Vectors are read from DuckDB's memory, which goes with the chunk: every array handed out is a copy. */
interface Source {
  readonly vector: Vector
  readonly length: number
  readonly type: DuckDBType
  /** Which rows of the struct or fixed-size array around it are valid: beneath a null there may be anything, pointers too. */
  readonly outer?: Uint8Array | undefined
}

/** One column of a DuckDB chunk as plain data. @throws MillraceError ENGINE_UNSUPPORTED for a value that would lose digits */
export function decodeColumn(source: Source, bindings: Bindings): ColumnData {
  const { vector, length } = source
  const { api, c } = bindings
  const T = api.DuckDBTypeId
  const type = logicalType(source.type, bindings)
  const validity = readValidity(source, bindings)
  const base = { type, length, ...(validity === undefined ? {} : { validity }) }
  const fixed = (values: FixedValues): ColumnData => ({ ...base, layout: 'fixed', values: cleared(values, validity) })
  const copy = (width: number): ArrayBuffer => readBytes(vector, length * width, c)

  switch (source.type.typeId) {
    case T.SQLNULL:
      return { ...base, validity: new Uint8Array((length + 7) >> 3), layout: 'fixed', values: new Int8Array(length) }
    case T.BOOLEAN:
    case T.UTINYINT:
      return fixed(new Uint8Array(copy(1)))
    case T.TINYINT:
      return fixed(new Int8Array(copy(1)))
    case T.SMALLINT:
      return fixed(new Int16Array(copy(2)))
    case T.USMALLINT:
      return fixed(new Uint16Array(copy(2)))
    case T.INTEGER:
    case T.DATE:
      return fixed(new Int32Array(copy(4)))
    case T.UINTEGER:
      return fixed(new Uint32Array(copy(4)))
    case T.BIGINT:
    case T.TIME:
    case T.TIMESTAMP:
    case T.TIMESTAMP_TZ:
      return fixed(new BigInt64Array(copy(8)))
    case T.UBIGINT:
      return fixed(new BigUint64Array(copy(8)))
    case T.FLOAT:
      return fixed(new Float32Array(copy(4)))
    case T.DOUBLE:
      return fixed(new Float64Array(copy(8)))
    case T.TIMESTAMP_S:
      return fixed(scaled(new BigInt64Array(copy(8)), (value) => value * 1_000_000n))
    case T.TIMESTAMP_MS:
      return fixed(scaled(new BigInt64Array(copy(8)), (value) => value * 1000n))
    case T.TIMESTAMP_NS:
    case T.TIME_NS:
      return fixed(
        scaled(new BigInt64Array(copy(8)), (value, row) =>
          isValid(validity, row) ? microseconds(value, source.type) : 0n,
        ),
      )
    case T.DECIMAL: {
      const { width, scale } = source.type as DuckDBDecimalType
      if (width <= 4) return fixed(BigInt64Array.from(new Int16Array(copy(2)), BigInt))
      if (width <= 9) return fixed(BigInt64Array.from(new Int32Array(copy(4)), BigInt))
      if (width <= 18) return fixed(new BigInt64Array(copy(8)))
      return textColumn(base, decimalTexts(new BigUint64Array(copy(16)), scale))
    }
    case T.HUGEINT:
      return textColumn(base, hugeintTexts(new BigUint64Array(copy(16)), true))
    case T.UHUGEINT:
      return textColumn(base, hugeintTexts(new BigUint64Array(copy(16)), false))
    case T.UUID:
      return uuidColumn(base, new Uint8Array(copy(16)))
    case T.INTERVAL:
      return textColumn(base, intervalTexts(copy(16), api))
    case T.VARCHAR:
    case T.BLOB:
      return bytesColumn(base, view(vector, length * 16, c), c)
    case T.ENUM: {
      const { values } = source.type as DuckDBEnumType
      const codes =
        values.length <= 256
          ? new Uint8Array(copy(1))
          : values.length <= 65_536
            ? new Uint16Array(copy(2))
            : new Uint32Array(copy(4))
      return textColumn(base, (row) => values[codes[row] as number] ?? '')
    }
    case T.STRUCT: {
      const { entryTypes } = source.type as DuckDBStructType
      const children = entryTypes.map((member, index) =>
        decodeColumn(
          { vector: c.struct_vector_get_child(vector, index), length, type: member, outer: validity },
          bindings,
        ),
      )
      return { ...base, layout: 'struct', children }
    }
    case T.LIST:
      return decodeList(source, (source.type as DuckDBListType).valueType, base, bindings)
    case T.MAP: {
      const { keyType, valueType } = source.type as DuckDBMapType
      return decodeList(source, new api.DuckDBStructType(['key', 'value'], [keyType, valueType]), base, bindings)
    }
    case T.ARRAY: {
      const { length: size, valueType } = source.type as DuckDBArrayType
      const items = { vector: c.array_vector_get_child(vector), length: length * size, type: valueType }
      const child = decodeColumn({ ...items, outer: repeated(validity, length, size) }, bindings)
      return {
        ...base,
        layout: 'list',
        offsets: Uint32Array.from({ length: length + 1 }, (_, row) => row * size),
        child,
      }
    }
    default:
      return decodeRare(source, base, bindings)
  }
}

type Base = { readonly type: DataType; readonly length: number; readonly validity?: Uint8Array }

function decodeList(source: Source, element: DuckDBType, base: Base, bindings: Bindings): ColumnData {
  const { c } = bindings
  const { vector, length } = source
  const size = c.list_vector_get_size(vector)
  const child = decodeColumn({ vector: c.list_vector_get_child(vector), length: size, type: element }, bindings)
  // (offset, length) pairs of 64 bits, of which the low 32 count; those of null rows hold anything.
  const entries = new Uint32Array(readBytes(vector, length * 16, c))
  const offsets = new Uint32Array(length + 1)
  let inOrder = true
  for (let row = 0; row < length; row += 1) {
    const valid = isValid(base.validity, row)
    const count = valid ? (entries[row * 4 + 2] as number) : 0
    if (count > 0 && entries[row * 4] !== offsets[row]) inOrder = false
    offsets[row + 1] = (offsets[row] as number) + count
  }
  const total = offsets[length] as number
  if (inOrder && total === size) return { ...base, layout: 'list', offsets, child }
  const indices = new Uint32Array(total)
  for (let row = 0; row < length; row += 1) {
    const [from, to] = [offsets[row] as number, offsets[row + 1] as number]
    for (let at = from; at < to; at += 1) indices[at] = (entries[row * 4] as number) + at - from
  }
  return { ...base, layout: 'list', offsets, child: takeColumn(child, indices) }
}

/** Types that few use, value by value through the Node API. */
function decodeRare(source: Source, base: Base, { api }: Bindings): ColumnData {
  const vector = api.DuckDBVector.create(source.vector, source.length, source.type)
  return textColumn(base, (row) => String(vector.getItem(row)))
}

function scaled(values: BigInt64Array, scale: (value: bigint, row: number) => bigint): BigInt64Array {
  // The smallest and largest numbers are the infinities in every unit.
  const infinity = 9_223_372_036_854_775_807n
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row] as bigint
    if (value !== infinity && value !== -infinity) values[row] = scale(value, row)
  }
  return values
}

function microseconds(nanoseconds: bigint, type: DuckDBType): bigint {
  if (nanoseconds % 1000n === 0n) return nanoseconds / 1000n
  throw new MillraceError('ENGINE_UNSUPPORTED', `reading a ${type} with nanoseconds, which would be lost`, {
    hint: 'Millrace keeps microseconds: cast the column to TIMESTAMP or TIME in the query to drop the rest.',
  })
}

function view(vector: Vector, bytes: number, c: Bindings['c']): Uint8Array {
  return bytes === 0 ? new Uint8Array(0) : c.vector_get_data(vector, bytes)
}

function readBytes(vector: Vector, bytes: number, c: Bindings['c']): ArrayBuffer {
  const copy = new Uint8Array(bytes)
  copy.set(view(vector, bytes, c))
  return copy.buffer
}

function readValidity({ vector, length, outer }: Source, { c }: Bindings): Uint8Array | undefined {
  if (length === 0) return undefined
  const bits = c.vector_get_validity(vector, Math.ceil(length / 64) * 8) as Uint8Array | null
  if (!bits) return outer
  const validity = Uint8Array.from(bits.subarray(0, (length + 7) >> 3))
  if (outer) {
    for (let at = 0; at < validity.length; at += 1) validity[at] = (validity[at] as number) & (outer[at] as number)
  }
  const rest = length & 7
  // Bits behind the last row hold anything; chunks are compared and hashed, so they are cleared.
  if (rest !== 0) validity[validity.length - 1] = (validity[validity.length - 1] as number) & ((1 << rest) - 1)
  return validity
}

/** Zeroes the slots of nulls, where DuckDB leaves whatever was in its memory: perhaps rows of another query. */
function cleared<Values extends FixedValues>(values: Values, validity: Uint8Array | undefined): Values {
  if (validity === undefined) return values
  const zero = (values instanceof BigInt64Array || values instanceof BigUint64Array ? 0n : 0) as never
  for (const [at, bits] of validity.entries()) {
    if (bits === 0) values.fill(zero, at * 8, at * 8 + 8)
    else if (bits !== 255) {
      const end = Math.min(values.length, at * 8 + 8)
      for (let row = at * 8; row < end; row += 1) if (!isValid(validity, row)) values[row] = zero
    }
  }
  return values
}

function repeated(validity: Uint8Array | undefined, length: number, size: number): Uint8Array | undefined {
  if (validity === undefined) return undefined
  return takeValidity(
    validity,
    Uint32Array.from({ length: length * size }, (_, item) => Math.floor(item / size)),
  )
}
