import { type DataType, mapType, type Schema } from '../../base/kernel/index.ts'
import { id, join, type Sql, sql, trusted } from '../../base/sql/index.ts'

/** How the rows of a dataset stand in a table of an engine that reads no files. */
export interface CopyShape {
  /** Names and types of the table's columns. */
  readonly columns: readonly (readonly [name: string, type: string])[]
  /** What is read of the dataset, in the order of the columns. */
  select(from: Sql): Sql
}

/**
 * The columns of a copy in PostgreSQL: those of the dataset by the type mapping. What PostgreSQL has no type for
 * (structs, maps, lists of lists) stands as json, a column without a type as text.
 */
export function copyShape(schema: Schema): CopyShape {
  const columns = schema.fields.map(({ name, type }) => {
    if (type.kind === 'null') return { name, native: 'text', read: sql`cast(${id(name)} as varchar)` }
    if (isNested(type)) return { name, native: 'json', read: sql`to_json(${id(name)})` }
    const { native, as } = mapType(type, 'postgres')
    const read = as ? sql`cast(${id(name)} as ${trusted(String(mapType(as, 'duckdb').native))})` : id(name)
    return { name, native: String(native), read }
  })
  return {
    columns: columns.map(({ name, native }) => [name, native]),
    select: (from) => sql`select ${join(columns.map(({ name, read }) => sql`${read} as ${id(name)}`))} from ${from}`,
  }
}

/** The definition of columns, for `create table` and `alter table`. */
export function columnDefinitions(columns: CopyShape['columns']): Sql[] {
  return columns.map(([name, type]) => sql`${id(name)} ${trusted(type)}`)
}

function isNested(type: DataType): boolean {
  if (type.kind === 'array') return ['array', 'map', 'struct'].includes(type.element.kind)
  return type.kind === 'map' || type.kind === 'struct'
}
