import { type DataType, type Field, MillraceError, type Schema } from '../../base/kernel/index.ts'

/** A zod schema as far as it is looked at here; zod itself is not loaded. */
export interface ZodLike {
  readonly _zod: { readonly def: ZodDef }
}
interface ZodDef {
  readonly type: string
  readonly format?: string
  readonly shape?: Readonly<Record<string, ZodLike>>
  readonly element?: ZodLike
  readonly innerType?: ZodLike
  readonly keyType?: ZodLike
  readonly valueType?: ZodLike
  readonly options?: readonly ZodLike[]
  readonly values?: readonly unknown[]
  readonly entries?: Readonly<Record<string, unknown>>
  readonly checks?: readonly { readonly _zod: { readonly def: { readonly check: string; readonly format?: string } } }[]
}

export function isZod(given: unknown): given is ZodLike {
  return typeof given === 'object' && given !== null && '_zod' in given
}

/**
 * The columns of a zod object: `z.int()` is an integer, `z.number()` a double, `z.bigint()` a long, `z.date()` a
 * timestamp, `z.record()` a map, `z.object()` a struct; what is optional or nullable may be null.
 * @throws MillraceError TYPE_UNSUPPORTED for what no column can be, with its path
 */
export function schemaOfZod(given: ZodLike): Schema {
  const { type, shape } = given._zod.def
  if (type !== 'object' || shape === undefined)
    throw refused('', `z.${type}()`, 'Rows are described by z.object({ … }).')
  return { fields: fieldsOf(shape, '') }
}

function fieldsOf(shape: Readonly<Record<string, ZodLike>>, path: string): Field[] {
  return Object.entries(shape).map(([name, one]) => ({
    name,
    ...columnOf(one, path === '' ? name : `${path}.${name}`),
  }))
}

function columnOf(given: ZodLike, path: string): Omit<Field, 'name'> {
  const { type, innerType, options } = given._zod.def
  if ((type === 'optional' || type === 'nullable') && innerType) return { ...columnOf(innerType, path), nullable: true }
  if ((type === 'nonoptional' || type === 'readonly') && innerType) {
    const inner = columnOf(innerType, path)
    return type === 'readonly' ? inner : { ...inner, nullable: false }
  }
  const others = type === 'union' ? options?.filter((one) => one._zod.def.type !== 'null') : undefined
  const [only] = others ?? []
  if (others?.length === 1 && only) return { ...columnOf(only, path), nullable: true }
  return { type: typeOf(given._zod.def, path), nullable: type === 'null' }
}

const NUMBERS: Readonly<Record<string, DataType['kind']>> = {
  safeint: 'integer', int32: 'integer', uint32: 'uinteger', float32: 'float', float64: 'double', int64: 'long', uint64: 'ulong',
} // biome-ignore format: a table
const TEXTS: Readonly<Record<string, DataType['kind']>> = {
  date: 'date',
  datetime: 'timestamp',
  time: 'time',
  uuid: 'uuid',
  guid: 'uuid',
}
const SIMPLE: Readonly<Record<string, DataType['kind']>> = {
  boolean: 'boolean',
  date: 'timestamp',
  null: 'null',
  nan: 'double',
  file: 'binary',
}

function typeOf(def: ZodDef, path: string): DataType {
  const simple = (kind: DataType['kind']): DataType => ({ kind }) as DataType
  // A format is the schema's own, or a check of it: z.number().int().
  const format = def.format ?? def.checks?.map((one) => one._zod.def.format).find((one) => one !== undefined) ?? ''
  switch (def.type) {
    case 'number':
      return simple(NUMBERS[format] ?? 'double')
    case 'bigint':
      return simple(NUMBERS[format] ?? 'long')
    case 'string':
      return simple(TEXTS[format] ?? 'string')
    case 'boolean':
    case 'date':
    case 'null':
    case 'nan':
      return simple(SIMPLE[def.type] ?? 'null')
    case 'template_literal':
      return simple('string')
    case 'enum':
      return ofValues(Object.values(def.entries ?? {}), path)
    case 'literal':
      return ofValues(def.values ?? [], path)
    case 'object':
      return { kind: 'struct', fields: fieldsOf(def.shape ?? {}, path) }
    case 'array': {
      const { type: element, nullable } = columnOf(def.element as ZodLike, `${path}[]`)
      return { kind: 'array', element, containsNull: nullable }
    }
    case 'record':
    case 'map': {
      const { type: value, nullable } = columnOf(def.valueType as ZodLike, `${path}{}`)
      const { type: key } = columnOf(def.keyType as ZodLike, `${path} (key)`)
      return { kind: 'map', key, value, valueContainsNull: nullable }
    }
    default:
      throw refused(
        path,
        `z.${def.type}()`,
        'Describe the rows as they are given: after parsing, without unions, defaults and transforms.',
      )
  }
}

/** The type of literals: text, whole numbers, other numbers, longs or truths, but not of several kinds. */
function ofValues(values: readonly unknown[], path: string): DataType {
  const kinds = new Set(values.map((value) => typeof value))
  const [kind] = kinds
  if (kinds.size === 1) {
    if (kind === 'string') return { kind: 'string' }
    if (kind === 'bigint') return { kind: 'long' }
    if (kind === 'boolean') return { kind: 'boolean' }
    if (kind === 'number') return { kind: values.every((value) => Number.isInteger(value)) ? 'integer' : 'double' }
  }
  throw refused(path, `values of ${[...kinds].join(' and ')}`, 'A column has values of one type.')
}

function refused(path: string, what: string, hint: string): MillraceError {
  return new MillraceError(
    'TYPE_UNSUPPORTED',
    `the zod schema${path === '' ? '' : ` at ${path}`}: ${what} is no type of a column`,
    {
      hint,
    },
  )
}
