import type { DataType } from '../../../base/kernel/index.ts'
import { join, type Sql, sql } from '../../../base/sql/index.ts'
import type { Typed } from '../compile/scope.ts'

/** A value as the text that Spark's cast gives it, in DuckDB's SQL. */
export function duckDbText({ sql: of, type }: Typed): Sql {
  switch (type?.kind) {
    case 'string':
      return of
    case 'float':
    case 'double':
      return javaNumber(of)
    case 'timestamp':
      return sql`cast(make_timestamp(epoch_us(${of})) as varchar)`
    case 'binary':
      return sql`decode(${of})`
    case 'array':
      return listText(of, type.element)
    case 'map': {
      const entry = sql`(${inner({ sql: sql`entry.key`, type: type.key })} || ' -> ' || ${inner({ sql: sql`entry.value`, type: type.value })})`
      return sql`('{' || array_to_string(list_transform(map_entries(${of}), lambda entry: ${entry}), ', ') || '}')`
    }
    case 'struct': {
      const members = type.fields.map(({ name, type: member }) =>
        inner({ sql: sql`struct_extract(${of}, ${name})`, type: member }),
      )
      return sql`case when ${of} is not null then '{' || ${join(members, " || ', ' || ")} || '}' end`
    }
    default:
      return sql`cast(${of} as varchar)`
  }
}

function listText(of: Sql, element: DataType): Sql {
  const item = element.kind === 'null' ? sql`'null'` : inner({ sql: sql`item`, type: element })
  return sql`('[' || array_to_string(list_transform(${of}, lambda item: ${item}), ', ') || ']')`
}

/** A value inside of another, where null is written out. */
function inner(of: Typed): Sql {
  return sql`coalesce(${duckDbText(of)}, 'null')`
}

/**
 * A floating-point number as Java writes it (`Double.toString`): with a point always, and from 10⁷ on and below 10⁻³
 * as digits and a power of ten.
 */
function javaNumber(of: Sql): Sql {
  const text = sql`cast(abs(${of}) as varchar)`
  const mantissa = sql`split_part(${text}, 'e', 1)`
  const whole = sql`split_part(${mantissa}, '.', 1)`
  const all = sql`replace(${mantissa}, '.', '')`
  const behind = sql`ltrim(${all}, '0')`
  const digits = sql`rtrim(${behind}, '0')`
  const power = sql`(coalesce(try_cast(split_part(${text}, 'e', 2) as integer), 0) + length(${whole}) - 1 - (length(${all}) - length(${behind})))`
  const sign = sql`case when ${of} < 0 then '-' else '' end`
  const scientific = sql`${sign} || left(${digits}, 1) || '.' || case when length(${digits}) > 1 then substring(${digits}, 2) else '0' end || 'E' || ${power}`
  return sql`case when ${of} = 0 or (abs(${of}) >= 0.001 and abs(${of}) < 10000000) then cast(${of} as varchar) when isnan(${of}) then 'NaN' when isinf(${of}) then case when ${of} > 0 then 'Infinity' else '-Infinity' end else ${scientific} end`
}
