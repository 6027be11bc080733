import type { DataType } from '../../../../base/kernel/index.ts'
import { id, join, type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { duckDbDialect } from '../../dialect/duckdb.ts'

// Nearly all JSON is what its schema says. Such a text is found by one regular expression, and cast by DuckDB as a whole.

const TEXT = '"(?:[^"\\\\]|\\\\.)*"'
const BLANKS = '[ \\t\\n\\r]*'
const COMMA = `${BLANKS},${BLANKS}`
const COLON = `${BLANKS}:${BLANKS}`
const DAY =
  '(?:\\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)|\\d\\d(?:[02468][048]|[13579][26])-02-29)'
const DIGITS: Readonly<Record<string, number>> = { byte: 2, short: 4, integer: 9, long: 18 }

/** A pattern of values, that DuckDB casts to the type as Spark reads them; undefined for types without one. */
function patternOf(type: DataType): string | undefined {
  const value = valuePattern(type)
  return value && `(?:null|${value})`
}

function valuePattern(type: DataType): string | undefined {
  switch (type.kind) {
    case 'string':
      return TEXT
    case 'boolean':
      return 'true|false'
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
      return whole(DIGITS[type.kind] ?? 9)
    case 'double':
      return `${whole(15)}(?:\\.\\d{1,20})?`
    case 'decimal':
      return type.precision > type.scale && type.precision <= 15
        ? `${whole(type.precision - type.scale)}${type.scale > 0 ? `(?:\\.\\d{1,${type.scale}})?` : ''}`
        : undefined
    case 'date':
      return `"${DAY}"`
    case 'timestamp':
    case 'timestamp_ntz':
      return `"${DAY}[T ](?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,6})?${type.kind === 'timestamp' ? 'Z?' : ''}"`
    case 'array': {
      const element = patternOf(type.element)
      return element && `\\[${BLANKS}(?:${element}(?:${COMMA}${element})*)?${BLANKS}\\]`
    }
    case 'map': {
      const element = patternOf(type.value)
      return element && repeated(`${TEXT}${COLON}${element}`)
    }
    case 'struct': {
      const members = type.fields.map(memberPattern)
      if (members.includes(undefined)) return undefined
      return repeated(`(?:${members.join('|')})`)
    }
    default:
      return undefined
  }
}

function whole(digits: number): string {
  return `-?(?:0|[1-9]\\d{0,${digits - 1}})`
}

function repeated(member: string): string {
  return `\\{${BLANKS}(?:${member}(?:${COMMA}${member})*)?${BLANKS}\\}`
}

function memberPattern({ name, type }: { readonly name: string; readonly type: DataType }): string | undefined {
  const pattern = patternOf(type)
  return pattern && `${JSON.stringify(name).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}${COLON}${pattern}`
}

/** Whether a text is JSON of a type in the usual form; undefined where that cannot be told. */
export function isUsual(text: Sql, type: DataType): Sql | undefined {
  const pattern = valuePattern(type)
  if (pattern === undefined) return undefined
  return sql`regexp_full_match(${text}, ${trusted(quoted(`${BLANKS}(?:${pattern})${BLANKS}`))})`
}

/** Like `isUsual`, for a struct whose text has members that the schema has not: the others are looked at. */
export function isUsualInPart(text: Sql, type: DataType): Sql | undefined {
  if (type.kind !== 'struct') return undefined
  const members = type.fields.map((field) => memberPattern(field))
  const known = members.flatMap((member) => member ?? [])
  if (known.length === 0 || known.length < members.length) return undefined
  const shape = join(type.fields.map((field) => sql`${id(field.name)} json`))
  const json = sql`cast(to_json(try_cast(try_cast(${text} as json) as struct(${shape}))) as varchar)`
  const object = sql`starts_with(ltrim(${text}, ${' \t\n\r'}), '{')`
  return sql`(${object} and regexp_full_match(${json}, ${trusted(quoted(`\\{${known.join(',')}\\}`))}))`
}

/** A text in the usual form as the type. */
export function usualValue(text: Sql, type: DataType): Sql {
  return sql`try_cast(try_cast(${text} as json) as ${duckDbDialect.typeName(type)})`
}

const quoted = (pattern: string): string => `'${pattern.replaceAll("'", "''")}'`
