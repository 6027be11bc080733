import { type Json, MillraceError, type Place, type Row, unknownName } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, type SqlValue, sql, trusted } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import { toNumber } from '../literal.ts'
import type { Partitioner } from './data-source.ts'

/** The rows of a table that are validated, and what they have in common. */
export interface TableBatch {
  readonly where?: Sql
  readonly identifiers: Readonly<Record<string, Json>>
}

/** The parts of a date that a partitioner tells rows apart by. */
const DATE_PARTS: Readonly<Record<string, readonly string[]>> = {
  partition_on_year: ['year'],
  partition_on_year_and_month: ['year', 'month'],
  partition_on_year_and_month_and_day: ['year', 'month', 'day'],
}
const OTHERS = [
  'partition_on_column_value',
  'partition_on_multi_column_values',
  'partition_on_divided_integer',
  'partition_on_mod_integer',
]

/**
 * The batch of a table asset that is validated: the rows with the last values of the partitioner's expressions among
 * those that have the asked ones.
 * @throws MillraceError BATCH_NOT_FOUND, OPTION_UNKNOWN, GX_PROJECT_INVALID for a partitioner that is not known
 */
export async function lastRows(
  connection: EngineConnection,
  relation: Sql,
  partitioner: Partitioner | null | undefined,
  asked: Readonly<Record<string, string>>,
  at: Place,
): Promise<TableBatch> {
  const parts = partitioner?.method_name === undefined ? {} : partsOf(partitioner, at)
  const names = Object.keys(parts)
  const unknown = Object.keys(asked).find((name) => !names.includes(name))
  if (unknown !== undefined) throw unknownName('OPTION_UNKNOWN', 'the batch parameter', unknown, names, { at })
  if (names.length === 0) return { identifiers: {} }
  const keys = Object.entries(parts).map(([name, of]) => sql`${of} as ${id(name)}`)
  const conditions = Object.entries(parts).map(([name, of]) =>
    asked[name] === undefined ? sql`${of} is not null` : sql`cast(${of} as varchar) = ${asked[name]}`,
  )
  const order = partitioner?.sort_ascending === false ? 'asc' : 'desc'
  const by = names.map((_, i) => trusted(`${i + 1} ${order}`))
  const [last] = await connection.rows<Row>(
    sql`select distinct ${join(keys)} from ${relation} where ${join(conditions, ' and ')} order by ${join(by)} limit 1`,
  )
  if (last === undefined) {
    throw new MillraceError(
      'BATCH_NOT_FOUND',
      `no rows have ${names.map((name) => `${name} ${asked[name] ?? 'at all'}`).join(', ')}`,
      {
        at,
      },
    )
  }
  const of = Object.entries(parts).map(([name, part]) => sql`${part} = ${last[name] as SqlValue}`)
  const identifiers = Object.fromEntries(
    names.map((name) => [
      name,
      typeof last[name] === 'string' ? last[name] : (toNumber(last[name]) ?? String(last[name])),
    ]),
  )
  return { where: join(of, ' and '), identifiers }
}

/** The expressions that a partitioner tells rows apart by, by the names that batch parameters have. */
function partsOf(partitioner: Partitioner, at: Place): Record<string, Sql> {
  const { method_name: method = '', column_name: column, column_names: columns, divisor, mod } = partitioner
  const dates = DATE_PARTS[method]
  if (dates && column !== undefined) {
    return Object.fromEntries(
      dates.map((part) => [part, sql`cast(extract(${trusted(part)} from ${id(column)}) as integer)`]),
    )
  }
  if (method === 'partition_on_multi_column_values' && columns !== undefined) {
    return Object.fromEntries(columns.map((name) => [name, id(name)]))
  }
  if (column !== undefined) {
    if (method === 'partition_on_column_value') return { [column]: id(column) }
    if (method === 'partition_on_divided_integer' && divisor !== undefined) {
      return { quotient: sql`cast(floor(${id(column)} / ${literal(divisor)}) as bigint)` }
    }
    if (method === 'partition_on_mod_integer' && mod !== undefined) {
      return { remainder: sql`cast(${id(column)} % ${literal(mod)} as bigint)` }
    }
  }
  throw unknownName('GX_PROJECT_INVALID', 'the partitioner', method, [...Object.keys(DATE_PARTS), ...OTHERS], { at })
}
