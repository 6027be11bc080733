import type { DataType, Field, Schema } from '../../../base/kernel/index.ts'

/** What a JSON text holds, as DuckDB's `json_structure` tells it. */
type Structure = string | readonly [Structure] | { readonly [name: string]: Structure }

/** How types are found. */
export interface InferOptions {
  readonly primitivesAsString: boolean
  /** A field that is null, or an empty array or object, in all rows is left out. */
  readonly dropFieldIfAllNull: boolean
}

/**
 * The columns of objects with these structures, as Spark infers them: whole numbers are bigint, others double, what is
 * of different kinds is text; fields stand in the order of their names.
 */
export function jsonSchema(
  structures: readonly string[],
  options: InferOptions,
): Schema & { /** There are roots that are neither objects nor arrays of them. */ readonly hasOthers: boolean } {
  const roots = structures.map((text) => rootType(JSON.parse(text) as Structure, options))
  const isRow = (type: DataType) => type.kind === 'struct' || type.kind === 'null'
  const found = settled(roots.filter(isRow).reduce<DataType>(together, { kind: 'null' }), options)
  return { fields: found?.kind === 'struct' ? found.fields : [], hasOthers: !roots.every(isRow) }
}

/** A member that no JSON text of a file has: it marks a number, or null, among texts. */
const NUMBER = '\0number'

/** The structure of a JSON text, with the digits of whole numbers that are longer than a bigint: `DECIMAL(20)`. */
export function structureOf(text: string): string {
  const read = JSON.parse as (
    text: string,
    revive: (key: string, value: unknown, at: { source?: string }) => unknown,
  ) => unknown
  return JSON.stringify(
    shapeOf(
      read(text.replaceAll(/-?\b(?:NaN|Infinity)\b(?=\s*[,}\]])/g, '0.5'), (_key, value, { source }) =>
        typeof value === 'number'
          ? { [NUMBER]: source ?? String(value) }
          : value === null
            ? { [NUMBER]: 'null' }
            : value,
      ),
    ),
  )
}

function shapeOf(value: unknown): Structure {
  if (typeof value === 'string') return 'VARCHAR'
  if (typeof value === 'boolean') return 'BOOLEAN'
  if (Array.isArray(value)) {
    const shapes = value.map(shapeOf)
    const [first = 'NULL'] = shapes
    return [shapes.every((shape) => JSON.stringify(shape) === JSON.stringify(first)) ? first : mixed(shapes)]
  }
  const entries = Object.entries(value as Record<string, unknown>)
  const [only] = entries
  if (entries.length === 1 && only?.[0] === NUMBER && typeof only[1] === 'string') return numberShape(only[1])
  return Object.fromEntries(entries.map(([name, of]) => [name, shapeOf(of)]))
}

function numberShape(source: string): Structure {
  if (source === 'null') return 'NULL'
  if (!/^-?\d+$/.test(source)) return 'DOUBLE'
  const value = BigInt(source)
  if (BigInt.asIntN(64, value) === value) return 'BIGINT'
  const digits = source.replace('-', '').length
  return digits > 38 ? 'DOUBLE' : `DECIMAL(${digits})`
}

function mixed(shapes: readonly Structure[]): Structure {
  const kinds = new Set(shapes.filter((shape) => shape !== 'NULL'))
  const isNumber = [...kinds].every((kind) => typeof kind === 'string' && /^(BIGINT|DOUBLE|DECIMAL)/.test(kind))
  return isNumber ? 'DOUBLE' : kinds.size === 1 ? ([...kinds][0] ?? 'NULL') : 'JSON'
}

/** An array of objects stands for its objects. */
function rootType(structure: Structure, options: InferOptions): DataType {
  const type = typeOf(structure, options)
  return type.kind === 'array' ? type.element : type
}

function typeOf(structure: Structure, options: InferOptions): DataType {
  if (typeof structure === 'string') return leafType(structure, options)
  if (Array.isArray(structure)) {
    const [element = 'NULL'] = structure as readonly [Structure]
    return { kind: 'array', element: typeOf(element, options), containsNull: true }
  }
  // A name that is empty is none.
  const named = Object.entries(structure).filter(([name]) => name !== '')
  const fields = named.map(([name, of]) => ({ name, type: typeOf(of, options), nullable: true }))
  return { kind: 'struct', fields: fields.toSorted(byName) }
}

function leafType(structure: string, { primitivesAsString }: InferOptions): DataType {
  if (structure === 'NULL') return { kind: 'null' }
  if (primitivesAsString) return { kind: 'string' }
  const digits = /^DECIMAL\((\d+)\)$/.exec(structure)?.[1]
  if (digits !== undefined) return { kind: 'decimal', precision: Number(digits), scale: 0 }
  switch (structure) {
    case 'BOOLEAN':
      return { kind: 'boolean' }
    case 'UBIGINT':
    case 'BIGINT':
      return { kind: 'long' }
    case 'HUGEINT':
    case 'DOUBLE':
      return { kind: 'double' }
    default:
      return { kind: 'string' }
  }
}

function together(a: DataType, b: DataType): DataType {
  if (a.kind === 'null') return b
  if (b.kind === 'null') return a
  if (a.kind === 'struct' && b.kind === 'struct') {
    const fields = new Map<string, Field>(a.fields.map((field) => [field.name, field]))
    for (const field of b.fields) {
      const known = fields.get(field.name)
      fields.set(field.name, known ? { ...known, type: together(known.type, field.type) } : field)
    }
    return { kind: 'struct', fields: [...fields.values()].toSorted(byName) }
  }
  if (a.kind === 'array' && b.kind === 'array') return { ...a, element: together(a.element, b.element) }
  if (a.kind === 'decimal' && b.kind === 'decimal') return a.precision > b.precision ? a : b
  if (a.kind === b.kind) return a
  const decimal = a.kind === 'decimal' ? a : b.kind === 'decimal' ? b : undefined
  const other = decimal === a ? b : a
  if (decimal && other.kind === 'long') return { ...decimal, precision: Math.max(20, decimal.precision) }
  if (decimal && other.kind === 'double') return other
  const numbers = new Set([a.kind, b.kind])
  return numbers.has('long') && numbers.has('double') ? { kind: 'double' } : { kind: 'string' }
}

/** Without what has no values: null alone is text, an object without fields is nothing. */
function settled(type: DataType, options: InferOptions): DataType | undefined {
  switch (type.kind) {
    case 'null':
      return options.dropFieldIfAllNull ? undefined : { kind: 'string' }
    case 'array': {
      const element = settled(type.element, options)
      return element && { ...type, element }
    }
    case 'struct': {
      const fields = type.fields.flatMap((field) => {
        const of = settled(field.type, options)
        return of ? [{ ...field, type: of }] : []
      })
      return fields.length > 0 ? { kind: 'struct', fields } : undefined
    }
    default:
      return type
  }
}

/** Names by their bytes, as Spark sorts them. */
function byName(a: Field, b: Field): number {
  return Buffer.compare(Buffer.from(a.name), Buffer.from(b.name))
}
