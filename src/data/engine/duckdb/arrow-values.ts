import type { DuckDBValue } from '@duckdb/node-api'
import type { Data, Vector } from 'apache-arrow'
import { type DataType, MillraceError } from '../../../base/kernel/index.ts'
import type { Bindings } from './bindings.ts'

/** What Arrow's types say of how values lie. */
interface Laid {
  readonly unit?: number
  readonly bitWidth?: number
  readonly listSize?: number
}

type Read = (row: number) => DuckDBValue

/**
 * Reads values of Arrow as those of DuckDB. Times in nanoseconds lose what is below a microsecond.
 * @param arrow the package that made the data
 */
export function arrowReader(data: Data, type: DataType, arrow: typeof import('apache-arrow'), { api }: Bindings): Read {
  const reader = (of: Data, as: DataType): Read => {
    checkLength(of)
    const read = present(of, as)
    return (row) => (of.getValid(row) ? read(row) : null)
  }
  const present = (of: Data, as: DataType): Read => {
    if (of.type.typeId === arrow.Type.Dictionary) return inDictionary(of, as)
    const { unit = 0, bitWidth, listSize } = of.type as Laid
    switch (as.kind) {
      case 'null':
        return () => null
      case 'date': {
        const values = whole(of)
        return (row) =>
          new api.DuckDBDateValue(Number(unit === 0 ? values(row) : floorDivided(values(row), 86_400_000n)))
      }
      case 'time':
        return times(of, unit, (micros) => new api.DuckDBTimeValue(micros))
      case 'timestamp':
        return times(of, unit, (micros) => new api.DuckDBTimestampTZValue(micros))
      case 'timestamp_ntz':
        return times(of, unit, (micros) => new api.DuckDBTimestampValue(micros))
      case 'decimal': {
        const unscaled = wide(of, bitWidth ?? 128)
        return (row) => new api.DuckDBDecimalValue(unscaled(row), as.precision, as.scale)
      }
      case 'binary': {
        const get = getter(of)
        return (row) => new api.DuckDBBlobValue(get(row) as Uint8Array)
      }
      case 'array': {
        const items = child(of, 0)
        const item = reader(items, as.element)
        const bounds = boundsOf(of, items.length, listSize)
        return (row) => new api.DuckDBListValue(span(bounds(row), item))
      }
      case 'map': {
        const [entries] = of.children
        if (!entries) throw shapeless()
        const key = reader(child(entries, 0), as.key)
        const value = reader(child(entries, 1), as.value)
        const bounds = boundsOf(of, entries.length)
        return (row) => new api.DuckDBMapValue(span(bounds(row), (at) => ({ key: key(at), value: value(at) })))
      }
      case 'struct': {
        const members = as.fields.map((field, i) => [field.name, reader(child(of, i), field.type)] as const)
        return (row) => new api.DuckDBStructValue(Object.fromEntries(members.map(([name, read]) => [name, read(row)])))
      }
      default: {
        const get = getter(of)
        return (row) => get(row) as DuckDBValue
      }
    }
  }
  const getter = (of: Data) => {
    const vector = new arrow.Vector([of])
    return (row: number): unknown => {
      const value: unknown = vector.get(row)
      if (value === undefined) throw shapeless()
      return value
    }
  }
  /** The values of a dictionary are read once. */
  const inDictionary = (of: Data, as: DataType): Read => {
    const kept = (of.dictionary as Vector | undefined)?.data ?? []
    const values = kept.flatMap((part) => {
      const read = reader(part, as)
      return Array.from({ length: part.length }, (_, at) => read(at))
    })
    const indices = of.values as ArrayLike<number | bigint>
    return (row) => {
      const at = Number(indices[row])
      if (at >= 0 && at < values.length) return values[at] as DuckDBValue
      throw new MillraceError('SOURCE_MALFORMED', `a dictionary of ${values.length} values has none at ${at}`)
    }
  }
  return reader(data, type)
}

/** That there is a bit a row at least: a length that is not true would be read for ever. */
function checkLength({ length, buffers, children }: Data): void {
  const parts = [buffers[0], buffers[1]] as readonly (ArrayBufferView | undefined)[]
  const held = parts.filter((part) => part !== undefined)
  if (children.length === 0 && held.length > 0 && length > 0 && held.every((part) => part.byteLength * 8 < length))
    throw shapeless()
}

function child(data: Data, at: number): Data {
  const found = data.children[at]
  if (found) return found
  throw shapeless()
}

const shapeless = () => new MillraceError('SOURCE_MALFORMED', 'a column lacks values that it should have')

/** Where the items of a list begin and end among all `items`. */
function boundsOf(data: Data, items: number, size?: number): (row: number) => readonly [number, number] {
  const offsets = data.valueOffsets as unknown as ArrayLike<number | bigint>
  return (row) => {
    const from = size === undefined ? Number(offsets[row]) : row * size
    const to = size === undefined ? Number(offsets[row + 1]) : from + size
    if (from >= 0 && from <= to && to <= items) return [from, to]
    throw shapeless()
  }
}

function span<T>([from, to]: readonly [number, number], read: (row: number) => T): T[] {
  return Array.from({ length: to - from }, (_, i) => read(from + i))
}

function whole(data: Data): (row: number) => bigint {
  const values = data.values as unknown as ArrayLike<number | bigint>
  return (row) => BigInt(values[row] as number | bigint)
}

/** Microseconds in a unit, or units in a microsecond. */
const TO_MICROS = [1_000_000n, 1000n, 1n]

function times(data: Data, unit: number, made: (micros: bigint) => DuckDBValue): Read {
  const values = whole(data)
  const factor = TO_MICROS[unit]
  if (factor === undefined) return (row) => made(floorDivided(values(row), 1000n))
  return (row) => made(values(row) * factor)
}

function floorDivided(value: bigint, by: bigint): bigint {
  const quotient = value / by
  return value % by < 0n ? quotient - 1n : quotient
}

/** Whole numbers of 32, 64, 128 or 256 bits, the lowest word first. */
function wide(data: Data, bits: number): (row: number) => bigint {
  const { buffer, byteOffset, byteLength } = data.values as Uint32Array
  const words = new Uint32Array(buffer, byteOffset, byteLength >> 2)
  const each = bits / 32
  if (![1, 2, 4, 8].includes(each) || words.length < data.length * each) throw shapeless()
  return (row) => {
    let value = 0n
    for (let word = each - 1; word >= 0; word -= 1) value = (value << 32n) | BigInt(words[row * each + word] as number)
    return BigInt.asIntN(bits, value)
  }
}
