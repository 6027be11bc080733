import type { DataType, Schema } from '../../base/kernel/index.ts'

/** The TypeScript type of a row of a schema, as `collect` gives it: `{ id: bigint; name: string | null }`. */
export function rowText({ fields }: Pick<Schema, 'fields'>, indent = ''): string {
  if (fields.length === 0) return 'Record<string, never>'
  const lines = fields.map(
    ({ name, type, nullable }) =>
      `${indent}  ${nameText(name)}: ${valueText(type, `${indent}  `)}${nullable && type.kind !== 'null' ? ' | null' : ''}\n`,
  )
  return `{\n${lines.join('')}${indent}}`
}

function nameText(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)
}

/** The TypeScript type of the values of a type. The guide has the same table. */
function valueText(type: DataType, indent: string): string {
  switch (type.kind) {
    case 'null':
      return 'null'
    case 'boolean':
      return 'boolean'
    case 'byte':
    case 'short':
    case 'integer':
    case 'ubyte':
    case 'ushort':
    case 'uinteger':
    case 'float':
    case 'double':
      return 'number'
    case 'long':
    case 'ulong':
    case 'hugeint':
      return 'bigint'
    case 'decimal':
      return 'Decimal'
    case 'string':
    case 'uuid':
    case 'json':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamp_ntz':
    case 'interval':
      return 'string'
    case 'binary':
      return 'Uint8Array'
    case 'array': {
      const element = valueText(type.element, indent)
      return type.containsNull && type.element.kind !== 'null' ? `(${element} | null)[]` : `${element}[]`
    }
    case 'map': {
      const value = valueText(type.value, indent)
      return `Map<${valueText(type.key, indent)}, ${value}${type.valueContainsNull ? ' | null' : ''}>`
    }
    case 'struct':
      return rowText(type, indent)
  }
}
