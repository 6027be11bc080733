import { MillraceError } from './error.ts'
import type { Json } from './json.ts'
import { formatType } from './type-text.ts'
import type { DataType, SimpleKind } from './types.ts'

/** A system whose types Millrace writes. */
export type TypeTarget = 'duckdb' | 'parquet' | 'delta' | 'arrow' | 'postgres' | 'jsonschema'

/** The targets, in the order of the table. */
export const TYPE_TARGETS: readonly TypeTarget[] = ['duckdb', 'parquet', 'delta', 'arrow', 'postgres', 'jsonschema']

/**
 * How a target holds a type: `native` is the target's own name for it (JSON Schema: the schema itself); `as` is the
 * logical type that the values must be cast to on the way in, and that comes back, where it is not the same.
 */
export interface TypeMapping {
  readonly native: Json
  readonly as?: DataType
}

interface Refused {
  readonly refused: string
}
type Cell = string | TypeMapping | Refused

const simple = (kind: SimpleKind): DataType => ({ kind })
const stored = (native: Json, kind: SimpleKind): TypeMapping => ({ native, as: simple(kind) })
const refused = (why: string): Refused => ({ refused: why })
const schema = (native: Json): TypeMapping => ({ native })
const range = (minimum: number, maximum: number): TypeMapping => schema({ type: 'integer', minimum, maximum })
const text = (format: string): TypeMapping => schema({ type: 'string', format })

const NO_TYPE = 'the column has no type yet; cast it'
const HUGE = 'it has no 128-bit integer; cast to decimal(38,0) or string'
const NO_INTERVAL = 'it would lose the microseconds of an interval; cast to string'

/** One row a type, one column a target: the whole truth about what is kept and what is refused. */
const SIMPLE: Record<SimpleKind, readonly [Cell, Cell, Cell, Cell, Cell, Cell]> = {
  null: ['"NULL"', refused(NO_TYPE), refused(NO_TYPE), 'Null', refused(NO_TYPE), schema({ type: 'null' })],
  boolean: ['BOOLEAN', 'BOOLEAN', 'boolean', 'Bool', 'boolean', schema({ type: 'boolean' })],
  byte: ['TINYINT', 'INT(8,true)', 'byte', 'Int8', stored('smallint', 'short'), range(-128, 127)],
  short: ['SMALLINT', 'INT(16,true)', 'short', 'Int16', 'smallint', range(-32_768, 32_767)],
  integer: ['INTEGER', 'INT32', 'integer', 'Int32', 'integer', range(-2_147_483_648, 2_147_483_647)],
  long: ['BIGINT', 'INT64', 'long', 'Int64', 'bigint', schema({ type: 'integer' })],
  hugeint: [
    'HUGEINT',
    refused(HUGE),
    refused(HUGE),
    stored('Utf8', 'string'),
    'numeric(39,0)',
    schema({ type: 'integer' }),
  ],
  ubyte: ['UTINYINT', 'INT(8,false)', stored('short', 'short'), 'Uint8', stored('smallint', 'short'), range(0, 255)],
  ushort: [
    'USMALLINT',
    'INT(16,false)',
    stored('integer', 'integer'),
    'Uint16',
    stored('integer', 'integer'),
    range(0, 65_535),
  ],
  uinteger: [
    'UINTEGER',
    'INT(32,false)',
    stored('long', 'long'),
    'Uint32',
    stored('bigint', 'long'),
    range(0, 4_294_967_295),
  ],
  ulong: [
    'UBIGINT',
    'INT(64,false)',
    { native: 'decimal(20,0)', as: { kind: 'decimal', precision: 20, scale: 0 } },
    'Uint64',
    { native: 'numeric(20,0)', as: { kind: 'decimal', precision: 20, scale: 0 } },
    schema({ type: 'integer', minimum: 0 }),
  ],
  float: ['FLOAT', 'FLOAT', 'float', 'Float32', 'real', schema({ type: 'number' })],
  double: ['DOUBLE', 'DOUBLE', 'double', 'Float64', 'double precision', schema({ type: 'number' })],
  string: ['VARCHAR', 'STRING', 'string', 'Utf8', 'text', schema({ type: 'string' })],
  binary: ['BLOB', 'BYTE_ARRAY', 'binary', 'Binary', 'bytea', schema({ type: 'string', contentEncoding: 'base64' })],
  uuid: ['UUID', 'UUID', stored('string', 'string'), stored('Utf8', 'string'), 'uuid', text('uuid')],
  // PostgreSQL's jsonb drops duplicate keys, their order and the spelling of numbers; json keeps the text.
  json: ['JSON', 'JSON', stored('string', 'string'), stored('Utf8', 'string'), 'json', schema({})],
  date: ['DATE', 'DATE', 'date', 'DateDay', 'date', text('date')],
  time: [
    'TIME',
    'TIME(MICROS)',
    refused('it has no time of day; cast to string'),
    'TimeMicrosecond',
    'time',
    text('time'),
  ],
  timestamp: [
    'TIMESTAMPTZ',
    'TIMESTAMP(MICROS,UTC)',
    'timestamp',
    'TimestampMicrosecond(UTC)',
    'timestamptz',
    text('date-time'),
  ],
  timestamp_ntz: [
    'TIMESTAMP',
    'TIMESTAMP(MICROS)',
    'timestamp_ntz',
    'TimestampMicrosecond',
    'timestamp',
    text('date-time'),
  ],
  interval: [
    'INTERVAL',
    refused(NO_INTERVAL),
    refused(NO_INTERVAL),
    stored('Utf8', 'string'),
    'interval',
    text('duration'),
  ],
}

/**
 * How `target` holds `type` without losing anything.
 * @throws MillraceError TYPE_UNSUPPORTED with the reason, where it cannot
 */
export function mapType(type: DataType, target: TypeTarget): TypeMapping {
  switch (type.kind) {
    case 'decimal':
      return { native: decimalName(type.precision, type.scale, target) }
    case 'array':
      return mapArray(type, target)
    case 'map':
      return mapMap(type, target)
    case 'struct':
      return mapStruct(type, target)
    default: {
      const cell = SIMPLE[type.kind][TYPE_TARGETS.indexOf(target)]
      if (typeof cell === 'string') return { native: cell }
      if (cell === undefined || 'refused' in cell) throw unsupported(type, target, cell?.refused ?? 'it is not known')
      return cell
    }
  }
}

/** The type under which a target gives back what was written as `type`: the same, or a wider one that it has. */
export function storedType(type: DataType, target: TypeTarget): DataType {
  return mapType(type, target).as ?? type
}

/**
 * The SQL name of a type in DuckDB or PostgreSQL.
 * @throws MillraceError TYPE_UNSUPPORTED
 */
export function sqlTypeName(type: DataType, target: 'duckdb' | 'postgres'): string {
  return String(mapType(type, target).native)
}

function decimalName(precision: number, scale: number, target: TypeTarget): Json {
  if (target === 'jsonschema') return { type: 'string', pattern: scale === 0 ? '^-?\\d+$' : `^-?\\d+\\.\\d{${scale}}$` }
  const name = { duckdb: 'DECIMAL', parquet: 'DECIMAL', delta: 'decimal', arrow: 'Decimal', postgres: 'numeric' }[
    target
  ]
  return `${name}(${precision},${scale})`
}

function mapArray(type: DataType & { kind: 'array' }, target: TypeTarget): TypeMapping {
  if (target === 'postgres' && ['array', 'map', 'struct'].includes(type.element.kind)) {
    throw unsupported(
      type,
      target,
      'its arrays hold only simple values (nested ones must be rectangular); cast to json',
    )
  }
  const element = mapType(type.element, target)
  const as = element.as && { as: { ...type, element: element.as } }
  const inner = String(element.native)
  switch (target) {
    case 'duckdb':
    case 'postgres':
      return { native: `${inner}[]`, ...as }
    case 'jsonschema':
      return { native: { type: 'array', items: element.native }, ...as }
    default:
      return { native: `${target === 'delta' ? 'array' : 'List'}<${inner}>`, ...as }
  }
}

function mapMap(type: DataType & { kind: 'map' }, target: TypeTarget): TypeMapping {
  if (target === 'postgres') throw unsupported(type, target, 'it has no maps; cast to json')
  if (target === 'jsonschema' && type.key.kind !== 'string') {
    throw unsupported(type, target, 'the keys of a JSON object are strings')
  }
  const key = mapType(type.key, target)
  const value = mapType(type.value, target)
  const as = (key.as ?? value.as) && { as: { ...type, key: key.as ?? type.key, value: value.as ?? type.value } }
  if (target === 'jsonschema') return { native: { type: 'object', additionalProperties: value.native }, ...as }
  const inner = `${String(key.native)},${String(value.native)}`
  return { native: target === 'duckdb' ? `MAP(${inner})` : `${target === 'delta' ? 'map' : 'Map'}<${inner}>`, ...as }
}

function mapStruct(type: DataType & { kind: 'struct' }, target: TypeTarget): TypeMapping {
  if (target === 'postgres')
    throw unsupported(type, target, 'it has no nameless structs; cast to json or select the members')
  if (type.fields.length === 0 && target !== 'jsonschema') throw unsupported(type, target, 'a struct needs a member')
  const members = type.fields.map((field) => ({ field, mapping: mapType(field.type, target) }))
  const changed = members.some(({ mapping }) => mapping.as !== undefined)
  const as = changed && {
    as: { ...type, fields: members.map(({ field, mapping }) => ({ ...field, type: mapping.as ?? field.type })) },
  }
  if (target === 'jsonschema') {
    const properties = Object.fromEntries(members.map(({ field, mapping }) => [field.name, mapping.native]))
    const required = type.fields.filter((field) => !field.nullable).map((field) => field.name)
    return { native: { type: 'object', properties, required, additionalProperties: false }, ...as }
  }
  if (target === 'duckdb') {
    const inner = members.map(({ field, mapping }) => `"${field.name.replaceAll('"', '""')}" ${String(mapping.native)}`)
    return { native: `STRUCT(${inner.join(', ')})`, ...as }
  }
  const inner = members.map(({ field, mapping }) => `${field.name}:${String(mapping.native)}`)
  return { native: `${target === 'delta' ? 'struct' : 'Struct'}<${inner.join(',')}>`, ...as }
}

function unsupported(type: DataType, target: TypeTarget, why: string): MillraceError {
  return new MillraceError('TYPE_UNSUPPORTED', `mapping the type ${formatType(type)} to ${target}: ${why}`, {
    data: { type: formatType(type), target },
  })
}
