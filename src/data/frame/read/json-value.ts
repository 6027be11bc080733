import { type DataType, type Field, formatType, MillraceError } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql } from '../../../base/sql/index.ts'
import type { ValueOptions } from './csv-dialect.ts'
import { EXACT } from './json-text.ts'
import { typeSql } from './scan.ts'
import { textValue } from './text-value.ts'

// Conditions are not always evaluated in their order: what is cast where a value is known to be an array is tried only.
//
// JSON values as Spark's reader takes them: a value of another kind than its column's is no value, and makes the row one
// that does not fit, while the other columns keep theirs.

/** With `exact` there may be numbers that `withExactFractions` has made texts. */
interface JsonOptions extends ValueOptions {
  readonly exact?: boolean
}

/** The members of an object as a list of JSON, found in one pass. */
export function membersOf(json: Sql, fields: readonly Field[]): Sql {
  return sql`json_extract(${json}, [${join(fields.map(({ name }) => literal(pathTo(name))))}])`
}

export function pathTo(name: string): string {
  return `$."${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** A JSON value as a value of the type, null where it is none. @throws MillraceError TYPE_UNSUPPORTED */
export function jsonValue(json: Sql, type: DataType, options: JsonOptions, depth = 0): Sql {
  const kind = sql`json_type(${json})`
  const written = sql`(${json} ->> '$')`
  const isExact = sql`(${kind} = 'VARCHAR' and starts_with(${written}, ${literal(EXACT)}))`
  const text = options.exact ? sql`replace(${written}, ${literal(EXACT)}, '')` : written
  const plain = sql`${kind} in ('UBIGINT', 'BIGINT', 'HUGEINT', 'DOUBLE')`
  const number = options.exact ? sql`(${plain} or ${isExact})` : plain
  const whole = sql`${kind} in ('UBIGINT', 'BIGINT', 'HUGEINT')`
  const ofText = (of: DataType) =>
    sql`case when ${kind} = 'VARCHAR' and ${written} <> '' then ${textValue(written, of, options)} end`
  switch (type.kind) {
    case 'string':
      if (options.exact)
        return sql`case when ${kind} = 'NULL' then null when ${isExact} then cast(to_json(try_cast(${text} as double)) as varchar) when ${kind} = 'VARCHAR' then ${written} else ${asNumbers(json)} end`
      return sql`case when ${kind} = 'NULL' then null when ${kind} = 'VARCHAR' then ${text} else cast(${json} as varchar) end`
    case 'boolean':
      return sql`case when ${kind} = 'BOOLEAN' then try_cast(${json} as boolean) end`
    case 'byte': {
      // Spark takes a byte without sign too.
      const number = sql`try_cast(${text} as smallint)`
      return sql`case when ${whole} and ${number} between -128 and 255 then cast(case when ${number} > 127 then ${number} - 256 else ${number} end as tinyint) end`
    }
    case 'short':
    case 'integer':
    case 'long':
      return sql`case when ${whole} then try_cast(${text} as ${typeSql(type)}) end`
    case 'float':
    case 'double': {
      const word = (words: readonly string[], value: string) =>
        sql`when ${text} in (${join(words.map((one) => literal(one)))}) then cast(${literal(value)} as ${typeSql(type)})`
      const words = sql`case ${word(['NaN'], 'NaN')} ${word(['+INF', 'INF', '+Infinity', 'Infinity'], 'Infinity')} ${word(['-INF', '-Infinity'], '-Infinity')} end`
      return sql`case when ${number} then try_cast(${text} as ${typeSql(type)}) when ${kind} = 'VARCHAR' then ${words} end`
    }
    case 'decimal':
      return sql`case when ${number} or ${kind} = 'VARCHAR' then ${textValue(text, type, options)} end`
    case 'binary':
      return sql`case when ${kind} = 'VARCHAR' then case when ${text} = '' then encode('') else try(from_base64(${text})) end end`
    case 'timestamp':
      return sql`case when ${whole} then make_timestamptz(try_cast(${text} as bigint) * 1000000) else ${ofText(type)} end`
    case 'date':
      if (options.dateFormat !== undefined) return ofText(type)
      // A number that is no year counts days.
      return sql`case when ${kind} = 'VARCHAR' and regexp_full_match(${text}, '[+-]?[0-9]{1,7}') and ${ofText(type)} is null then date '1970-01-01' + try_cast(${text} as integer) else ${ofText(type)} end`
    case 'timestamp_ntz':
    case 'time':
    case 'uuid':
      return ofText(type)
    case 'json':
      return options.exact ? sql`try_cast(${asNumbers(json)} as json)` : json
    case 'array': {
      const item = sql`${itemName(depth)}`
      const wrong = sql`list_contains([${hardMisfit(item, type.element, options, depth + 1)} for ${item} in try_cast(${json} as json[])], true)`
      return sql`case when ${kind} = 'ARRAY' and not ${wrong} then [${jsonValue(item, type.element, options, depth + 1)} for ${item} in try_cast(${json} as json[])] end`
    }
    case 'map': {
      if (type.key.kind !== 'string') break
      const entry = sql`${itemName(depth)}`
      const value = jsonValue(sql`${entry}.value`, type.value, options, depth + 1)
      const entries = sql`map_entries(try_cast(${json} as map(varchar, json)))`
      const wrong = sql`list_contains([${hardMisfit(sql`${entry}.value`, type.value, options, depth + 1)} for ${entry} in ${entries}], true)`
      return sql`case when ${kind} = 'OBJECT' and not ${wrong} then map_from_entries([{"key": ${entry}.key, "value": ${value}} for ${entry} in ${entries}]) end`
    }
    case 'struct': {
      // As a list of one, so that the members are found once.
      const found = sql`${itemName(depth)}`
      const members = type.fields.map(
        (field, at) =>
          sql`${literal(field.name)}: ${jsonValue(sql`${found}[${literal(at + 1)}]`, field.type, options, depth + 1)}`,
      )
      return sql`case when ${kind} = 'OBJECT' then [cast({${join(members)}} as ${typeSql(type)}) for ${found} in [${membersOf(json, type.fields)}]][1] end`
    }
  }
  throw new MillraceError('TYPE_UNSUPPORTED', `reading JSON: there are no values of ${formatType(type)} in it`, {
    hint: 'Read the column as string, and cast it.',
  })
}

/** Whether a value makes the array or map it stands in none; an object keeps those of its members that fit. */
function hardMisfit(json: Sql, type: DataType, options: JsonOptions, depth: number): Sql {
  if (type.kind !== 'struct') return jsonMisfit(json, undefined, type, options, depth)
  return sql`(${json} is not null and json_type(${json}) not in ('NULL', 'OBJECT'))`
}

/** Whether a JSON value, or one in it, is none of its type. */
export function jsonMisfit(json: Sql, value: Sql | undefined, type: DataType, options: JsonOptions, depth = 0): Sql {
  const kind = sql`json_type(${json})`
  const there = sql`(${json} is not null and ${kind} <> 'NULL')`
  if (type.kind === 'string' || type.kind === 'json') return sql`false`
  const of = sql`${itemName(depth)}`
  if (type.kind === 'array') {
    const wrong = jsonMisfit(of, undefined, type.element, options, depth + 1)
    return sql`(${there} and (${kind} <> 'ARRAY' or list_contains([${wrong} for ${of} in try_cast(${json} as json[])], true)))`
  }
  if (type.kind === 'map') {
    const wrong = jsonMisfit(sql`${of}.value`, undefined, type.value, options, depth + 1)
    return sql`(${there} and (${kind} <> 'OBJECT' or list_contains([${wrong} for ${of} in map_entries(try_cast(${json} as map(varchar, json)))], true)))`
  }
  if (type.kind === 'struct') {
    const wrong = type.fields.map((field, at) =>
      jsonMisfit(sql`${of}[${literal(at + 1)}]`, undefined, field.type, options, depth + 1),
    )
    return sql`(${there} and (${kind} <> 'OBJECT' or list_contains([${join(wrong, ' or ')} for ${of} in [${membersOf(json, type.fields)}]], true)))`
  }
  return sql`(${there} and ${value ?? jsonValue(json, type, options, depth)} is null)`
}

/** The text of JSON whose exact fractions are numbers again. */
function asNumbers(json: Sql): Sql {
  return sql`regexp_replace(cast(${json} as varchar), ${literal('"\\\\u0001#([^"]*)"')}, '\\1', 'g')`
}

const itemName = (depth: number): Sql => id(`j${depth}`)
