import { empty, id, join, literal, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { ScopeColumn } from './scope.ts'

/**
 * One `select` that is being put together. Steps are added to it as long as SQL's order of evaluation is that of
 * the frame; otherwise it becomes the `from` of a new one (`wrap`).
 */
export interface Block {
  readonly from: Sql
  readonly columns: readonly ScopeColumn[]
  /** That `from` is a join of several relations: each by something that is equal, or some otherwise. */
  readonly joined?: 'equally' | 'freely'
  readonly where?: readonly Sql[]
  /** The positions to group by; present (perhaps empty) when the columns are groups and aggregates. */
  readonly grouped?: number
  /** The sets of columns to group by, in place of all the first `grouped`. */
  readonly sets?: readonly (readonly Sql[])[]
  readonly orderBy?: readonly Sql[]
  readonly distinct?: true | readonly Sql[]
  readonly limit?: number
  readonly offset?: number
}

/** Whether the columns are what `from` has, so that a filter, an order or a computation may be added. */
export function isOpen(block: Block): boolean {
  return isUncut(block) && block.columns.every((column) => column.direct)
}

/** Whether no step was added that must come after what is added now. */
export function isUncut(block: Block): boolean {
  return (
    block.grouped === undefined &&
    block.distinct === undefined &&
    block.limit === undefined &&
    block.offset === undefined
  )
}

/** Names for the output columns: the columns' own, or with a number added where two are the same, or where there is none. */
export function outputNames(columns: readonly ScopeColumn[]): string[] {
  const taken = new Set<string>()
  const reserved = new Set(columns.map((column) => column.name.toLowerCase()))
  return columns.map(({ name }) => {
    let free = name
    for (
      let i = 1;
      free === '' || taken.has(free.toLowerCase()) || (free !== name && reserved.has(free.toLowerCase()));
      i += 1
    ) {
      free = `${name}_${i}`
    }
    taken.add(free.toLowerCase())
    return free
  })
}

/** `ref as name`, or `ref` alone where it has that name anyway. */
function named(ref: Sql, name: string): Sql {
  const last = ref.parts.at(-1)
  return ref.parts.length > 1 && last && 'id' in last && last.id.at(-1) === name ? ref : sql`${ref} as ${id(name)}`
}

/** The block's `select`. */
export function renderBlock(block: Block): Sql {
  const names = outputNames(block.columns)
  const items = join(block.columns.map((column, i) => named(column.ref, names[i] ?? column.name)))
  const distinct =
    block.distinct === undefined
      ? empty
      : block.distinct === true
        ? trusted('distinct ')
        : sql`distinct on (${join(block.distinct)}) `
  const clauses: Sql[] = [sql`select ${distinct}${items}`, sql`from ${block.from}`]
  if (block.where) clauses.push(sql`where ${join(block.where, ' and ')}`)
  if (block.sets) {
    // Spark gives no total of no rows.
    const sets = join(block.sets.map((set) => sql`(${join(set)})`))
    clauses.push(sql`group by grouping sets (${sets}) having count(*) > 0`)
  } else if (block.grouped !== undefined && block.grouped > 0) {
    clauses.push(sql`group by ${join(Array.from({ length: block.grouped }, (_, i) => trusted(String(i + 1))))}`)
  }
  if (block.orderBy && block.orderBy.length > 0) clauses.push(sql`order by ${join(block.orderBy)}`)
  if (block.limit !== undefined) clauses.push(sql`limit ${literal(block.limit)}`)
  if (block.offset !== undefined) clauses.push(sql`offset ${literal(block.offset)}`)
  return join(clauses, ' ')
}

/** The block as the `from` of a new one, under `alias`. */
export function wrap(block: Block, alias: string): Block {
  const names = outputNames(block.columns)
  return {
    from: sql`(${renderBlock(block)}) as ${id(alias)}`,
    columns: block.columns.map((column, i) => ({
      ...column,
      ref: sql`${id(alias)}.${id(names[i] ?? column.name)}`,
      direct: true,
    })),
  }
}
