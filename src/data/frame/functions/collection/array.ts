import { join, type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { Column, named } from '../../column.ts'
import type { ColumnOrName, NamesOf, NeedsOf, Operand } from '../../column-types.ts'
import { constantOf } from '../../dialect/constant.ts'
import { duckDbDialect } from '../../dialect/duckdb.ts'
import { define, leading, onlyDuckDb, type Template, unary } from '../define.ts'
import { INTEGER, type ResultType, SAME } from '../result-type.ts'
import { arrayOf, asType, commonElement, elementOf, type Known, mustBe, structOf, typed } from './collection-type.ts'

// biome-ignore lint/suspicious/noExplicitAny: elements may be anything
type AnyColumn<A> = Column<any, string, NamesOf<A>, NeedsOf<A>>

const GROWN = typed(([of, value]) => arrayOf(commonElement(of, value)))
const HINT = 'Use its array functions by expr("…").'

/** An array with a value added; null of null. */
function added(name: string): Template {
  return ([of, value], [type, given]) => {
    const common = commonElement(type, given)
    const [list, item] = [asType(of, type, arrayOf(common)), asType(value, given, common)]
    const both = name === 'array_append' ? sql`list_append(${list}, ${item})` : sql`list_prepend(${item}, ${list})`
    return sql`case when ${of} is not null then ${both} end`
  }
}

/** An array with a value at its end. */
export const arrayAppend = leading<[value: Operand]>()('array_append', onlyDuckDb(added('array_append'), HINT), GROWN)
/** An array with a value before its first. */
export const arrayPrepend = leading<[value: Operand]>()(
  'array_prepend',
  onlyDuckDb(added('array_prepend'), HINT),
  GROWN,
)
/** An array without its nulls. */
export const arrayCompact = unary(
  'array_compact',
  onlyDuckDb(([of], [type], { variables: [item] }) => {
    mustBe('array', type)
    return sql`list_filter(${of}, lambda ${item}: ${item} is not null)`
  }, HINT),
  SAME,
)
/** An array without the elements that are equal to a value. */
export const arrayRemove = leading<[value: Operand]>()(
  'array_remove',
  onlyDuckDb(([of, value], [type, given], { variables: [item] }) => {
    const wanted = asType(value, given, commonElement(type, given))
    return sql`case when ${value} is not null then list_filter(${of}, lambda ${item}: ${item} is distinct from ${wanted}) end`
  }, HINT),
  SAME,
)
/** A value so many times. */
export const arrayRepeat = leading<[count: number | Column]>()(
  'array_repeat',
  onlyDuckDb(([value, count], [type], { variables: [item] }) => {
    const of = type && type.kind !== 'null' ? sql`cast(${value} as ${duckDbDialect.typeName(type)})` : value
    return sql`case when ${count} is not null then list_transform(range(greatest(${count}, 0)), lambda ${item}: ${of}) end`
  }, HINT),
  typed(([type]) => arrayOf(type)),
)
/** The number of an array's elements; null of null. */
export const arraySize = unary(
  'array_size',
  onlyDuckDb(([of], [type]) => {
    mustBe('array', type)
    return sql`cast(len(${of}) as integer)`
  }, 'Use size().'),
  INTEGER,
)
/** The same as `size`. */
export const cardinality = unary(
  'cardinality',
  onlyDuckDb(
    ([of], [type]) =>
      type?.kind === 'map' ? sql`cast(cardinality(${of}) as integer)` : sql`cast(len(${of}) as integer)`,
    'Use size().',
  ),
  INTEGER,
)
/** The elements of an array in a random order. */
export const shuffle = unary(
  'shuffle',
  onlyDuckDb(([of], [type], { variables: [item] }) => {
    mustBe('array', type)
    const keyed = sql`list_sort(list_transform(${of}, lambda ${item}: struct_pack(r := random(), v := ${item})))`
    return sql`list_transform(${keyed}, lambda ${item}: ${item}.v)`
  }, HINT),
  SAME,
)

const ZIPPED: ResultType<unknown> = typed((types, _args, names) =>
  arrayOf(structOf(types.map((type, i) => [names?.[i] ?? String(i), elementOf(type)]))),
)

/** Structs of the elements of arrays at the same place; null where an array is shorter. */
export const arraysZip = Object.assign(
  <const A extends readonly ColumnOrName[]>(...columns: A): AnyColumn<A[number]> =>
    new Column({ kind: 'call', fn: 'arrays_zip', args: columns.map(named) }),
  {
    definition: define(
      'arrays_zip',
      onlyDuckDb((args, types, { type, refuse }) => {
        for (const one of types) mustBe('array', one)
        if (!type) return refuse('of arrays whose type is not known')
        const all = join(
          args.map((one) => sql`${one} is not null`),
          ' and ',
        )
        return sql`case when ${all} then cast(list_zip(${join([...args])}) as ${duckDbDialect.typeName(type)}) end`
      }, HINT),
      ZIPPED,
      { variadic: true },
    ),
  },
)

/** Whole numbers or days from `start` to `stop`, which is one of them when a step hits it; down when `stop` is less. */
export const sequence = Object.assign(
  <const A extends ColumnOrName>(start: A, stop: ColumnOrName, step?: ColumnOrName): AnyColumn<A> =>
    new Column({
      kind: 'call',
      fn: 'sequence',
      args: (step === undefined ? [start, stop] : [start, stop, step]).map(named),
    }),
  {
    definition: define(
      'sequence',
      onlyDuckDb((args, types, call) => numbers(args, types, call.variables[0], call.type), 'Use generate_series().'),
      typed(([start, stop]) =>
        arrayOf(start?.kind === 'null' ? stop : start?.kind === 'long' || stop?.kind !== 'long' ? start : stop),
      ),
    ),
  },
)

function numbers(args: readonly Sql[], types: readonly Known[], item: Sql, result: Known): Sql {
  const [start = sql`null`, stop = sql`null`, step] = args
  const kind = types[0]?.kind ?? ''
  const wrong = sql`error('[SEQUENCE_WRONG_BOUNDARIES] The step does not lead from the start to the stop')`
  if (/^(byte|short|integer|long)$/.test(kind)) {
    const by = step ?? sql`case when ${start} <= ${stop} then 1 else -1 end`
    const list = sql`generate_series(cast(${start} as bigint), cast(${stop} as bigint), cast(${by} as bigint))`
    const typedList = result ? sql`cast(${list} as ${duckDbDialect.typeName(result)})` : list
    if (!step) return sql`case when ${start} is not null and ${stop} is not null then ${typedList} end`
    return sql`case when ${start} is null or ${stop} is null or ${step} is null then null when (${step} > 0 and ${start} <= ${stop}) or (${step} < 0 and ${start} >= ${stop}) then ${typedList} when ${start} = ${stop} then [${start}] else ${wrong} end`
  }
  const up = sql`case when ${start} <= ${stop} then interval 1 day else interval (-1) day end`
  const by = step ?? up
  const zero = sql`cast(${start} as timestamp)`
  const to = sql`cast(${stop} as timestamp)`
  // Each is counted from the start, so that months which are too short do not shift those that follow.
  const places = sql`range(len(generate_series(${zero}, ${to}, ${by})) + 2)`
  const inside = sql`case when ${zero} + ${by} >= ${zero} then ${item} <= ${to} else ${item} >= ${to} end`
  const list = sql`list_filter(list_transform(${places}, lambda ${item}: ${zero} + ${item} * ${by}), lambda ${item}: ${inside})`
  return result ? sql`cast(${list} as ${duckDbDialect.typeName(result)})` : list
}

/** The elements of an array as text, with a separator in between; nulls are left out unless a text stands for them. */
export function joinedText(args: readonly Sql[], types: readonly Known[], item: Sql): Sql {
  const [of = sql`null`, separator = sql`null`, absent] = args
  mustBe('array', types[0])
  const element = elementOf(types[0])
  const text = element && element.kind !== 'string' ? asType(item, element, { kind: 'string' }) : item
  const list =
    absent === undefined && element?.kind === 'string'
      ? of
      : sql`list_transform(${of}, lambda ${item}: ${absent === undefined ? text : sql`coalesce(${text}, ${absent})`})`
  const made = sql`coalesce(array_to_string(${list}, ${separator}), '')`
  return sql`case when ${of} is not null and ${separator} is not null${absent === undefined ? trusted('') : sql` and ${absent} is not null`} then ${made} end`
}

/** A constant name among the arguments; undefined when it is computed. */
export function nameOf(of: Sql | undefined): string | undefined {
  const found = constantOf(of)
  return found === undefined ? undefined : String(found)
}
