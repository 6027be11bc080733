import { sql } from '../../../base/sql/index.ts'
import { Column, type ColumnOrName, type NamesOf, named } from '../column.ts'
import { define, leading, unary, variadic } from './define.ts'
import { BOOLEAN, ELEMENT, INTEGER, LONG, type ResultType, SAME, STRING, UNKNOWN } from './result-type.ts'

const ARRAY: ResultType<unknown[]> = {
  of: (args) => {
    const element = args.find((type) => type !== undefined)
    return element && { kind: 'array', element, containsNull: true }
  },
}

/** An array of the columns' values. */
export const array = variadic('array', '[$*]', ARRAY)
/** The number of elements of an array or map; null of null. */
export const size = unary(
  'size',
  ([of], [type]) =>
    type?.kind === 'map' ? sql`cast(cardinality(${of}) as integer)` : sql`cast(len(${of}) as integer)`,
  INTEGER,
)
/** Whether an array holds a value. */
export const arrayContains = leading<[value: string | number | boolean | bigint | Column]>()(
  'array_contains',
  'list_contains($1, $2)',
  BOOLEAN,
)
export const arrayDistinct = unary('array_distinct', 'list_distinct($1)', SAME)
/** An array in ascending order, nulls first unless `ascending` is false. */
export const sortArray = leading<[ascending?: boolean]>()(
  'sort_array',
  ([of, ascending]) =>
    ascending === undefined
      ? sql`list_sort(${of}, 'ASC', 'NULLS FIRST')`
      : sql`case when ${ascending} then list_sort(${of}, 'ASC', 'NULLS FIRST') else list_sort(${of}, 'DESC', 'NULLS LAST') end`,
  SAME,
)
export const arrayMax = unary('array_max', 'list_max($1)', ELEMENT)
export const arrayMin = unary('array_min', 'list_min($1)', ELEMENT)
/** Where a value first stands in an array, from 1; 0 when it does not. */
export const arrayPosition = leading<[value: string | number | boolean | bigint | Column]>()(
  'array_position',
  'cast(coalesce(list_position($1, $2), 0) as bigint)',
  LONG,
)
export const arrayJoin = leading<[separator: string]>()('array_join', 'array_to_string($1, $2)', STRING)
/** The nth element, from 1 or from −1 at the end; null when there is none. A map's value by its key. */
export const elementAt = leading<[key: number | string]>()(
  'element_at',
  ([of, key], [type]) => (type?.kind === 'map' ? sql`${of}[${key}]` : sql`list_extract(${of}, ${key})`),
  ELEMENT,
)
export const slice = leading<[start: number, length: number]>()('slice', 'list_slice($1, $2, $2 + $3 - 1)', SAME)
export const flatten = unary('flatten', 'flatten($1)', ELEMENT)
/** One row for each element of an array; no row for an empty one or null. */
export const explode = unary('explode', 'unnest($1)', ELEMENT)
export const mapKeys = unary('map_keys', 'map_keys($1)', UNKNOWN)
export const mapValues = unary('map_values', 'map_values($1)', UNKNOWN)

const STRUCT: ResultType<Record<string, unknown>> = { of: () => undefined }

/** One value of several columns under their names; `struct('*')` takes all. */
function structBuilder<const A extends readonly ColumnOrName[]>(
  ...columns: A
): Column<Record<string, unknown>, string, NamesOf<Exclude<A[number], '*'>>> {
  return new Column({ kind: 'call', fn: 'struct', args: columns.map(named) })
}
// Its members' names are those of its arguments, so the compiler writes it (compile/expression.ts).
export const struct = Object.assign(structBuilder, { definition: define('struct', 'row($*)', STRUCT) })
