import { type DataType, type Field, MillraceError, type Schema } from '../../../../base/kernel/index.ts'

/** Delta's primitive types; the logical types of Millrace have the same names (Delta protocol, "Primitive Types"). */
const PRIMITIVES = new Set([
  'string',
  'long',
  'integer',
  'short',
  'byte',
  'float',
  'double',
  'boolean',
  'binary',
  'date',
  'timestamp',
  'timestamp_ntz',
])

type TypeJson =
  | string
  | { type: 'struct'; fields: FieldJson[] }
  | { type: 'array'; elementType: TypeJson; containsNull?: boolean }
  | { type: 'map'; keyType: TypeJson; valueType: TypeJson; valueContainsNull?: boolean }
interface FieldJson {
  name: string
  type: TypeJson
  nullable?: boolean
  metadata?: Record<string, unknown>
}

/**
 * The schema that a `schemaString` holds (Delta protocol, "Schema Serialization Format").
 * @throws MillraceError DELTA_LOG_CORRUPT when it is no schema, DELTA_FEATURE_UNSUPPORTED for an unknown type
 */
export function parseSchema(schemaString: string): Schema {
  let json: unknown
  try {
    json = JSON.parse(schemaString)
  } catch (cause) {
    throw new MillraceError('DELTA_LOG_CORRUPT', 'reading the schema of a Delta table: it is not JSON', { cause })
  }
  const type = typeOf(json as TypeJson, 0)
  if (type.kind !== 'struct') {
    throw new MillraceError('DELTA_LOG_CORRUPT', 'reading the schema of a Delta table: its root is not a struct')
  }
  return { fields: type.fields }
}

const BINARY: DataType = { kind: 'binary' }

/** What a file holds of a variant, in the encoding of Parquet's specification of it; deltalake reads the same. */
const VARIANT: DataType = {
  kind: 'struct',
  fields: [
    { name: 'metadata', type: BINARY, nullable: false },
    { name: 'value', type: BINARY, nullable: false },
  ],
}

/** Structs within structs; deeper ones no reader can follow. */
const DEEPEST = 100

function typeOf(json: TypeJson, depth: number): DataType {
  if (depth > DEEPEST) throw malformed(`its types are nested more than ${DEEPEST} deep`)
  if (typeof json === 'string') {
    if (PRIMITIVES.has(json)) return { kind: json } as DataType
    const decimal = /^decimal\((\d+),\s*(-?\d+)\)$/.exec(json)
    if (decimal) {
      const [precision, scale] = [Number(decimal[1]), Number(decimal[2])]
      if (precision < 1 || precision > 38 || scale < 0 || scale > precision)
        throw malformed(`there is no type "${json}"`)
      return { kind: 'decimal', precision, scale }
    }
    if (json === 'decimal') return { kind: 'decimal', precision: 10, scale: 0 }
    if (json === 'void' || json === 'null') return { kind: 'null' }
    if (json === 'variant') return VARIANT
    throw new MillraceError('DELTA_FEATURE_UNSUPPORTED', `reading a Delta table: type "${json}" is not supported`)
  }
  switch (json?.type) {
    case 'struct':
      if (!Array.isArray(json.fields)) throw malformed(shortened(json))
      return { kind: 'struct', fields: fieldsOf(json.fields, depth + 1) }
    case 'array':
      return { kind: 'array', element: typeOf(json.elementType, depth + 1), containsNull: json.containsNull ?? true }
    case 'map':
      return {
        kind: 'map',
        key: typeOf(json.keyType, depth + 1),
        value: typeOf(json.valueType, depth + 1),
        valueContainsNull: json.valueContainsNull ?? true,
      }
    default:
      throw malformed(shortened(json))
  }
}

function malformed(what: string): MillraceError {
  return new MillraceError('DELTA_LOG_CORRUPT', `reading the schema of a Delta table: ${what}`)
}

function shortened(json: unknown): string {
  return `${JSON.stringify(json)}`.slice(0, 200)
}

function fieldsOf(json: readonly FieldJson[], depth: number): Field[] {
  const fields = json.map((field) => fieldOf(field, depth))
  const seen = new Set<string>()
  for (const { name } of fields) {
    if (seen.has(name.toLowerCase())) throw malformed(`it has two columns "${name}"`)
    seen.add(name.toLowerCase())
  }
  return fields
}

function fieldOf(json: FieldJson, depth: number): Field {
  if (typeof json?.name !== 'string' || json.name === '') throw malformed(`a column without a name: ${shortened(json)}`)
  return {
    name: json.name,
    type: typeOf(json.type, depth),
    nullable: json.nullable ?? true,
    ...(json.metadata && Object.keys(json.metadata).length > 0 ? { metadata: json.metadata } : {}),
  }
}

/**
 * The `schemaString` of a schema; the inverse of `parseSchema`.
 * @throws MillraceError TYPE_UNSUPPORTED for a type that Delta does not have (see `deltaSchema`)
 */
export function formatSchema(schema: Schema): string {
  return JSON.stringify({ type: 'struct', fields: schema.fields.map(fieldJson) })
}

function fieldJson(field: Field): FieldJson {
  return { name: field.name, type: typeJson(field.type), nullable: field.nullable, metadata: field.metadata ?? {} }
}

function typeJson(type: DataType): TypeJson {
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`
    case 'array':
      return { type: 'array', elementType: typeJson(type.element), containsNull: type.containsNull }
    case 'map':
      return {
        type: 'map',
        keyType: typeJson(type.key),
        valueType: typeJson(type.value),
        valueContainsNull: type.valueContainsNull,
      }
    case 'struct':
      return { type: 'struct', fields: type.fields.map(fieldJson) }
    default:
      if (PRIMITIVES.has(type.kind)) return type.kind
      throw new MillraceError('TYPE_UNSUPPORTED', `writing a Delta schema: Delta has no type "${type.kind}"`)
  }
}
