import type { DataType } from '../../../base/kernel/index.ts'
import { join, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { Typed } from '../compile/scope.ts'

/** A value as the text that Spark's cast gives it, in DuckDB's SQL. */
export function duckDbText({ sql: of, type }: Typed): Sql {
  switch (type?.kind) {
    case 'string':
      return of
    case 'float':
    case 'double':
      return javaNumber(of, type.kind)
    case 'timestamp':
      return momentText(sql`make_timestamp(epoch_us(${of}))`, 'timestamp')
    case 'timestamp_ntz':
      return momentText(of, 'timestamp')
    case 'date':
      return momentText(of, 'date')
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

/** Years before 1 and after 9999 have a sign. */
function momentText(of: Sql, type: 'date' | 'timestamp'): Sql {
  const [first, last] = [
    trusted(`${type} '0001-01-01'`),
    trusted(`${type} '9999-12-31${type === 'date' ? '' : ' 23:59:59.999999'}'`),
  ]
  const year = sql`cast(abs(year(${of})) as varchar)`
  const sign = sql`case when year(${of}) < 0 then '-' when year(${of}) > 9999 then '+' else '' end`
  const rest = sql`regexp_replace(cast(${of} as varchar), '^\\d+(-\\d\\d-\\d\\d)(?: \\(BC\\))?', '\\1')`
  return sql`case when ${of} between ${first} and ${last} then cast(${of} as varchar) else ${sign} || repeat('0', 4 - length(${year})) || ${year} || ${rest} end`
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
function javaNumber(of: Sql, kind: 'float' | 'double'): Sql {
  const text = kind === 'float' ? floatText(of) : sql`cast(abs(${of}) as varchar)`
  const mantissa = sql`split_part(${text}, 'e', 1)`
  const whole = sql`split_part(${mantissa}, '.', 1)`
  const all = sql`replace(${mantissa}, '.', '')`
  const behind = sql`ltrim(${all}, '0')`
  const digits = sql`rtrim(${behind}, '0')`
  const power = sql`(coalesce(try_cast(split_part(${text}, 'e', 2) as integer), 0) + length(${whole}) - 1 - (length(${all}) - length(${behind})))`
  const sign = sql`case when ${of} < 0 then '-' else '' end`
  const scientific = sql`${sign} || left(${digits}, 1) || '.' || case when length(${digits}) > 1 then substring(${digits}, 2) else '0' end || 'E' || ${power}`
  const least = kind === 'double' ? sql` when abs(${of}) = 5e-324 then ${sign} || '4.9E-324'` : sql``
  return sql`case when ${of} = 0 or (abs(${of}) >= 0.001 and abs(${of}) < 10000000) then cast(${of} as varchar) when isnan(${of}) then 'NaN' when isinf(${of}) then case when ${of} > 0 then 'Infinity' else '-Infinity' end${least} else ${scientific} end`
}

/** A float's fewest digits; DuckDB writes all of those of great ones. */
function floatText(of: Sql): Sql {
  const double = sql`cast(abs(${of}) as double)`
  const whens = [6, 7].map((digits) => {
    const text = sql`format('{:.${trusted(String(digits))}e}', ${double})`
    return sql`when cast(${text} as float) = abs(${of}) then ${text}`
  })
  return sql`case when abs(${of}) < 10000000 then cast(abs(${of}) as varchar) ${join(whens, ' ')} else format('{:.8e}', ${double}) end`
}
