import { type DataType, formatType, sqlTypeName } from '../../../base/kernel/index.ts'
import { type Sql, sql, trusted, value } from '../../../base/sql/index.ts'
import { unsupported } from './frame-dialect.ts'
import { failing, RANGES } from './postgres-range.ts'

// PostgreSQL reads more texts than Spark (“today”, “Jan 5”, “on”), so each is looked at before it is converted.
const NUMBER = '^\\s*[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?\\s*$'
const WHOLE = '^\\s*[+-]?\\d+\\s*$'
const DOUBLE = '^\\s*[+-]?((\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?[dDfF]?|inf(inity)?|nan)\\s*$'
const LEAP = '(?!0000)(\\d\\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)'
/** The days there are, and the first of a year or month that stands alone. */
const DAY = `((?!0000)\\d{4}(-(0?[1-9]|1[0-2]))?|(?!0000)\\d{4}-((0?[13578]|1[02])-(3[01]|[12]\\d|0?[1-9])|(0?[469]|11)-(30|[12]\\d|0?[1-9])|0?2-(2[0-8]|1\\d|0?[1-9]))|${LEAP}-0?2-29)`
const CLOCK = '([01]?\\d|2[0-3]):[0-5]?\\d(:[0-5]?\\d(\\.\\d*)?)?'
const ZONE = '( ?(Z|UTC|GMT|[+-]\\d{1,2}(:?\\d{2}(:?\\d{2})?)?|[A-Za-z][A-Za-z_]+/[A-Za-z_/]+))?'
const DATE = `^\\s*${DAY}([ T].*)?\\s*$`
const TIMESTAMP = `^\\s*${DAY}([ T](${CLOCK}${ZONE})?)?\\s*$`
/** Years of other than four digits and times alone, which Spark reads and PostgreSQL does not. */
const FOREIGN_DATE = '^\\s*([+-]?\\d{5,6}|[+-]\\d{4}|0000)([-\\s]|$)|^\\s*T?\\d{1,2}:'

const typeName = (type: DataType): Sql => trusted(sqlTypeName(type, 'postgres'))
const text = (of: string): Sql => value(of, { kind: 'string' })

/** Text as another type, by the texts that Spark reads; see `postgresCast`. */
export function castText(of: Sql, to: DataType, isTry: boolean): Sql {
  const otherwise = isTry ? trusted('null') : failing(`no ${formatType(to)}`, of, to)
  const foreign = isTry
    ? sql`case when ${of} ~ ${text(FOREIGN_DATE)} then ${failing(`no ${formatType(to)}`, of, to)} end`
    : otherwise
  switch (to.kind) {
    case 'double':
    case 'float':
      return guarded(
        of,
        sql`${of} ~* ${text(DOUBLE)}`,
        sql`cast(regexp_replace(${of}, '(\\d\\.?)[dDfF]\\s*$', '\\1') as ${typeName(to)})`,
        otherwise,
      )
    case 'boolean':
      return sql`case when ${of} is null then null when lower(btrim(${of})) in ('true', 't', '1', 'yes', 'y') then true when lower(btrim(${of})) in ('false', 'f', '0', 'no', 'n') then false else ${otherwise} end`
    case 'date': {
      return guarded(of, sql`${of} ~ ${text(DATE)}`, sql`cast(${dayOf(of)} as date)`, foreign)
    }
    case 'timestamp':
    case 'timestamp_ntz': {
      // Spark cuts what is finer than a microsecond, PostgreSQL would round it.
      const clock = sql`regexp_replace(coalesce(substring(btrim(${of}) from '[ T](\\d.*)$'), '00:00'), '(\\.\\d{6})\\d+', '\\1')`
      const cut = sql`${dayOf(of)} || ' ' || ${clock}`
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
  const number = sql`cast(${of} as numeric)`
  const [least, most] = RANGES[to.kind] ?? ['0', '0']
  const inside = sql`${number} between ${trusted(least)} and ${trusted(most)}`
  const wrong = isTry ? trusted('null') : failing(`out of range of ${formatType(to)}`, of, to)
  return sql`case when ${of} is null then null when not ${of} ~ ${text(WHOLE)} then ${otherwise} when ${inside} then cast(${number} as ${typeName(to)}) else ${wrong} end`
}

/** The day that a text begins with, in full. */
function dayOf(of: Sql): Sql {
  const found = sql`substring(${of} from '\\d{4}(?:-\\d{1,2}){0,2}')`
  return sql`case length(${found}) - length(replace(${found}, '-', '')) when 2 then ${found} when 1 then ${found} || '-01' else ${found} || '-01-01' end`
}

function decimal(of: Sql, to: Extract<DataType, { kind: 'decimal' }>, isTry: boolean, otherwise: Sql): Sql {
  const converted = sql`cast(${of} as ${typeName(to)})`
  const limit = trusted(`1${'0'.repeat(to.precision - to.scale)}`)
  const fits = sql`${of} ~ ${text(NUMBER)}`
  if (!isTry) return guarded(of, fits, converted, otherwise)
  const small = sql`abs(round(cast(${of} as numeric), ${trusted(String(to.scale))})) < ${limit}`
  return sql`case when ${fits} then case when ${small} then ${converted} end end`
}
