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

/** The days there are, with the parts separated by `-` or `/`. */
const day = (by: string) =>
  `(?!0000)\\d{4}${by}((0?[13578]|1[02])${by}(3[01]|[12]\\d|0?[1-9])|(0?[469]|11)${by}(30|[12]\\d|0?[1-9])|0?2${by}(2[0-8]|1\\d|0?[1-9]))|${LEAP}${by}0?2${by}29`
const DAY = `(${day('-')}|${day('/')})`
const CLOCK = '((([01]?\\d|2[0-3]):[0-5]?\\d(:[0-5]?\\d(\\.\\d+)?)?)|24:00(:00)?)'
const ZONE = '(Z|[+-]\\d{2}(:?\\d{2}(:?\\d{2})?)?|\\s[A-Za-z][A-Za-z_/]{2,})'
// DuckDB reads the day that a text begins with, whatever follows it.
const DATE = `^\\s*${DAY}(\\D.*)?$`
const BEGINNING = '^\\s*\\d+[-/]\\d+[-/]\\d+'
const TIMESTAMP = `^\\s*${DAY}([ T]\\s*${CLOCK}(\\s*|${ZONE}\\s*))?$`
/** Years of other than four digits, before Christ, and words: DuckDB reads them. */
const FOREIGN_DATE = '^\\s*(-|inf|epoch|\\d{1,3}[-/ ]|\\d{5,}[-/ ]|0000[-/ ]|\\d{4} )|\\(BC\\)'

const typeName = (type: DataType): Sql => trusted(sqlTypeName(type, 'postgres'))
const text = (of: string): Sql => value(of, { kind: 'string' })

/** Text as another type, by the texts that DuckDB reads; see `postgresCast`. */
export function castText(of: Sql, to: DataType, isTry: boolean): Sql {
  const otherwise = isTry ? trusted('null') : failing(`no ${formatType(to)}`, of, to)
  const foreign = isTry
    ? sql`case when ${of} ~ ${text(FOREIGN_DATE)} then ${failing(`no ${formatType(to)}`, of, to)} end`
    : otherwise
  switch (to.kind) {
    case 'double':
    case 'float':
      return guarded(of, sql`${of} ~* ${text(DOUBLE)}`, sql`cast(${of} as ${typeName(to)})`, otherwise)
    case 'boolean':
      return sql`case when ${of} is null then null when lower(${of}) in ('true', 't', '1', 'yes', 'y') then true when lower(${of}) in ('false', 'f', '0', 'no', 'n') then false else ${otherwise} end`
    case 'date': {
      const found = sql`cast(substring(${of} from ${text(BEGINNING)}) as date)`
      return guarded(of, sql`${of} ~ ${text(DATE)} and strpos(${of}, '(BC)') = 0`, found, foreign)
    }
    case 'timestamp':
    case 'timestamp_ntz': {
      // DuckDB cuts what is finer than a microsecond, PostgreSQL would round it.
      const cut = sql`regexp_replace(${of}, '(\\.\\d{6})\\d+', '\\1')`
      return guarded(of, sql`${of} ~ ${text(TIMESTAMP)}`, sql`cast(${cut} as ${typeName(to)})`, foreign)
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
