import {
  formatDate,
  formatDecimal,
  formatTime,
  formatTimestamp,
  MillraceError,
  type Row,
  type Schema,
  type Value,
} from '../../base/kernel/index.ts'
import type { BytesColumn, Chunk, ColumnData, FixedColumn } from './contract.ts'
import { isValid } from './take-column.ts'

/** Gives the value of a row. */
export type ValueReader = (row: number) => Value

/** The rows of a chunk as objects, with the exact values of the kernel's `Value`. */
export function chunkRows(chunk: Chunk, schema: Schema): Row[] {
  const columns = schema.fields.map((field, index) => {
    const column = chunk.columns[index]
    if (!column) throw new MillraceError('INTERNAL', `a chunk has no column "${field.name}"`)
    return { name: field.name, read: valueReader(column) }
  })
  const rows: Row[] = []
  for (let index = 0; index < chunk.rows; index += 1) {
    const row: Row = {}
    for (const { name, read } of columns) row[name] = read(index)
    rows.push(row)
  }
  return rows
}

/** Reads values out of one column. */
export function valueReader(column: ColumnData): ValueReader {
  const read = validReader(column)
  const { validity } = column
  return validity === undefined ? read : (row) => (isValid(validity, row) ? read(row) : null)
}

function validReader(column: ColumnData): ValueReader {
  switch (column.layout) {
    case 'fixed':
      return fixedReader(column)
    case 'bytes':
      return bytesReader(column)
    case 'list':
      return listReader(column)
    case 'struct': {
      const fields = column.type.kind === 'struct' ? column.type.fields : []
      const members = column.children.map((child, index) => ({
        name: fields[index]?.name ?? '',
        read: valueReader(child),
      }))
      return (row) => Object.fromEntries(members.map(({ name, read }) => [name, read(row)]))
    }
  }
}

function fixedReader({ type, values }: FixedColumn): ValueReader {
  const big = values as BigInt64Array
  switch (type.kind) {
    case 'boolean':
      return (row) => values[row] !== 0
    case 'date':
      return (row) => formatDate(values[row] as number)
    case 'time':
      return (row) => formatTime(big[row] as bigint)
    case 'timestamp':
      return (row) => formatTimestamp(big[row] as bigint, true)
    case 'timestamp_ntz':
      return (row) => formatTimestamp(big[row] as bigint, false)
    case 'decimal':
      return (row) => formatDecimal(big[row] as bigint, type.scale)
    case 'null':
      return () => null
    default:
      return (row) => values[row] as number | bigint
  }
}

function bytesReader({ type, offsets, bytes }: BytesColumn): ValueReader {
  if (type.kind === 'binary') return (row) => bytes.slice(offsets[row], offsets[row + 1])
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = (row: number) => buffer.toString('utf8', offsets[row], offsets[row + 1])
  return type.kind === 'hugeint' ? (row) => BigInt(text(row)) : text
}

function listReader({ type, offsets, child }: ColumnData & { layout: 'list' }): ValueReader {
  if (type.kind === 'map' && child.layout === 'struct') {
    const [key, value] = child.children.map(valueReader)
    if (!key || !value) throw new MillraceError('INTERNAL', 'a map column has no keys or values')
    return (row) => {
      const map = new Map<Value, Value>()
      for (let at = offsets[row] as number; at < (offsets[row + 1] as number); at += 1) map.set(key(at), value(at))
      return map
    }
  }
  const read = valueReader(child)
  return (row) => {
    const items: Value[] = []
    for (let at = offsets[row] as number; at < (offsets[row + 1] as number); at += 1) items.push(read(at))
    return items
  }
}
