import type { DataType, Field } from '../../../base/kernel/index.ts'
import { readFirstJson } from './first-json.ts'

// The type that Spark infers of a JSON value: members in the order of their names, whole numbers are longs.

const NULL: DataType = { kind: 'null' }
const STRING: DataType = { kind: 'string' }
const DOUBLE: DataType = { kind: 'double' }
const LONG: DataType = { kind: 'long' }
const MOST_DIGITS = 38

/** The type of a JSON text in Spark's SQL, such as `STRUCT<a: BIGINT>`; undefined when it is no JSON. */
export function jsonTypeText(text: string): string | undefined {
  if (text.trim() === '') return 'STRING'
  const type = readFirstJson<DataType>(text, {
    object: (members) => ({
      kind: 'struct',
      fields: members.map(([name, type]) => ({ name, type, nullable: true })).sort(byName),
    }),
    array: (items) => ({ kind: 'array', element: items.reduce(together, NULL), containsNull: true }),
    string: (value) => (value === '' ? NULL : STRING),
    word: wordType,
  })
  return type === null ? undefined : sparkTypeText(told(type) ?? empty(type))
}

function byName(a: Field, b: Field): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}

function wordType(word: string): DataType {
  if (word === 'null') return NULL
  if (word === 'true' || word === 'false') return { kind: 'boolean' }
  if (!/^-?\d+$/.test(word)) return DOUBLE
  const number = BigInt(word)
  if (BigInt.asIntN(64, number) === number) return LONG
  const precision = word.replace('-', '').length
  return precision <= MOST_DIGITS ? { kind: 'decimal', precision, scale: 0 } : DOUBLE
}

/** The type that holds values of two types; text where there is none. */
function together(a: DataType, b: DataType): DataType {
  if (a.kind === 'null') return b
  if (b.kind === 'null') return a
  if (a.kind === 'array' && b.kind === 'array') {
    return { kind: 'array', element: together(a.element, b.element), containsNull: true }
  }
  if (a.kind === 'struct' && b.kind === 'struct') return { kind: 'struct', fields: merged(a.fields, b.fields) }
  const [one, two] = [rank(a), rank(b)]
  if (one === undefined || two === undefined) return a.kind === b.kind ? a : STRING
  if (a.kind === 'decimal' && b.kind === 'decimal') return a.precision > b.precision ? a : b
  const wider = one > two ? a : b
  // A long is a decimal of twenty digits.
  return wider.kind === 'decimal' && one !== two ? { ...wider, precision: Math.max(20, wider.precision) } : wider
}

function rank({ kind }: DataType): number | undefined {
  const found = ['long', 'decimal', 'double'].indexOf(kind)
  return found < 0 ? undefined : found
}

/** The members of two structs, both in the order of their names. */
function merged(a: readonly Field[], b: readonly Field[]): Field[] {
  const fields: Field[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const [one, two] = [a[i], b[j]]
    if (one && two && one.name === two.name) {
      fields.push({ ...one, type: together(one.type, two.type) })
      i += 1
      j += 1
    } else if (one && (!two || one.name < two.name)) {
      fields.push(one)
      i += 1
    } else if (two) {
      fields.push(two)
      j += 1
    }
  }
  return fields
}

/** Without what nothing is known of: structs without members; what is always null is text. */
function told(type: DataType): DataType | undefined {
  switch (type.kind) {
    case 'null':
      return STRING
    case 'array': {
      const element = told(type.element)
      return element && { ...type, element }
    }
    case 'struct': {
      const fields = type.fields.flatMap((field) => {
        const inner = field.name === '' ? undefined : told(field.type)
        return inner ? [{ ...field, type: inner }] : []
      })
      return fields.length === 0 ? undefined : { kind: 'struct', fields }
    }
    default:
      return type
  }
}

function empty(type: DataType): DataType {
  if (type.kind === 'struct') return { kind: 'struct', fields: [] }
  if (type.kind === 'array' && type.element.kind === 'struct')
    return { ...type, element: { kind: 'struct', fields: [] } }
  return STRING
}

const NAMES: Readonly<Record<string, string>> = { long: 'BIGINT', integer: 'INT' }

/** A type as Spark's SQL writes it. */
function sparkTypeText(type: DataType): string {
  switch (type.kind) {
    case 'array':
      return `ARRAY<${sparkTypeText(type.element)}>`
    case 'struct': {
      const fields = type.fields.map((field) => `${quoted(field.name)}: ${sparkTypeText(field.type)}`)
      return `STRUCT<${fields.join(', ')}>`
    }
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`
    default:
      return NAMES[type.kind] ?? type.kind.toUpperCase()
  }
}

function quoted(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `\`${name.replaceAll('`', '``')}\``
}
