import type { DataType } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../engine/index.ts'
import type { ValueOptions } from './csv-dialect.ts'
import { textValue } from './text-value.ts'

/** What Spark's inference tells of a text, in the order in which it asks. */
const KINDS = ['integer', 'long', 'decimal', 'double', 'date', 'timestamp', 'boolean'] as const

/**
 * The types of columns of texts, as Spark infers them: the narrowest that all values of a column have; a column
 * without values is text.
 */
export async function csvTypes(
  connection: EngineConnection,
  relation: Sql,
  names: readonly string[],
  options: ValueOptions & { readonly preferDate: boolean },
): Promise<DataType[]> {
  if (names.length === 0) return []
  const classes = names.map(
    (name, at) => sql`${classOf(id(name), options)} as ${id(`k${at}`)}, ${digitsOf(id(name))} as ${id(`d${at}`)}`,
  )
  const measures = names.map(
    (_name, at) =>
      sql`list(distinct ${id(`k${at}`)}) as ${id(`k${at}`)}, max(${id(`d${at}`)}) filter (where ${id(`k${at}`)} = 'decimal') as ${id(`d${at}`)}`,
  )
  const [row = {}] = await connection.rows<Record<string, readonly (string | null)[] | number | bigint | null>>(
    sql`select ${join(measures)} from (select ${join(classes)} from ${relation} as texts)`,
  )
  return names.map((_name, at) => {
    const kinds = ((row[`k${at}`] as readonly (string | null)[] | null) ?? []).filter((kind) => kind !== null)
    return typeOf(kinds, Number(row[`d${at}`] ?? 0))
  })
}

const SQL_NAMES: readonly (readonly [(typeof KINDS)[number], string])[] = [
  ['integer', 'INT'],
  ['long', 'BIGINT'],
  ['double', 'DOUBLE'],
  ['date', 'DATE'],
  ['timestamp', 'TIMESTAMP'],
  ['boolean', 'BOOLEAN'],
]

/** The type that Spark infers of one text, as its SQL writes it. */
export function csvTypeText(text: Sql, options: ValueOptions & { readonly preferDate: boolean }): Sql {
  const whens = SQL_NAMES.map(([kind, name]) => sql`when ${literal(kind)} then ${literal(name)}`)
  return sql`case ${classOf(text, options)} ${join(whens, ' ')} when 'decimal' then 'DECIMAL(' || ${digitsOf(text)} || ',0)' else 'STRING' end`
}

function classOf(text: Sql, options: ValueOptions & { readonly preferDate: boolean }): Sql {
  const fits = (type: DataType) => sql`${textValue(text, type, options)} is not null`
  const strict =
    options.dateFormat === undefined
      ? sql`regexp_full_match(${text}, '[0-9]{4}-[0-9]{2}-[0-9]{2}') and try_cast(${text} as date) is not null`
      : fits({ kind: 'date' })
  const tests: Record<(typeof KINDS)[number], Sql> = {
    integer: fits({ kind: 'integer' }),
    long: fits({ kind: 'long' }),
    decimal: sql`regexp_full_match(${text}, '[+-]?[0-9]+[.]?') and ${digitsOf(text)} <= 38`,
    double: fits({ kind: 'double' }),
    date: options.preferDate ? strict : sql`false`,
    timestamp: fits({ kind: 'timestamp' }),
    boolean: fits({ kind: 'boolean' }),
  }
  const asked = (kinds: readonly (typeof KINDS)[number][]) =>
    sql`case ${join(
      kinds.map((kind) => sql`when ${tests[kind]} then ${literal(kind)}`),
      ' ',
    )} else 'string' end`
  const all = asked(KINDS)
  const hasPatterns = options.dateFormat !== undefined || options.timestampFormat !== undefined
  if (hasPatterns) return sql`case when ${text} is null then null else ${all} end`
  // Most texts begin with a letter, and are no number and no time.
  const begins = sql`regexp_matches(${text}, '^[\\x00-\\x20]*T?[-+.0-9]')`
  return sql`case when ${text} is null then null when ${begins} then ${all} else ${asked(['double', 'boolean'])} end`
}

/** The digits of a whole number. */
function digitsOf(text: Sql): Sql {
  return sql`greatest(1, length(ltrim(trim(${text}, '+-.'), '0')))`
}

function typeOf(kinds: readonly string[], digits: number): DataType {
  const has = new Set(kinds)
  const only = (...allowed: readonly string[]) => kinds.length > 0 && kinds.every((kind) => allowed.includes(kind))
  if (only('integer')) return { kind: 'integer' }
  if (only('integer', 'long')) return { kind: 'long' }
  if (only('integer', 'long', 'decimal')) {
    const precision = Math.max(digits, has.has('long') ? 20 : has.has('integer') ? 10 : 1)
    return { kind: 'decimal', precision, scale: 0 }
  }
  if (only('integer', 'long', 'decimal', 'double')) return { kind: 'double' }
  if (only('date')) return { kind: 'date' }
  if (only('date', 'timestamp')) return { kind: 'timestamp' }
  return only('boolean') ? { kind: 'boolean' } : { kind: 'string' }
}
