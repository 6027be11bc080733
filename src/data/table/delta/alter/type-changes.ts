import { type DataType, type Field, formatType } from '../../../../base/kernel/index.ts'

const TYPE_CHANGES = 'delta.typeChanges'

/** Whether a table may hold values of a type that was another one before (Delta protocol, "Type Widening"). */
export function mayBecome(from: DataType, to: DataType): boolean {
  const integers = ['byte', 'short', 'integer', 'long']
  const rank = integers.indexOf(from.kind)
  if (rank >= 0 && integers.indexOf(to.kind) > rank) return true
  if (to.kind === 'double') return from.kind === 'float' || (rank >= 0 && from.kind !== 'long')
  if (from.kind === 'date') return to.kind === 'timestamp_ntz'
  if (to.kind !== 'decimal') return false
  if (from.kind === 'decimal') {
    const [digits, scale] = [to.precision - from.precision, to.scale - from.scale]
    return scale >= 0 && digits >= scale && digits + scale > 0
  }
  return rank >= 0 && to.precision - to.scale >= (from.kind === 'long' ? 20 : 10)
}

/** A column with a wider type, which remembers what it was. */
export function widened(field: Field, to: DataType): Field {
  const known = field.metadata?.[TYPE_CHANGES]
  const change = { fromType: deltaName(field.type), toType: deltaName(to) }
  return {
    ...field,
    type: to,
    metadata: { ...field.metadata, [TYPE_CHANGES]: [...(Array.isArray(known) ? known : []), change] },
  }
}

/** The name of a primitive type in a Delta schema. */
function deltaName(type: DataType): string {
  return type.kind === 'decimal' ? formatType(type) : type.kind
}
