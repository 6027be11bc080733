import { sqlTypeName } from '../../../../base/kernel/index.ts'
import { id, join, list, literal, type Sql, sql, trusted, value } from '../../../../base/sql/index.ts'
import { ROW_PLACE } from '../../parquet-port.ts'
import type { TrackedColumns } from '../row-tracking/tracked-columns.ts'
import { type RowWork, SOURCE_ROW } from './row-work.ts'

/** True of rows that are copied as they were. */
export const COPIED = 'millrace_copied'
/** What became of a row, in the words of the change feed; null of one that was copied. */
export const CHANGE_TYPE = '_change_type'

const HIT = 'millrace_hit'

/** Rows of the table with their hits (and the source's rows): `from … as alias …`. */
function joined({ alias, hits, source }: RowWork, rows: Sql, kind: 'left join' | 'join'): Sql {
  const on = (column: string) => sql`${id(HIT, column)} = ${id(alias, column)}`
  // A row that also matches where nothing happens to it is here once.
  const changed = sql`(select * from ${hits} where clause is not null)`
  const hit = sql`${changed} as ${id(HIT)}`
  // The few hits are joined with the source first, so that the many rows of the table pass one join, not two.
  const found = source
    ? sql`(${hit} left join ${source.rows} as ${id(source.alias)} on ${id(source.alias, SOURCE_ROW)} = ${id(HIT, 'source')})`
    : hit
  return sql`from ${rows} as ${id(alias)} ${trusted(kind)} ${found} on ${on(ROW_PLACE.file)} and ${on(ROW_PLACE.row)}`
}

/** Numbers of clauses of a kind. */
function numbersOf({ clauses }: RowWork, kind: 'delete' | 'update'): number[] {
  return clauses.flatMap((clause, number) => (clause.kind === kind ? [number] : []))
}

function isOf(work: RowWork, kind: 'delete' | 'update'): Sql {
  return sql`${id(HIT, 'clause')} in ${list(numbersOf(work, kind).map((number) => literal(number)))}`
}

/** The columns as they were: null where the change adds them. */
function before({ schema, target, alias }: RowWork): Sql[] {
  const known = new Set(target.base.schema.fields.map(({ name }) => name))
  return schema.fields.map(({ name, type }) => (known.has(name) ? id(alias, name) : value(null, type)))
}

/** The columns as they become. */
function after(work: RowWork): Sql[] {
  const old = before(work)
  return work.schema.fields.map(({ name, type }, at) => {
    const was = old[at] ?? value(null, type)
    const cases = work.clauses.flatMap((clause, number) => {
      const of = clause.kind === 'update' ? clause.set.get(name) : undefined
      return of ? [sql`when ${literal(number)} then cast(${of} as ${trusted(sqlTypeName(type, 'duckdb'))})`] : []
    })
    return cases.length === 0 ? was : sql`case ${id(HIT, 'clause')} ${join(cases, ' ')} else ${was} end`
  })
}

function named({ schema }: RowWork, columns: readonly Sql[]): Sql {
  return join(schema.fields.map(({ name }, at) => sql`${columns[at] ?? sql`null`} as ${id(name)}`))
}

/**
 * The rows that are written into new files: updated ones, and where files are rewritten those of them that stay, each
 * with `COPIED` and `CHANGE_TYPE`.
 */
export function writtenRows(work: RowWork, rows: Sql, isRewrite: boolean, tracked?: TrackedColumns): Sql {
  const clause = id(HIT, 'clause')
  const copied = sql`${clause} is null as ${id(COPIED)}`
  const type = sql`case when ${clause} is null then null else 'update_postimage' end as ${id(CHANGE_TYPE)}`
  // A row keeps its id; that it was updated by this version, its file says.
  const { rowId, commitVersion } = tracked ?? {}
  const ids = rowId ? [id(work.alias, rowId.name)] : []
  const versions = commitVersion
    ? [sql`case when ${clause} is null then ${id(work.alias, commitVersion.name)} end as ${id(commitVersion.name)}`]
    : []
  const columns = join([named(work, after(work)), ...ids, ...versions, copied, type])
  if (!isRewrite) return sql`select ${columns} ${joined(work, rows, 'join')} where ${isOf(work, 'update')}`
  const all = sql`select ${columns} ${joined(work, rows, 'left join')}`
  if (numbersOf(work, 'delete').length === 0) return all
  return sql`${all} where ${clause} is null or ${isOf(work, 'update')}`
}

/** Rows that are added, in the same form. */
export function insertedRows(inserted: Sql, tracked?: TrackedColumns): Sql {
  const ids = tracked
    ? [tracked.rowId, tracked.commitVersion].map(({ name }) => sql`null::bigint as ${id(name)}, `)
    : []
  return sql`select *, ${join(ids, ' ')} false as ${id(COPIED)}, 'insert' as ${id(CHANGE_TYPE)} from (${inserted}) as inserted`
}

/** The rows that go or are updated as they were, with what becomes of them. */
export function formerRows(work: RowWork, rows: Sql): Sql {
  const type = sql`case when ${isOf(work, 'delete')} then 'delete' else 'update_preimage' end as ${id(CHANGE_TYPE)}`
  const changed = sql`${id(HIT, 'clause')} is not null`
  return sql`select ${named(work, before(work))}, ${type} ${joined(work, rows, 'join')} where ${changed}`
}
