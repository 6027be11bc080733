import { type DataType, formatType, MillraceError } from '../../../../base/kernel/index.ts'
import { join, type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { duckDbDialect } from '../../dialect/duckdb.ts'
import { wallClock } from '../math/math-argument.ts'

/**
 * A struct, map or array as Spark writes it to JSON: members that are null are left out, numbers are as Java writes
 * them, timestamps have milliseconds.
 * @throws MillraceError COLUMN_TYPE for what is none of them
 */
export function writtenJson(of: Sql, type: DataType): Sql {
  if (type.kind === 'struct' || type.kind === 'map' || type.kind === 'array') return jsonText(of, type, 0)
  if (type.kind === 'json') return sql`cast(${of} as varchar)`
  throw new MillraceError('COLUMN_TYPE', `to_json() takes structs, maps and arrays, and not ${formatType(type)}`, {
    hint: 'Put the columns into a struct: toJson(struct("a", "b")).',
  })
}

/** A value as JSON; null for null. */
function jsonText(of: Sql, type: DataType, depth: number): Sql {
  const text = () => duckDbDialect.cast({ sql: of, type }, { kind: 'string' }, false)
  switch (type.kind) {
    case 'struct': {
      const members = type.fields.map((field) => {
        const inner = jsonText(sql`struct_extract(${of}, ${field.name})`, field.type, depth)
        return sql`${`${JSON.stringify(field.name)}:`} || ${inner}`
      })
      const all = members.length === 0 ? sql`''` : sql`concat_ws(',', ${join(members)})`
      return sql`case when ${of} is not null then '{' || ${all} || '}' end`
    }
    case 'array': {
      const name = trusted(`a${depth}`)
      const item = sql`coalesce(${jsonText(name, type.element, depth + 1)}, 'null')`
      return sql`('[' || array_to_string(list_transform(${of}, lambda ${name}: ${item}), ',') || ']')`
    }
    case 'map': {
      const name = trusted(`m${depth}`)
      const key = duckDbDialect.cast({ sql: sql`${name}.key`, type: type.key }, { kind: 'string' }, false)
      const item = sql`coalesce(${jsonText(sql`${name}.value`, type.value, depth + 1)}, 'null')`
      const entry = sql`cast(to_json(${key}) as varchar) || ':' || ${item}`
      return sql`('{' || array_to_string(list_transform(map_entries(${of}), lambda ${name}: ${entry}), ',') || '}')`
    }
    case 'float':
    case 'double':
      return sql`case when isfinite(${of}) then ${text()} else '"' || ${text()} || '"' end`
    case 'decimal':
      return decimalText(of, type)
    case 'timestamp':
      return sql`('"' || ${momentText(wallClock(of, type))} || 'Z"')`
    case 'timestamp_ntz':
      return sql`('"' || ${momentText(of)} || '"')`
    case 'binary':
      return sql`('"' || to_base64(${of}) || '"')`
    case 'boolean':
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
      return sql`cast(${of} as varchar)`
    case 'string':
      return sql`cast(to_json(${of}) as varchar)`
    case 'null':
      return sql`cast(null as varchar)`
    default:
      return sql`cast(to_json(${text()}) as varchar)`
  }
}

function momentText(of: Sql): Sql {
  const milliseconds = sql`((epoch_us(${of}) % 1000000 + 1000000) % 1000000) // 1000`
  return sql`replace(split_part(cast(${of} as varchar), '.', 1), ' ', 'T') || '.' || lpad(cast(${milliseconds} as varchar), 3, '0')`
}

/** A decimal as Java writes it: by a power of ten from seven zeros behind the point on. */
export function decimalText(of: Sql, { scale }: { readonly scale: number }): Sql {
  if (scale <= 6) return sql`cast(${of} as varchar)`
  const digits = sql`coalesce(nullif(ltrim(replace(replace(cast(${of} as varchar), '.', ''), '-', ''), '0'), ''), '0')`
  const rest = sql`case when length(${digits}) > 1 then '.' || substring(${digits}, 2) else '' end`
  const power = sql`cast(length(${digits}) - 1 - ${trusted(String(scale))} as varchar)`
  const scientific = sql`case when ${of} < 0 then '-' else '' end || left(${digits}, 1) || ${rest} || 'E' || ${power}`
  return sql`case when abs(${of}) < 0.000001 then ${scientific} else cast(${of} as varchar) end`
}
