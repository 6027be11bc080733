import { type DataType, formatType, sqlTypeName } from '../../../base/kernel/index.ts'
import { type Sql, sql, trusted, value } from '../../../base/sql/index.ts'
import { unsupported } from './frame-dialect.ts'
import { failing, RANGES } from './postgres-range.ts'

// PostgreSQL reads more texts than DuckDB (“today”, “Jan 5”, “on”), so each is looked at before it is converted.
// A text that DuckDB can read and PostgreSQL cannot (0x10) is let through, to fail rather than to become null.
const NUMBER = '^\\s*[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?\\s*$'
const FOREIGN_NUMBER = '^\\s*[+-]?(0[xXbB]|\\d+_)'
const DOUBLE = '^\\s*[+-]?((\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?|inf(inity)?|nan)\\s*$'
const LEAP = '(?!0000)(\\d\\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)'
const DAY = `((?!0000)\\d{4}[-/]((0?[13578]|1[02])[-/](3[01]|[12]\\d|0?[1-9])|(0?[469]|11)[-/](30|[12]\\d|0?[1-9])|0?2[-/](2[0-8]|1\\d|0?[1-9]))|${LEAP}[-/]0?2[-/]29)`
const CLOCK = '([ T]+([01]?\\d|2[0-3]):[0-5]?\\d(:[0-5]?\\d(\\.\\d+)?)?)'
const ZONE = '(\\s*(Z|UTC|[+-]\\d{2}(:?\\d{2})?))'
const DATE = `^\\s*${DAY}(${CLOCK}${ZONE}?)?\\s*$`

const typeName = (type: DataType): Sql => trusted(sqlTypeName(type, 'postgres'))
const text = (of: string): Sql => value(of, { kind: 'string' })

/** Text as another type, by the texts that DuckDB reads; see `postgresCast`. */
export function castText(of: Sql, to: DataType, isTry: boolean): Sql {
  const otherwise = isTry ? trusted('null') : failing(`no ${formatType(to)}`, of, to)
  switch (to.kind) {
    case 'double':
    case 'float':
      return guarded(of, sql`${of} ~* ${text(DOUBLE)}`, sql`cast(${of} as ${typeName(to)})`, otherwise)
    case 'boolean':
      return sql`case when ${of} is null then null when lower(${of}) in ('true', 't', '1', 'yes', 'y') then true when lower(${of}) in ('false', 'f', '0', 'no', 'n') then false else ${otherwise} end`
    case 'date':
      return guarded(of, sql`${of} ~ ${text(DATE)}`, sql`cast(${of} as date)`, otherwise)
    case 'timestamp':
    case 'timestamp_ntz': {
      // DuckDB cuts what is finer than a microsecond, PostgreSQL would round it.
      const cut = sql`cast(regexp_replace(${of}, '(\\.\\d{6})\\d+', '\\1') as timestamptz)`
      const moment = to.kind === 'timestamp' ? cut : sql`(${cut} at time zone 'UTC')`
      return guarded(of, sql`${of} ~ ${text(DATE)}`, moment, otherwise)
    }
    case 'time':
    case 'uuid':
    case 'json':
      if (!isTry) return sql`cast(${of} as ${typeName(to)})`
      throw unsupported(`tryCast of text to ${to.kind}`, 'PostgreSQL')
    case 'decimal':
      return decimal(of, to, isTry, otherwise)
    default:
      if (to.kind in RANGES) return whole(of, to, isTry, otherwise)
      throw unsupported(`the conversion of text to ${formatType(to)}`, 'PostgreSQL')
  }
}

function guarded(of: Sql, fits: Sql, converted: Sql, otherwise: Sql): Sql {
  return sql`case when ${of} is null then null when ${fits} then ${converted} else ${otherwise} end`
}

function whole(of: Sql, to: DataType, isTry: boolean, otherwise: Sql): Sql {
  const rounded = sql`round(cast(${of} as numeric))`
  const [least, most] = RANGES[to.kind] ?? ['0', '0']
  const inside = sql`${rounded} between ${trusted(least)} and ${trusted(most)}`
  const wrong = isTry ? trusted('null') : failing(`out of range of ${formatType(to)}`, of, to)
  const foreign = sql`when ${of} ~ ${text(FOREIGN_NUMBER)} then cast(${of} as ${typeName(to)})`
  return sql`case when ${of} is null then null ${foreign} when not ${of} ~ ${text(NUMBER)} then ${otherwise} when ${inside} then cast(${rounded} as ${typeName(to)}) else ${wrong} end`
}

function decimal(of: Sql, to: Extract<DataType, { kind: 'decimal' }>, isTry: boolean, otherwise: Sql): Sql {
  const converted = sql`cast(${of} as ${typeName(to)})`
  const limit = trusted(`1${'0'.repeat(to.precision - to.scale)}`)
  const fits = sql`${of} ~ ${text(NUMBER)}`
  if (!isTry) return guarded(of, fits, converted, otherwise)
  const small = sql`abs(round(cast(${of} as numeric), ${trusted(String(to.scale))})) < ${limit}`
  return sql`case when ${fits} then case when ${small} then ${converted} end when ${of} ~ ${text(FOREIGN_NUMBER)} then ${converted} end`
}
