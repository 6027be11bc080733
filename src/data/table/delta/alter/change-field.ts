import { type DataType, type Field, MillraceError, type Schema, unknownName } from '../../../../base/kernel/index.ts'

/** A column, or a member inside it: `address.city`, `items.element.price`, `notes.value`. Names with dots stand in backticks. */
export type ColumnPath = string

/** The names of a path. */
export function pathOf(path: ColumnPath): string[] {
  return [...path.matchAll(/`((?:[^`]|``)+)`|[^.`]+/g)].map(([whole, quoted]) =>
    quoted === undefined ? whole : quoted.replaceAll('``', '`'),
  )
}

/**
 * A schema with another field at a path, or without it when `change` gives none.
 * @throws MillraceError COLUMN_UNKNOWN with the nearest name
 */
export function changeField(
  schema: Schema,
  path: readonly string[],
  change: (field: Field, siblings: readonly Field[]) => Field | undefined,
): Schema {
  return { fields: changeFields(schema.fields, path, path, change) }
}

type ChangeOf = (field: Field, siblings: readonly Field[]) => Field | undefined

function changeFields(
  fields: readonly Field[],
  [first = '', ...rest]: readonly string[],
  path: readonly string[],
  change: ChangeOf,
): Field[] {
  const found = fields.find(({ name }) => name.toLowerCase() === first.toLowerCase())
  if (!found) {
    const names = fields.map(({ name }) => name)
    throw unknownName('COLUMN_UNKNOWN', 'column', path.join('.'), names)
  }
  return fields.flatMap((field) => {
    if (field !== found) return [field]
    if (rest.length > 0) return [{ ...field, type: changeWithin(field.type, rest, path, change) }]
    const changed = change(field, fields)
    return changed ? [changed] : []
  })
}

function changeWithin(type: DataType, path: readonly string[], whole: readonly string[], change: ChangeOf): DataType {
  const [first, ...rest] = path
  switch (type.kind) {
    case 'struct':
      return { ...type, fields: changeFields(type.fields, path, whole, change) }
    case 'array':
      if (first === 'element') return { ...type, element: changeWithin(type.element, rest, whole, change) }
      break
    case 'map':
      if (first === 'key') return { ...type, key: changeWithin(type.key, rest, whole, change) }
      if (first === 'value') return { ...type, value: changeWithin(type.value, rest, whole, change) }
      break
  }
  throw new MillraceError('COLUMN_UNKNOWN', `there is no column "${whole.join('.')}"`)
}

/** A schema with more fields behind those at a path (of the table itself when it is empty). */
export function addFields(schema: Schema, path: readonly string[], added: readonly Field[]): Schema {
  if (path.length === 0) return { fields: [...schema.fields, ...added] }
  return changeField(schema, path, (field) => {
    if (field.type.kind !== 'struct') {
      throw new MillraceError('COLUMN_TYPE', `adding members to "${path.join('.')}", which is no struct`)
    }
    return { ...field, type: { ...field.type, fields: [...field.type.fields, ...added] } }
  })
}
