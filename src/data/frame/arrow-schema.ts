import { type DataType, type Field, MillraceError, type Schema } from '../../base/kernel/index.ts'

/** A schema of apache-arrow as far as it is looked at here. */
export interface ArrowSchemaLike {
  readonly fields: readonly ArrowFieldLike[]
}
interface ArrowFieldLike {
  readonly name: string | null
  readonly nullable: boolean
  readonly type: ArrowTypeLike
}
interface ArrowTypeLike {
  readonly typeId: number
  readonly children?: readonly ArrowFieldLike[] | null
}
/** What the types of Arrow say of themselves. */
interface Told extends ArrowTypeLike {
  readonly bitWidth?: number
  readonly isSigned?: boolean
  readonly precision?: number
  readonly scale?: number
  readonly timezone?: string | null
  readonly dictionary?: ArrowTypeLike
}

export function isArrowSchema(given: unknown): given is ArrowSchemaLike {
  const { fields } = (given ?? {}) as { readonly fields?: readonly { readonly type?: unknown }[] }
  const type = Array.isArray(fields) ? fields[0]?.type : undefined
  return typeof type === 'object' && type !== null && 'typeId' in type
}

/**
 * The columns of an Arrow schema (https://arrow.apache.org/docs/format/Columnar.html, `Type` of Schema.fbs).
 * @throws MillraceError TYPE_UNSUPPORTED for unions, durations and half floats
 */
export function schemaOfArrow({ fields }: ArrowSchemaLike): Schema {
  return { fields: fields.map(fieldOf) }
}

function fieldOf({ name: written, nullable, type }: ArrowFieldLike): Field {
  // The format lets a part be without a name.
  const name = written ?? ''
  return { name, nullable, type: typeOf(type as Told, name) }
}

const INTEGERS: Readonly<Record<string, DataType['kind']>> = {
  'true8': 'byte', 'true16': 'short', 'true32': 'integer', 'true64': 'long',
  'false8': 'ubyte', 'false16': 'ushort', 'false32': 'uinteger', 'false64': 'ulong',
} // biome-ignore format: a table
const SIMPLE: Readonly<Record<number, DataType['kind']>> = {
  1: 'null', 4: 'binary', 5: 'string', 6: 'boolean', 8: 'date', 9: 'time', 11: 'interval', 15: 'binary', 19: 'binary', 20: 'string', 23: 'binary', 24: 'string',
} // biome-ignore format: a table

function typeOf(type: Told, name: string): DataType {
  const { typeId } = type
  const children = type.children ?? []
  const simple = (kind: DataType['kind']): DataType => ({ kind }) as DataType
  const [child] = children
  switch (typeId) {
    // A dictionary is how values are kept, not what they are.
    case -1:
      if (type.dictionary) return typeOf(type.dictionary as Told, name)
      break
    case 2: {
      const kind = INTEGERS[`${String(type.isSigned)}${type.bitWidth}`]
      if (kind) return simple(kind)
      break
    }
    case 3:
      if (type.precision === 1 || type.precision === 2) return simple(type.precision === 1 ? 'float' : 'double')
      break
    case 7:
      if ((type.precision ?? 0) <= 38)
        return { kind: 'decimal', precision: type.precision ?? 38, scale: type.scale ?? 0 }
      break
    case 10:
      return simple(type.timezone ? 'timestamp' : 'timestamp_ntz')
    case 12:
    case 16:
    case 21:
      if (child) return { kind: 'array', element: fieldOf(child).type, containsNull: child.nullable }
      break
    case 13:
      return { kind: 'struct', fields: children.map(fieldOf) }
    case 17: {
      const [key, value] = child?.type.children ?? []
      if (key && value)
        return { kind: 'map', key: fieldOf(key).type, value: fieldOf(value).type, valueContainsNull: value.nullable }
      break
    }
    default: {
      const kind = SIMPLE[typeId]
      if (kind) return simple(kind)
    }
  }
  throw new MillraceError(
    'TYPE_UNSUPPORTED',
    `the Arrow schema: the type ${String(type)} of ${name} is no type of a column`,
    {
      hint: 'Convert it first, such as a duration to a whole number or a half float to a float.',
    },
  )
}
