import { type DataType, type Field, MillraceError, optional, storedType } from '../../base/kernel/index.ts'
import type { ColumnData, ResultStream } from './contract.ts'

type Arrow = typeof import('apache-arrow')
type ArrowType = import('apache-arrow').DataType
type ArrowData = import('apache-arrow').Data

/**
 * A result as one Arrow IPC stream (https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format).
 * UUIDs, JSON, intervals and 128-bit integers are text, which is what Arrow can hold of them without loss.
 * @throws MillraceError DEPENDENCY_MISSING, before the query starts
 */
export async function arrowIpc(start: () => Promise<ResultStream>): Promise<Uint8Array> {
  const arrow = await optional<Arrow>('apache-arrow', 'writes Arrow')
  const stream = await start()
  const fields = stream.schema.fields.map((field) => arrowField(field, arrow))
  const schema = new arrow.Schema(fields)
  const batches: import('apache-arrow').RecordBatch[] = []
  for await (const chunk of stream) {
    const children = chunk.columns.map((column, index) =>
      arrowData(column, (fields[index] as (typeof fields)[0]).type, arrow),
    )
    const data = arrow.makeData({ type: new arrow.Struct(fields), length: chunk.rows, nullCount: 0, children })
    batches.push(new arrow.RecordBatch(schema, data))
  }
  return arrow.RecordBatchStreamWriter.writeAll(batches.length > 0 ? batches : new arrow.Table(schema)).toUint8Array()
}

function arrowField(field: Field, arrow: Arrow): import('apache-arrow').Field {
  return new arrow.Field(field.name, arrowType(storedType(field.type, 'arrow'), arrow), field.nullable)
}

function arrowType(type: DataType, arrow: Arrow): ArrowType {
  switch (type.kind) {
    case 'null':
      return new arrow.Null()
    case 'boolean':
      return new arrow.Bool()
    case 'byte':
      return new arrow.Int8()
    case 'short':
      return new arrow.Int16()
    case 'integer':
      return new arrow.Int32()
    case 'long':
      return new arrow.Int64()
    case 'ubyte':
      return new arrow.Uint8()
    case 'ushort':
      return new arrow.Uint16()
    case 'uinteger':
      return new arrow.Uint32()
    case 'ulong':
      return new arrow.Uint64()
    case 'float':
      return new arrow.Float32()
    case 'double':
      return new arrow.Float64()
    case 'string':
      return new arrow.Utf8()
    case 'binary':
      return new arrow.Binary()
    case 'date':
      return new arrow.DateDay()
    case 'time':
      return new arrow.TimeMicrosecond()
    case 'timestamp':
      return new arrow.TimestampMicrosecond('UTC')
    case 'timestamp_ntz':
      return new arrow.TimestampMicrosecond()
    case 'decimal':
      return new arrow.Decimal(type.scale, type.precision, 128)
    case 'array':
      return new arrow.List(new arrow.Field('element', arrowType(type.element, arrow), type.containsNull))
    case 'struct':
      return new arrow.Struct(type.fields.map((field) => arrowField(field, arrow)))
    case 'map': {
      const key = new arrow.Field('key', arrowType(type.key, arrow), false)
      const value = new arrow.Field('value', arrowType(type.value, arrow), type.valueContainsNull)
      return new arrow.Map_(new arrow.Field('entries', new arrow.Struct([key, value]), false) as never)
    }
    default:
      throw new MillraceError('INTERNAL', `the type ${type.kind} was not mapped to one that Arrow has`)
  }
}

function arrowData(column: ColumnData, type: ArrowType, arrow: Arrow): ArrowData {
  const { length } = column
  const nulls = column.validity === undefined ? { nullCount: 0 } : { nullBitmap: column.validity }
  // The builders of apache-arrow's types are overloaded per type; the layouts here are the ones of the format.
  const make = (parts: Record<string, unknown>) =>
    arrow.makeData({ type, length, ...nulls, ...parts } as never) as ArrowData
  if (column.type.kind === 'null') return make({})
  if (column.type.kind === 'decimal') return make({ data: decimalWords(column, column.type.scale) })
  switch (column.layout) {
    case 'fixed':
      return make({ data: column.type.kind === 'boolean' ? bits(column.values as Uint8Array) : column.values })
    case 'bytes':
      return make({ valueOffsets: new Int32Array(column.offsets), data: column.bytes })
    case 'list': {
      const [member] = type.children
      if (!member) throw new MillraceError('INTERNAL', 'an Arrow list has no member type')
      return make({ valueOffsets: new Int32Array(column.offsets), child: arrowData(column.child, member.type, arrow) })
    }
    case 'struct':
      return make({
        children: column.children.map((child, index) =>
          arrowData(child, (type.children[index] as { type: ArrowType }).type, arrow),
        ),
      })
  }
}

function bits(bytes: Uint8Array): Uint8Array {
  const packed = new Uint8Array((bytes.length + 7) >> 3)
  for (let row = 0; row < bytes.length; row += 1) {
    if (bytes[row]) packed[row >> 3] = (packed[row >> 3] as number) | (1 << (row & 7))
  }
  return packed
}

/** Decimals as the 128-bit integers of Arrow, four 32-bit words each. */
function decimalWords(column: ColumnData, scale: number): Uint32Array {
  const words = new BigUint64Array(column.length * 2)
  const put = (row: number, unscaled: bigint) => {
    words[row * 2] = BigInt.asUintN(64, unscaled)
    words[row * 2 + 1] = BigInt.asUintN(64, unscaled >> 64n)
  }
  if (column.layout === 'fixed') column.values.forEach((value, row) => void put(row, BigInt(value)))
  if (column.layout === 'bytes') {
    const text = Buffer.from(column.bytes.buffer, column.bytes.byteOffset, column.bytes.byteLength)
    for (let row = 0; row < column.length; row += 1) {
      const digits = text.toString('latin1', column.offsets[row], column.offsets[row + 1])
      put(row, digits === '' ? 0n : BigInt(scale === 0 ? digits : digits.replace('.', '')))
    }
  }
  return new Uint32Array(words.buffer)
}
