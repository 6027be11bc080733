import type { DataType } from '../../../../base/kernel/index.ts'
import { join, type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { Column, named } from '../../column.ts'
import type { ColumnOrName, NamesOf, NeedsOf } from '../../column-types.ts'
import { unified } from '../../compile/unified.ts'
import { constantOf } from '../../dialect/constant.ts'
import { duckDbDialect } from '../../dialect/duckdb.ts'
import { extremeOfList, sortedList } from '../../dialect/duckdb-order.ts'
import { postgresCommon, postgresDialect } from '../../dialect/postgres.ts'
import { postgresCast } from '../../dialect/postgres-cast.ts'
import { type Call, define, leading, onlyDuckDb, type Template, type TemplateArgs, unary, variadic } from '../define.ts'
import { BOOLEAN, ELEMENT, INTEGER, LONG, type ResultType, SAME, STRING } from '../result-type.ts'
import { commonOf } from '../shared-type.ts'
import { joinedText } from './array.ts'
import { elementForm, ITEM, sliceForm } from './array-place.ts'
import { postgresElement } from './collection-item.ts'
import { asType, commonElement, elementOf, mustBe } from './collection-type.ts'

const ARRAY: ResultType<unknown[]> = {
  of: (args) => {
    const element = commonOf(args)
    return element === undefined || element.kind === 'null' ? undefined : { kind: 'array', element, containsNull: true }
  },
}

/** An array of the columns' values. */
export const array = variadic('array', { duckdb: elements, postgres: listed }, ARRAY)
/** The number of elements of an array or map; null of null. */
export const size = unary(
  'size',
  {
    duckdb: ([of], [type]) =>
      type?.kind === 'map' ? sql`cast(cardinality(${of}) as integer)` : sql`cast(len(${of}) as integer)`,
    postgres: 'cardinality($1)',
  },
  INTEGER,
)
/** Whether an array holds a value. */
export const arrayContains = leading<[value: string | number | boolean | bigint | Column]>()(
  'array_contains',
  {
    duckdb: ([of, value], [type, given]) => {
      const wanted = asType(value, given, commonElement(type, given))
      return sql`(list_contains(${of}, ${wanted}) or (case when list_count(${of}) < len(${of}) then null else false end))`
    },
    postgres: ofElement((of, item) => sql`(${item} = any(${of}))`),
  },
  BOOLEAN,
)
export const arrayDistinct = unary(
  'array_distinct',
  {
    duckdb: ([of], [type], { variables: [item, i] }) => {
      mustBe('array', type)
      return sql`list_filter(${of}, lambda ${item}, ${i}: list_position(${of}, ${item}) = ${i})`
    },
    postgres: 'case when $1 is not null then array(select distinct item from unnest($1) as items(item)) end',
  },
  SAME,
)
/** An array in ascending order, nulls first unless `ascending` is false. */
export const sortArray = leading<[ascending?: boolean]>()(
  'sort_array',
  {
    duckdb: ([of, ascending], [type]) => {
      const up = sortedList(of, elementOf(type), 'ascending')
      if (ascending === undefined) return up
      return sql`case when ${ascending} then ${up} else ${sortedList(of, elementOf(type), 'descending')} end`
    },
    postgres: sorted,
  },
  SAME,
)
export const arrayMax = unary(
  'array_max',
  { duckdb: ([of], [type]) => extremeOfList(of, elementOf(type), 'max'), postgres: extreme('max') },
  ELEMENT,
)
export const arrayMin = unary(
  'array_min',
  { duckdb: ([of], [type]) => extremeOfList(of, elementOf(type), 'min'), postgres: extreme('min') },
  ELEMENT,
)
/** Where a value first stands in an array, from 1; 0 when it does not. */
export const arrayPosition = leading<[value: string | number | boolean | bigint | Column]>()(
  'array_position',
  {
    duckdb: ([of, value], [type, given]) => {
      const wanted = asType(value, given, commonElement(type, given))
      return sql`case when ${of} is not null and ${value} is not null then cast(coalesce(list_position(${of}, ${wanted}), 0) as bigint) end`
    },
    postgres: ofElement(
      (of, item) =>
        sql`case when ${of} is not null and ${item} is not null then cast(coalesce(array_position(${of}, ${item}), 0) as bigint) end`,
    ),
  },
  LONG,
)
export const arrayJoin = leading<[separator: string, absent?: string]>()(
  'array_join',
  { duckdb: (args, types, { variables: [item] }) => joinedText(args, types, item), postgres: joined },
  STRING,
)
/**
 * The nth element, from 1 or from −1 at the end; the action fails on a place the array does not have. A map's value by
 * its key, null when there is none.
 */
export const elementAt = leading<[key: number | string | Column]>()(
  'element_at',
  {
    duckdb: elementForm(false),
    postgres: ([of, key], _types, call) =>
      postgresElement(of, place(of, key, call), 'INVALID_ARRAY_INDEX_IN_ELEMENT_AT'),
  },
  ITEM,
)
export const slice = leading<[start: number | Column, length: number | Column]>()(
  'slice',
  {
    duckdb: ([of, start, length]) => sliceForm(of, start, length),
    postgres: ([of, start, length], _types, call) => {
      if (Number(constantOf(start)) < 0) return call.refuse('with a negative start')
      return sql`(${of})[greatest(${start}, 1):${start} + ${length} - 1]`
    },
  },
  SAME,
)
export const flatten = unary(
  'flatten',
  onlyDuckDb('case when list_count($1) = len($1) then flatten($1) end', 'It has no arrays of arrays.'),
  ELEMENT,
)
/** One row for each element of an array; no row for an empty one or null. */
export const explode = unary('explode', { duckdb: 'unnest($1)', postgres: 'unnest($1)' }, ELEMENT, {
  kind: 'generator',
})
const STRUCT: ResultType<Record<string, unknown>> = { of: () => undefined }

/** One value of several columns under their names; `struct('*')` takes all. */
function structBuilder<const A extends readonly ColumnOrName[]>(
  ...columns: A
): Column<Record<string, unknown>, string, NamesOf<Exclude<A[number], '*'>>, NeedsOf<A[number]>> {
  return new Column({ kind: 'call', fn: 'struct', args: columns.map(named) })
}
// Its members' names are those of its arguments, so the compiler writes it (compile/expression.ts).
export const struct = Object.assign(structBuilder, {
  definition: define('struct', onlyDuckDb('row($*)', 'It has no nameless structs: use columns.'), STRUCT),
})

function elements(args: TemplateArgs, types: readonly (DataType | undefined)[]): Sql {
  // What has no type in common is refused.
  const same = unified(
    args.map((arg, i) => ({ sql: arg, type: types[i] })),
    duckDbDialect,
  )
  const common = commonOf(types)
  return sql`[${join(same.map((one, i) => asType(one.sql, one.sql === args[i] ? types[i] : one.type, common)))}]`
}

function listed(args: TemplateArgs, types: readonly (DataType | undefined)[], call: Call): Sql {
  if (args.length === 0) return call.refuse('without elements')
  if (types.some((type) => type?.kind === 'array')) return call.refuse('of arrays', 'It has no arrays of arrays.')
  const items = postgresCommon(args.map((arg, i) => ({ sql: arg, type: types[i] })))
  return sql`array[${join(items.map((item) => item.sql))}]`
}

/** A form of an array and a value, which is made to be of the elements' type. */
function ofElement(form: (of: Sql, item: Sql) => Sql): Template {
  return ([of, item], [type, itemType]) => {
    const element = type?.kind === 'array' ? type.element : undefined
    return form(of, element ? postgresCast({ sql: item, type: itemType }, element, false) : item)
  }
}

function elementsOf(type: DataType | undefined): { readonly item: Sql; readonly type: DataType | undefined } {
  const element = type?.kind === 'array' ? type.element : undefined
  return { item: postgresDialect.ordered({ sql: sql`item`, type: element }), type: element }
}

function sorted([of, ascending]: TemplateArgs, [type]: readonly (DataType | undefined)[], call: Call): Sql {
  const up =
    ascending === undefined ? 'true' : ascending.parts.map((part) => ('value' in part ? part.value : '')).join('')
  if (String(up) !== 'true' && String(up) !== 'false') return call.refuse('with a direction that is no constant')
  const direction = trusted(String(up) === 'true' ? 'asc nulls first' : 'desc nulls last')
  const { item } = elementsOf(type)
  return sql`case when ${of} is not null then array(select item from unnest(${of}) as items(item) order by ${item} ${direction}) end`
}

function extreme(name: 'min' | 'max'): Template {
  return ([of], [type], call) => {
    const { item, type: element } = elementsOf(type)
    if (element?.kind === 'boolean' || element?.kind === 'uuid') return call.refuse(`of ${element.kind}`)
    return sql`(select ${trusted(name)}(${item}) from unnest(${of}) as items(item))`
  }
}

function joined([of, separator]: TemplateArgs, [type]: readonly (DataType | undefined)[], call: Call): Sql {
  const kind = type?.kind === 'array' ? type.element.kind : 'an unknown type'
  if (kind === 'float' || kind === 'double') return call.refuse(`of ${kind}`, 'It writes such numbers otherwise.')
  if (kind === 'boolean') return call.refuse('of boolean', 'It writes t and f.')
  return sql`array_to_string(${of}, ${separator})`
}

/** A place in an array, from 1 or from −1 at the end. */
function place(of: Sql, key: Sql, call: Call): Sql {
  const number = constantOf(key)
  if (typeof number !== 'number') return call.refuse('with a place that is no constant number')
  return number >= 0 ? trusted(String(number)) : sql`cardinality(${of}) + 1 - ${trusted(String(-number))}`
}
