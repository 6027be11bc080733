import { type DataType, formatType, MillraceError } from '../../../base/kernel/index.ts'
import { literal, type Sql, sql } from '../../../base/sql/index.ts'
import { duckDbCast } from '../dialect/duckdb-cast.ts'
import { readByPattern } from '../functions/date/date-pattern.ts'
import type { ValueOptions } from './csv-dialect.ts'
import { typeSql } from './scan.ts'

const NUMBER = '\\s*[+-]?(\\d+[.]?\\d*|[.]\\d+)([eE][+-]?\\d+)?[fFdD]?\\s*'
const STRING: DataType = { kind: 'string' }

/** A text of a CSV file as a value, null where it is none, as Spark's reader takes it. @throws MillraceError TYPE_UNSUPPORTED */
export function textValue(text: Sql, type: DataType, options: ValueOptions): Sql {
  switch (type.kind) {
    case 'string':
      return text
    case 'binary':
      return sql`encode(${text})`
    case 'boolean':
      return sql`case lower(${text}) when 'true' then true when 'false' then false end`
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
      return sql`case when regexp_full_match(${text}, '[+-]?[0-9]+') then try_cast(${text} as ${typeSql(type)}) end`
    case 'float':
    case 'double':
      return floating(text, type, options)
    case 'decimal': {
      const digits = sql`replace(${text}, ',', '')`
      return sql`case when regexp_full_match(${digits}, '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?') then try_cast(${digits} as ${typeSql(type)}) end`
    }
    case 'date':
      if (options.dateFormat !== undefined) return sql`cast(${readByPattern(text, options.dateFormat, 'null')} as date)`
      return duckDbCast({ sql: text, type: STRING }, type, true)
    case 'timestamp':
      if (options.timestampFormat !== undefined)
        return sql`make_timestamptz(epoch_us(${readByPattern(text, options.timestampFormat, 'null')}))`
      return duckDbCast({ sql: text, type: STRING }, type, true)
    case 'timestamp_ntz':
      if (options.timestampNtzFormat !== undefined) return readByPattern(text, options.timestampNtzFormat, 'null')
      // A text with a zone is none without one.
      return sql`case when not regexp_matches(${text}, '(?i:[a-z]{3}|z$|[ :][0-9.]+[+-][0-9])') then ${duckDbCast({ sql: text, type: STRING }, type, true)} end`
    case 'time':
    case 'uuid':
      return sql`try_cast(${text} as ${typeSql(type)})`
    default:
      throw new MillraceError('TYPE_UNSUPPORTED', `reading CSV: there are no values of ${formatType(type)} in it`, {
        hint: 'Read the column as string, and take it apart with split() or fromJson().',
      })
  }
}

function floating(text: Sql, type: DataType, { nan, positiveInf, negativeInf }: ValueOptions): Sql {
  const of = (value: string) => sql`cast(${literal(value)} as ${typeSql(type)})`
  const words: readonly (readonly [string, string])[] = [
    [nan, 'NaN'],
    [positiveInf, 'Infinity'],
    [negativeInf, '-Infinity'],
    ['NaN', 'NaN'],
    ['Infinity', 'Infinity'],
    ['+Infinity', 'Infinity'],
    ['-Infinity', '-Infinity'],
  ]
  const named = words.reduce(
    (so, [word, value]) => sql`${so} when ${text} = ${literal(word)} then ${of(value)}`,
    sql`case`,
  )
  return sql`${named} when regexp_full_match(${text}, ${literal(NUMBER)}) then try_cast(rtrim(trim(${text}, ${literal(' \t\r\n\f\v')}), 'fFdD') as ${typeSql(type)}) end`
}
