import type { Json, Row, Schema } from '../../base/kernel/index.ts'
import { id, inline, join, type Sql, sql } from '../../base/sql/index.ts'
import { chunkRows } from '../../data/engine/index.ts'
import type { Looked } from './compute.ts'
import type { MapCheck } from './expectation.ts'
import { toJson } from './literal.ts'
import { occurrences } from './occurrences.ts'
import type { ResultDetail } from './result.ts'

/** What a check of rows counted. */
export interface RowCounts {
  readonly elements: number
  readonly missing: number
  readonly unexpected: number
}

/** Whether enough of the judged rows are as expected; nothing to judge is as expected. */
export function enoughAsExpected({ elements, missing, unexpected }: RowCounts, mostly: number): boolean {
  const judged = elements - missing
  return judged === 0 || (judged - unexpected) / judged >= mostly
}

/** The condition that selects the unexpected rows. */
export function unexpectedRows(check: MapCheck): Sql {
  return check.missing ? sql`not (${check.missing}) and (${check.unexpected})` : check.unexpected
}

/** How many values COMPLETE lists, as in Great Expectations; rows named by columns are all listed. */
const MOST_LISTED = 200

/**
 * Takes the places of unexpected rows, some at a time, where COMPLETE lists them by index columns: what it answers is
 * the result's `unexpected_index_list`. Called once for each expectation that lists rows, and again when the engine
 * refused another one and all are computed anew.
 */
export type TakeRows = (rows: AsyncIterable<readonly Json[]>) => Promise<readonly Json[]>

/** Counts, percentages and examples of a check of rows, as much as the result format asks for. */
export async function rowResult(
  { connection, relation, schema, format, takeRows = collected, signal }: Looked,
  check: MapCheck,
  counts: RowCounts,
): Promise<ResultDetail> {
  if (format.result_format === 'BOOLEAN_ONLY') return {}
  const complete = format.result_format === 'COMPLETE'
  const most = format.partial_unexpected_count ?? 20
  const names = format.unexpected_index_column_names ?? []
  const listed = complete ? Math.max(most, MOST_LISTED) : most
  const query = listing(relation, check, names, listed)
  const asked = signal ? { signal } : {}
  const rows = counts.unexpected === 0 || (most === 0 && !complete) ? [] : await connection.rows<Row>(query, asked)
  const values = rows.map((row) => shown(check, row))
  const placed = (row: Row) => located(names, schema, row, shown(check, row), check)
  const places = names.length === 0 ? undefined : rows.slice(0, most).map(placed)
  const all = listing(relation, check, names, undefined)
  async function* found(): AsyncIterable<readonly Json[]> {
    if (counts.unexpected === 0) return
    const stream = await connection.query(all, asked)
    for await (const chunk of stream) yield chunkRows(chunk, stream.schema).map(placed)
  }
  return {
    ...numbers(counts, check.nulls === undefined),
    // Great Expectations names the columns of the index but where missing values are expected.
    ...(names.length > 0 && check.nulls !== 'expected' ? { unexpected_index_column_names: names } : {}),
    partial_unexpected_list: values.slice(0, most),
    ...(format.result_format === 'BASIC' || most === 0
      ? {}
      : {
          ...occurrences(values.slice(0, complete ? MOST_LISTED : most), most, check),
          ...(places ? { partial_unexpected_index_list: places } : {}),
        }),
    ...(complete
      ? {
          unexpected_list: values.slice(0, MOST_LISTED),
          unexpected_index_query: inline(all, connection.engine.dialect),
        }
      : {}),
    ...(complete && places ? { unexpected_index_list: await takeRows(found()) } : {}),
  }
}

async function collected(rows: AsyncIterable<readonly Json[]>): Promise<readonly Json[]> {
  const all: Json[] = []
  for await (const some of rows) for (const one of some) all.push(one)
  return all
}

/** The place of a row, for lists of rows that a join or a window would put out of order. */
const PLACE = id('millrace_place')

function listing(relation: Sql, check: MapCheck, names: readonly string[], limit: number | undefined): Sql {
  const columns = [
    ...check.sample.map((column, index) => sql`${column.sql} as ${id(`v${index}`)}`),
    ...names.map((name, index) => sql`${id(name)} as ${id(`k${index}`)}`),
  ]
  // Rows of PostgreSQL have no order that could be kept.
  const shuffled = (check.over !== undefined || check.decide !== undefined) && check.sample[0]?.dialect === 'duckdb'
  const placed = shuffled ? sql`(select *, row_number() over () as ${PLACE} from ${relation}) as placed` : relation
  const source = check.over ? check.over(placed) : placed
  const found = sql`select ${join(columns)} from ${source} where ${unexpectedRows(check)}`
  const rows = shuffled ? sql`${found} order by ${PLACE}` : found
  return limit === undefined ? rows : sql`${rows} limit ${BigInt(limit)}`
}

function shown(check: MapCheck, row: Row): Json {
  const values = check.sample.map((column, index) => toJson(row[`v${index}`], column.type))
  if (check.shape === 'value') return values[0] ?? null
  if (check.shape === 'pair') return values
  return Object.fromEntries(check.sample.map((column, index) => [column.name, values[index] ?? null]))
}

function located(names: readonly string[], schema: Schema, row: Row, value: Json, check: MapCheck): Json {
  const values = check.shape === 'pair' ? (value as readonly Json[]) : check.sample.map(() => value)
  const own =
    check.shape === 'record'
      ? (value as Readonly<Record<string, Json>>)
      : Object.fromEntries(check.sample.map(({ name }, index) => [name, values[index] ?? null]))
  const typeOf = (name: string) => schema.fields.find((field) => field.name === name)?.type
  const keys = names.map((name, index) => [name, toJson(row[`k${index}`], typeOf(name))])
  return { ...own, ...Object.fromEntries(keys) }
}

function numbers({ elements, missing, unexpected }: RowCounts, tellsMissing: boolean): ResultDetail {
  const judged = elements - missing
  const share = (part: number, whole: number) => (whole === 0 ? null : (part / whole) * 100)
  const unexpected_percent = share(unexpected, judged)
  return {
    element_count: elements,
    unexpected_count: unexpected,
    unexpected_percent,
    ...(tellsMissing
      ? {
          missing_count: missing,
          missing_percent: share(missing, elements),
          unexpected_percent_total: share(unexpected, elements),
          unexpected_percent_nonmissing: unexpected_percent,
        }
      : {}),
  }
}
