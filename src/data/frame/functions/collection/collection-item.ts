import { type DataType, MillraceError } from '../../../../base/kernel/index.ts'
import { type Sql, sql } from '../../../../base/sql/index.ts'
import { constantOf } from '../../dialect/constant.ts'
import { duckDbDialect } from '../../dialect/duckdb.ts'
import { failing } from '../../dialect/postgres-range.ts'
import { type Call, define, type FunctionDefinition, onlyDuckDb, type TemplateArgs } from '../define.ts'
import { raised } from '../math/math-argument.ts'
import { arrayOf, elementOf, type Known, typed } from './collection-type.ts'

function memberType(type: Known, name: Sql | undefined): Known {
  if (type?.kind === 'array') return arrayOf(memberType(type.element, name))
  const wanted = String(constantOf(name) ?? '').toLowerCase()
  return type?.kind === 'struct' ? type.fields.find((field) => field.name.toLowerCase() === wanted)?.type : undefined
}

/** A struct's member, or the member of each of an array's structs. */
function member(of: Sql, type: Known, name: Sql, call: Call): Sql {
  const text = String(constantOf(name) ?? '')
  if (type?.kind === 'array') {
    const [item] = call.variables
    return sql`list_transform(${of}, lambda ${item}: ${member(item, type.element, name, call)})`
  }
  if (type?.kind === 'map') return sql`${of}[${name}]`
  if (type?.kind !== 'struct') return sql`struct_extract(${of}, ${name})`
  const field = type.fields.find((one) => one.name.toLowerCase() === text.toLowerCase())
  if (field) return duckDbDialect.member({ sql: of, type }, field.name)
  throw new MillraceError('COLUMN_UNKNOWN', `the struct has no member "${text}"`, {
    hint: `Its members are ${type.fields.map((one) => one.name).join(', ')}.`,
  })
}

function itemType(type: Known, key: Sql | undefined): Known {
  if (type?.kind === 'map') return type.value
  if (type?.kind === 'json') return type
  return type?.kind === 'array' && typeof constantOf(key) !== 'string' ? elementOf(type) : memberType(type, key)
}

/** Spark counts an array's elements from 0, DuckDB from 1. */
function item([of, key]: TemplateArgs, [type, keyType]: readonly Known[], call: Call): Sql {
  if (type?.kind === 'struct' || (type?.kind === 'array' && keyType?.kind === 'string'))
    return member(of, type, key, call)
  const number = keyType?.kind === 'integer'
  if (type?.kind !== 'array' && !(type === undefined && number)) return sql`${of}[${key}]`
  const wrong = raised('INVALID_ARRAY_INDEX', 'The place is outside of the array')
  return sql`case when ${key} >= 0 and ${key} < len(${of}) then list_extract(${of}, ${key} + 1) when ${key} is not null and ${of} is not null then ${wrong} end`
}

/** An array's element by its place from 1 in PostgreSQL, which would give null outside. */
export function postgresElement(of: Sql, place: Sql, errorClass: string): Sql {
  const outside = failing(`[${errorClass}] The place is outside of the array`, sql`''`, { kind: 'integer' })
  const there = sql`${place} between 1 and coalesce(array_length(${of}, 1), 0)`
  return sql`case when ${of} is null or ${place} is null or ${there} then (${of})[${place}] when ${outside} = 0 then null end`
}

function postgresItem([of, key]: TemplateArgs, [type]: readonly (DataType | undefined)[], call: Call): Sql {
  if (type?.kind === 'array') return postgresElement(of, sql`(${key} + 1)`, 'INVALID_ARRAY_INDEX')
  if (type?.kind === 'json') return sql`(${of} -> ${key})`
  return call.refuse(`of a ${type?.kind ?? 'value of unknown type'}`)
}

/** What `getItem` and `getField` build. */
export const ITEMS: readonly FunctionDefinition[] = [
  define(
    'get_field',
    onlyDuckDb(([of, name], [type], call) => member(of, type, name, call), 'It has no structs: select the members.'),
    typed(([type], args) => (type?.kind === 'map' ? type.value : memberType(type, args?.[1]))),
  ),
  define(
    'get_item',
    { duckdb: item, postgres: postgresItem },
    typed(([type], args) => itemType(type, args?.[1])),
  ),
]
