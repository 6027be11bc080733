import { createHash } from 'node:crypto'
import type { DataType, Field, Schema } from '../../../../base/kernel/index.ts'
import { ID, type MappingMode, PHYSICAL } from '../schema/column-mapping.ts'

/** The property that remembers the largest id that any column ever had. */
export const MAX_COLUMN_ID = 'delta.columnMapping.maxColumnId'

/** How columns without a mapping get one. */
export interface MappingSeed {
  /** The table's id: the same columns of two tables are stored under different names. */
  readonly tableId: string
  /** The largest id that any column ever had. */
  readonly maxColumnId: number
  /** Columns that are in files already keep the names they have there. */
  readonly keepsNames?: boolean
}

/**
 * A schema of which every column and member has an id and a stored name (Delta protocol, "Column Mapping"): those that
 * have none get the next ids. What comes of it depends on the schema and the seed alone, so that files written at
 * different times for one commit fit together.
 */
export function withMapping(schema: Schema, mode: MappingMode, seed: MappingSeed): Schema {
  if (mode === 'none') return schema
  let last = Math.max(seed.maxColumnId, maxColumnId(schema))
  const ofField = (field: Field): Field => {
    const { [ID]: id, [PHYSICAL]: name } = field.metadata ?? {}
    const isMapped = typeof id === 'number' && typeof name === 'string'
    if (!isMapped) last += 1
    const own = isMapped
      ? field.metadata
      : { ...field.metadata, [ID]: last, [PHYSICAL]: seed.keepsNames ? field.name : storedName(seed, last, field.name) }
    const type = ofType(field.type)
    return own === field.metadata && type === field.type ? field : { ...field, type, ...(own ? { metadata: own } : {}) }
  }
  const ofType = (type: DataType): DataType => {
    switch (type.kind) {
      case 'struct': {
        const fields = type.fields.map(ofField)
        return fields.every((field, at) => field === type.fields[at]) ? type : { ...type, fields }
      }
      case 'array': {
        const element = ofType(type.element)
        return element === type.element ? type : { ...type, element }
      }
      case 'map': {
        const [key, value] = [ofType(type.key), ofType(type.value)]
        return key === type.key && value === type.value ? type : { ...type, key, value }
      }
      default:
        return type
    }
  }
  const fields = schema.fields.map(ofField)
  return fields.every((field, at) => field === schema.fields[at]) ? schema : { fields }
}

function storedName({ tableId }: MappingSeed, id: number, name: string): string {
  const hex = createHash('sha256')
    .update(JSON.stringify([tableId, id, name]))
    .digest('hex')
    .slice(0, 32)
  return `col-${hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}`
}

/** The largest id of a column or member. */
export function maxColumnId(schema: Schema): number {
  const ofFields = (fields: readonly Field[]): number =>
    fields.reduce((most, { metadata, type }) => {
      const id = metadata?.[ID]
      return Math.max(most, typeof id === 'number' ? id : 0, within(type))
    }, 0)
  const within = (type: DataType): number => {
    switch (type.kind) {
      case 'struct':
        return ofFields(type.fields)
      case 'array':
        return within(type.element)
      case 'map':
        return Math.max(within(type.key), within(type.value))
      default:
        return 0
    }
  }
  return ofFields(schema.fields)
}

/** A schema without any mapping. */
export function withoutMapping(schema: Schema): Schema {
  const ofField = (field: Field): Field => {
    const { [ID]: _, [PHYSICAL]: __, ...others } = field.metadata ?? {}
    const { metadata: ___, ...rest } = field
    return { ...rest, type: ofType(field.type), ...(Object.keys(others).length > 0 ? { metadata: others } : {}) }
  }
  const ofType = (type: DataType): DataType => {
    switch (type.kind) {
      case 'struct':
        return { ...type, fields: type.fields.map(ofField) }
      case 'array':
        return { ...type, element: ofType(type.element) }
      case 'map':
        return { ...type, key: ofType(type.key), value: ofType(type.value) }
      default:
        return type
    }
  }
  return { fields: schema.fields.map(ofField) }
}
