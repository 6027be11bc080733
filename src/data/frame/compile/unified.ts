import { type DataType, formatType, MillraceError } from '../../../base/kernel/index.ts'
import { constantOf } from '../dialect/constant.ts'
import type { FrameDialect } from '../dialect/frame-dialect.ts'
import { commonOf } from '../functions/shared-type.ts'
import type { Typed } from './scope.ts'

/**
 * Values as the type that they have in common by Spark's rules; as they are where a type is not known, where there is
 * none, and where the engine does the same by itself.
 */
export function unified(given: readonly Typed[], dialect: FrameDialect): readonly Typed[] {
  if (dialect.own) return given
  const kinds = new Set(given.map((one) => one.type?.kind))
  kinds.delete('null')
  if (kinds.size < 2 && !kinds.has('decimal')) return given
  const type = commonOf(given.map((one) => one.type))
  if (type === undefined) return refusedOf(given)
  return given.map((one) => {
    if (one.type === undefined || one.type.kind === 'null' || alike(one.type, type)) return one
    // A whole constant takes the type of what it meets.
    if (type.kind !== 'decimal' && one.type.kind !== 'string' && constantOf(one.sql) !== undefined) return one
    return { sql: dialect.cast(one, type, false), type }
  })
}

/** What has no type in common is refused, as far as Spark knows all of the types. */
function refusedOf(given: readonly Typed[]): readonly Typed[] {
  const types = given.flatMap((one) => (one.type && one.type.kind !== 'null' ? [one.type] : []))
  if (types.length < given.filter((one) => one.type?.kind !== 'null').length || !types.every(isKnown)) return given
  const names = [...new Set(types.map(formatType))]
  throw new MillraceError('COLUMN_TYPE', `values of ${names.join(' and ')} have no type in common`, {
    hint: "Convert one of them first, by col('…').cast('…').",
  })
}

const KNOWN = new Set([
  'byte', 'short', 'integer', 'long', 'float', 'double', 'decimal', 'string', 'binary', 'boolean', 'date', 'timestamp', 'timestamp_ntz',
]) // biome-ignore format: a list

function isKnown(type: DataType): boolean {
  return KNOWN.has(type.kind) || (type.kind === 'array' && isKnown(type.element))
}

function alike(a: DataType, b: DataType): boolean {
  if (a.kind === 'decimal' && b.kind === 'decimal') return a.precision === b.precision && a.scale === b.scale
  return a.kind === b.kind
}
