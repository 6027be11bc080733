import { type DataType, type Field, MillraceError, type Schema } from '../../../../base/kernel/index.ts'
import type { FieldIds, StoredColumns, WrittenColumns } from '../../parquet-port.ts'
import type { Metadata, Protocol } from '../actions.ts'

/** How columns are found in the files (Delta protocol, "Column Mapping"). */
export type MappingMode = 'none' | 'name' | 'id'

/** What a column is called in files, statistics and partition values. */
export const PHYSICAL = 'delta.columnMapping.physicalName'
/** The number of a column, which it keeps whatever it is called. */
export const ID = 'delta.columnMapping.id'

/**
 * The mode of a table; a table whose protocol knows nothing of mapping has none, whatever its properties say.
 * @throws MillraceError DELTA_FEATURE_UNSUPPORTED
 */
export function mappingMode(protocol: Protocol, { configuration }: Metadata): MappingMode {
  const mode = configuration['delta.columnMapping.mode'] ?? 'none'
  const isKnown =
    protocol.minReaderVersion === 2 ||
    (protocol.minReaderVersion >= 3 && (protocol.readerFeatures ?? []).includes('columnMapping'))
  if (!isKnown || mode === 'none') return 'none'
  if (mode === 'name' || mode === 'id') return mode
  throw new MillraceError(
    'DELTA_FEATURE_UNSUPPORTED',
    `reading a Delta table that needs columnMapping (mode ${mode})`,
    {
      data: { features: [`columnMapping (mode ${mode})`] },
    },
  )
}

/** The name of a column in files, statistics and partition values. */
export function physicalName(field: Field, mode: MappingMode): string {
  if (mode === 'none') return field.name
  const name = field.metadata?.[PHYSICAL]
  if (typeof name === 'string' && name !== '') return name
  throw new MillraceError('DELTA_LOG_CORRUPT', `reading a Delta table: column "${field.name}" has no ${PHYSICAL}`)
}

/** What the partition columns are called in the partition values of files. */
export function storedPartitions(table: {
  readonly schema: Schema
  readonly partitionBy: readonly string[]
  readonly protocol: Protocol
  readonly metadata: Metadata
}): string[] {
  const mode = mappingMode(table.protocol, table.metadata)
  return table.partitionBy.map((name) => {
    const field = table.schema.fields.find((one) => one.name === name)
    return field ? physicalName(field, mode) : name
  })
}

/** What the columns of a schema are called in the files; undefined when they are called as in the schema. */
export function storedColumns(schema: Schema, mode: MappingMode): StoredColumns | undefined {
  if (mode === 'none') return undefined
  if (mode === 'name') return { schema: { fields: schema.fields.map((field) => physicalField(field, mode)) } }
  const ids = schema.fields.map(({ name, metadata }) => {
    const id = metadata?.[ID]
    if (typeof id === 'number' && Number.isSafeInteger(id)) return id
    throw new MillraceError('DELTA_LOG_CORRUPT', `reading a Delta table: column "${name}" has no ${ID}`)
  })
  return { schema: { fields: schema.fields.map((field) => physicalField(field, mode)) }, ids }
}

/** The columns as files, statistics and partition values have them. */
export function physicalSchema(schema: Schema, mode: MappingMode): Schema {
  return mode === 'none' ? schema : { fields: schema.fields.map((field) => physicalField(field, mode)) }
}

/** What columns are called and numbered in files that are written; undefined when as in the schema. */
export function writtenColumns(schema: Schema, mode: MappingMode): WrittenColumns | undefined {
  if (mode === 'none') return undefined
  const ids = fieldIds(schema.fields, mode)
  return { schema: physicalSchema(schema, mode), ...(ids ? { ids } : {}) }
}

function fieldIds(fields: readonly Field[], mode: MappingMode): FieldIds | undefined {
  const found = fields.flatMap((field): [string, FieldIds[string]][] => {
    const id = field.metadata?.[ID]
    const within = idsWithin(field.type, mode)
    if (typeof id !== 'number' && !within) return []
    return [[physicalName(field, mode), { ...(typeof id === 'number' ? { id } : {}), ...(within ? { within } : {}) }]]
  })
  return found.length > 0 ? Object.fromEntries(found) : undefined
}

/** Elements, keys and values have no ids of their own. */
function idsWithin(type: DataType, mode: MappingMode): FieldIds | undefined {
  const inner = (of: Record<string, DataType>) => {
    const found = Object.entries(of).flatMap(([name, one]): [string, FieldIds[string]][] => {
      const within = idsWithin(one, mode)
      return within ? [[name, { within }]] : []
    })
    return found.length > 0 ? Object.fromEntries(found) : undefined
  }
  switch (type.kind) {
    case 'struct':
      return fieldIds(type.fields, mode)
    case 'array':
      return inner({ element: type.element })
    case 'map':
      return inner({ key: type.key, value: type.value })
    default:
      return undefined
  }
}

function physicalField(field: Field, mode: MappingMode): Field {
  return { name: physicalName(field, mode), type: physicalType(field.type, mode), nullable: field.nullable }
}

function physicalType(type: DataType, mode: MappingMode): DataType {
  switch (type.kind) {
    case 'struct':
      return { kind: 'struct', fields: type.fields.map((field) => physicalField(field, mode)) }
    case 'array':
      return { ...type, element: physicalType(type.element, mode) }
    case 'map':
      return { ...type, key: physicalType(type.key, mode), value: physicalType(type.value, mode) }
    default:
      return type
  }
}

/** The columns as a reader is told of them: without what only the table itself makes use of. */
export function shownSchema(schema: Schema): Schema {
  return { fields: schema.fields.map(shownField) }
}

const OWN = /^(delta\.|CURRENT_DEFAULT$|EXISTS_DEFAULT$)/

function shownField({ name, type, nullable, metadata }: Field): Field {
  const kept = Object.entries(metadata ?? {}).filter(([key]) => !OWN.test(key))
  return {
    name,
    type: shownType(type),
    nullable,
    ...(kept.length > 0 ? { metadata: Object.fromEntries(kept) } : {}),
  }
}

function shownType(type: DataType): DataType {
  switch (type.kind) {
    case 'struct':
      return { kind: 'struct', fields: type.fields.map(shownField) }
    case 'array':
      return { ...type, element: shownType(type.element) }
    case 'map':
      return { ...type, key: shownType(type.key), value: shownType(type.value) }
    default:
      return type
  }
}
