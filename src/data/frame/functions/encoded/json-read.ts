import { type DataType, formatType, MillraceError } from '../../../../base/kernel/index.ts'
import { id, join, type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { duckDbDialect } from '../../dialect/duckdb.ts'

// JSON as Spark's reader takes it: every member is of its type or null, and says whether it was another. Structs are
// cast to structs of JSON once, so that a text is not read again for each member.

/** A value read from JSON, and whether there was something that is no such value. */
interface Read {
  readonly value: Sql
  readonly bad: Sql
  /** That nothing of it can be read: an array or map with such an element is null as a whole. */
  readonly lost: Sql
}

const typeName = (type: DataType): Sql => duckDbDialect.typeName(type)
const JSON_TYPE: DataType = { kind: 'json' }

/** What of a type is read as: JSON for all that is looked at by itself. */
function shapeOf(type: DataType): Sql {
  if (type.kind !== 'struct') return typeName(JSON_TYPE)
  return sql`struct(${join(type.fields.map((field) => sql`${id(field.name)} ${typeName(JSON_TYPE)}`))})`
}

/** A value of JSON as a type. @throws MillraceError COLUMN_TYPE for a type that JSON has not */
export function readJson(json: Sql, type: DataType, depth = 0): Read {
  switch (type.kind) {
    case 'struct': {
      const name = trusted(`s${depth}`)
      const members = readMembers(name, type, depth + 1)
      const made = (inner: Sql) =>
        sql`list_transform([try_cast(${json} as ${shapeOf(type)})], lambda ${name}: ${inner})[1]`
      const object = sql`starts_with(${json}, '{')`
      return {
        value: sql`case when ${object} then ${made(members.value)} end`,
        bad: sql`(${json} is not null and case when ${object} then ${made(members.bad)} else true end)`,
        lost: sql`(${json} is not null and not ${object})`,
      }
    }
    case 'array': {
      const name = trusted(`a${depth}`)
      const element = readJson(name, type.element, depth + 1)
      const items = sql`try_cast(${json} as ${typeName(JSON_TYPE)}[])`
      const any = (of: Sql) =>
        sql`(not starts_with(${json}, '[') or len(list_filter(${items}, lambda ${name}: ${of})) > 0)`
      return {
        value: sql`case when not ${any(element.lost)} then list_transform(${items}, lambda ${name}: ${element.value}) end`,
        bad: sql`(${json} is not null and ${any(element.bad)})`,
        lost: sql`(${json} is not null and ${any(element.lost)})`,
      }
    }
    case 'map': {
      const name = trusted(`e${depth}`)
      const element = readJson(sql`${name}.value`, type.value, depth + 1)
      const entries = sql`map_entries(try_cast(${json} as map(varchar, ${typeName(JSON_TYPE)})))`
      const any = (of: Sql) =>
        sql`(not starts_with(${json}, '{') or len(list_filter(${entries}, lambda ${name}: ${of})) > 0)`
      const read = sql`list_transform(${entries}, lambda ${name}: struct_pack(k := ${name}.key, v := ${element.value}))`
      return {
        value: sql`case when not ${any(element.lost)} then map_from_entries(${read}) end`,
        bad: sql`(${json} is not null and ${any(element.bad)})`,
        lost: sql`(${json} is not null and ${any(element.lost)})`,
      }
    }
    default: {
      const value = readLeaf(json, type)
      const bad = sql`(${json} is not null and ${value} is null)`
      return { value, bad, lost: bad }
    }
  }
}

/** The members of a struct of JSON, and whether any is of another type. */
function readMembers(of: Sql, type: Extract<DataType, { kind: 'struct' }>, depth: number): Omit<Read, 'lost'> {
  const members = type.fields.map((field) => ({
    name: field.name,
    ...readJson(sql`struct_extract(${of}, ${field.name})`, field.type, depth),
  }))
  return {
    value: sql`struct_pack(${join(members.map(({ name, value }) => sql`${id(name)} := ${value}`))})`,
    bad: sql`(${join(
      members.map(({ bad }) => bad),
      ' or ',
    )})`,
  }
}

const INFINITE: Readonly<Record<string, readonly string[]>> = {
  NaN: ['NaN', '"NaN"'],
  Infinity: ['Infinity', '"Infinity"', '"+Infinity"', '"INF"', '"+INF"'],
  '-Infinity': ['-Infinity', '"-Infinity"', '"-INF"'],
}

function readLeaf(json: Sql, type: DataType): Sql {
  const text = sql`(${json} ->> '$')`
  const quoted = sql`starts_with(${json}, '"')`
  const number = sql`regexp_full_match(${json}, '-?\\d.*')`
  switch (type.kind) {
    case 'string':
      return sql`case when ${quoted} then ${text} else cast(${json} as varchar) end`
    case 'boolean':
      return sql`case cast(${json} as varchar) when 'true' then true when 'false' then false end`
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
      return sql`case when regexp_full_match(${json}, '-?\\d+') then try_cast(cast(${json} as varchar) as ${typeName(type)}) end`
    case 'float':
    case 'double': {
      const special = Object.entries(INFINITE).map(
        ([value, texts]) =>
          sql`when cast(${json} as varchar) in (${join(texts.map((one) => trusted(`'${one}'`)))}) then cast(${trusted(`'${value}'`)} as ${typeName(type)})`,
      )
      return sql`case when ${number} then try_cast(cast(${json} as varchar) as ${typeName(type)}) ${join(special, ' ')} end`
    }
    case 'decimal':
      return sql`try_cast(${text} as ${typeName(type)})`
    case 'timestamp': {
      const seconds = sql`make_timestamptz(try_cast(cast(${json} as varchar) as bigint) * 1000000)`
      const read = duckDbDialect.cast({ sql: text, type: { kind: 'string' } }, type, true)
      return sql`case when ${quoted} then ${read} when regexp_full_match(${json}, '-?\\d{1,12}') then ${seconds} end`
    }
    case 'date':
    case 'timestamp_ntz':
      return sql`case when ${quoted} then ${duckDbDialect.cast({ sql: text, type: { kind: 'string' } }, type, true)} end`
    case 'binary':
      return sql`case when ${quoted} then try(from_base64(${text})) end`
    case 'json':
      return json
    default:
      throw new MillraceError('COLUMN_TYPE', `from_json() reads no ${formatType(type)}`, {
        hint: 'Read it as string, and cast that.',
      })
  }
}
