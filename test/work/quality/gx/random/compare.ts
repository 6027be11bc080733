import type { Json } from '../../../../../src/base/kernel/index.ts'
import { id, join, type Sql, sql, trusted } from '../../../../../src/base/sql/index.ts'
import type { EngineConnection } from '../../../../../src/data/engine/index.ts'
import { type ExpectationResult, validate } from '../../../../../src/work/quality/index.ts'
import { suiteOf } from '../../suite-of.ts'
import type { GxCase } from './random-case.ts'
import type { Kind, RandomTable } from './random-table.ts'

/** What Great Expectations answered: a result, or that it cannot. */
export type GxAnswer =
  | { readonly success: boolean; readonly result: Readonly<Record<string, Json>> }
  | { readonly error: string }

const SQL_TYPES: Readonly<Record<Kind, string>> = {
  long: 'bigint',
  double: 'double',
  string: 'varchar',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  decimal: 'decimal(10, 2)',
}

/** The table as a relation whose rows keep their order. */
export function relationOf({ columns }: RandomTable): Sql {
  const rows = columns[0]?.values.length ?? 0
  const cells = (row: number) =>
    columns.map(({ values, kind }) => {
      const value = values[row] ?? null
      return sql`cast(${value === null ? null : String(value)} as ${trusted(SQL_TYPES[kind])})`
    })
  const lines = Array.from({ length: Math.max(rows, 1) }, (_, row) => sql`(${join(cells(row))})`)
  const names = join(columns.map(({ name }) => id(name)))
  const all = sql`(values ${join(lines)}) as given (${names})`
  return rows === 0 ? sql`(select * from ${all} where false) as given` : all
}

/** What we answer. */
export async function ownAnswer(
  connection: EngineConnection,
  table: RandomTable,
  one: GxCase,
): Promise<ExpectationResult> {
  const { results } = await validate({
    connection,
    relation: relationOf(table),
    suite: suiteOf([one.type, one.kwargs]),
    resultFormat: one.format,
  })
  const [result] = results
  if (!result) throw new Error('no result')
  return result
}

/** Where two answers differ, or undefined. Refusals are equal whatever their words. */
export function difference(theirs: GxAnswer, ours: ExpectationResult, one: GxCase): string | undefined {
  const refused = ours.exception_info.raised_exception
  if ('error' in theirs) return refused ? undefined : `they refuse (${theirs.error}), we answer ${shown(ours.result)}`
  if (refused) return `we refuse (${ours.exception_info.exception_message}), they answer ${shown(theirs)}`
  if (String(theirs.success).toLowerCase() !== String(ours.success)) {
    return `success: theirs ${theirs.success}, ours ${ours.success}; ${shown(theirs.result)} ${shown(ours.result)}`
  }
  const keys = new Set([...Object.keys(theirs.result), ...Object.keys(ours.result)])
  for (const key of keys) {
    // Places of rows are pandas' own unless columns name them; a query is told in each engine's language.
    const places = /index_list$/.test(key) && one.format.unexpected_index_column_names === undefined
    if (places || key === 'unexpected_index_query') continue
    const [a, b] = [theirs.result[key], ours.result[key as keyof typeof ours.result]]
    if (key === 'partial_unexpected_counts' && hasMissing(a)) continue
    if (!same(unordered(key, a), unordered(key, b as Json | undefined)))
      return `${key}: theirs ${shown(a)}, ours ${shown(b)}`
  }
  return undefined
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  if (typeof a === 'number' && typeof b === 'number') {
    return a === b || Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => same(item as Json, b[index] as Json))
  }
  if (isRecord(a) && isRecord(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])]
    return keys.every((key) => same(a[key], b[key]))
  }
  // SQLite counts no rows at all as null.
  return a === b || plain(a) === plain(b) || (a === null && b === 0)
}

/** Missing numbers are unlike each other in pandas, so that each is counted by itself and their order is any. */
function hasMissing(counts: Json | undefined): boolean {
  return JSON.stringify(counts ?? null).includes('null')
}

/** What is lacking of a set comes in the order of Python's sets. */
function unordered(key: string, value: Json | undefined): Json | undefined {
  if (key !== 'partial_missing_list' || !Array.isArray(value)) return value
  return (value as readonly Json[]).map((one) => JSON.stringify(one)).sort()
}

/** A missing value is NaN in pandas; midnight and a day are one moment. */
function plain(value: Json | undefined): Json | undefined {
  if (value === 'NaN' || value === 'NaT') return null
  // SQLite has neither booleans nor moments.
  if (typeof value === 'boolean') return Number(value)
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d[ T]/.test(value)) return value
  return value
    .replace('T', ' ')
    .replace(/ 00:00:00(\.0+)?$/, '')
    .replace(/\.0+$/, '')
}

function isRecord(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 160 ? `${text.slice(0, 157)}…` : text
}
