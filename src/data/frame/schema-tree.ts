import type { DataType, Field, Schema } from '../../base/kernel/index.ts'

/** A schema as the tree that Spark's `printSchema` prints; a `level` from 1 on cuts what lies deeper. */
export function schemaTree({ fields }: Schema, level = 0): string {
  const deepest = level > 0 ? level : Number.POSITIVE_INFINITY
  return `root\n${fields.map((field) => fieldLines(field, ' |', deepest)).join('')}`
}

function fieldLines({ name, type, nullable }: Field, before: string, level: number): string {
  if (level < 1) return ''
  return `${before}-- ${name}: ${typeName(type)} (nullable = ${nullable})\n${below(type, `${before}    |`, level - 1)}`
}

function below(type: DataType, before: string, level: number): string {
  if (level < 1) return ''
  switch (type.kind) {
    case 'array':
      return `${before}-- element: ${typeName(type.element)} (containsNull = ${type.containsNull})\n${below(type.element, `${before}    |`, level - 1)}`
    case 'map':
      return [
        `${before}-- key: ${typeName(type.key)}\n${below(type.key, `${before}    |`, level - 1)}`,
        `${before}-- value: ${typeName(type.value)} (valueContainsNull = ${type.valueContainsNull})\n`,
        below(type.value, `${before}    |`, level - 1),
      ].join('')
    case 'struct':
      return type.fields.map((field) => fieldLines(field, before, level)).join('')
    default:
      return ''
  }
}

function typeName(type: DataType): string {
  if (type.kind === 'null') return 'void'
  return type.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : type.kind
}
