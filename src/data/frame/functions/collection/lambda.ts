import { formatType, MillraceError } from '../../../../base/kernel/index.ts'
import { type Sql, sql } from '../../../../base/sql/index.ts'
import type { Kinds, Need } from '../../argument-types.ts'
import { Column, named } from '../../column.ts'
import type { Argument, ColumnLike, ColumnOrName, NamesOf, NeedsOf, Truth, TypeOf, UsesOf } from '../../column-types.ts'
import { duckDbDialect } from '../../dialect/duckdb.ts'
import { sortedList } from '../../dialect/duckdb-order.ts'
import type { Expr } from '../../expr.ts'
import type { Make } from '../../row-types.ts'
import { define, type Lambdas, onlyDuckDb, type Template } from '../define.ts'
import { raised } from '../math/math-argument.ts'
import { BOOLEAN, type ResultType, SAME } from '../result-type.ts'
import { commonOf } from '../shared-type.ts'
import { arrayOf, asType, elementOf, type Known, mapOf, mustBe, typed, whenAll } from './collection-type.ts'

// biome-ignore lint/suspicious/noExplicitAny: elements may be anything
type AnyColumn<A> = Column<any, string, NamesOf<A>, NeedsOf<A>>

/** How many lambdas are being called, one in the other: their parameters are told apart by it. */
let depth = 0

/** A function as an expression, of at most so many parameters. */
function lambdaOf(of: (...params: never[]) => ColumnLike, least: number): Expr {
  const params = Array.from({ length: Math.max(least, of.length) }, (_, i) => `${'xyz'[i]}_${depth}`)
  depth += 1
  try {
    const body = of(...(params.map((name) => new Column({ kind: 'variable', name })) as never[]))
    return { kind: 'lambda', params, body: named(body) }
  } finally {
    depth -= 1
  }
}

/** The type of what a lambda's function makes of the argument `A` and the lambda's result `B`. */
interface Results<A, B> {
  array: Make<'array', TypeOf<B>>
  same: TypeOf<A>
  truth: boolean | null
  // biome-ignore lint/suspicious/noExplicitAny: maps with other keys or values are not followed
  map: any
}
type LambdaColumn<K extends keyof Results<unknown, unknown>, A, B, V> = Column<
  Results<A, B>[K],
  string,
  NamesOf<A> | UsesOf<B>,
  NeedsOf<A> & Need<TypeOf<A>, V> & NeedsOf<B>
>
/** What a lambda is given of the argument `A`. */
type Part<F extends 'element' | 'key' | 'value', A> = Column<Make<F, TypeOf<A>>, string, never, unknown>
type Place = Column<number, string, never, unknown>

/** A function of an array and a lambda of its elements, which may also take an element's place from 0. */
function ofElements<K extends keyof Results<unknown, unknown>, L extends ColumnLike>() {
  return (fn: string, least: number, form: Template, result: ResultType<unknown>, lambdas: Lambdas) => {
    const build = <const A extends ColumnOrName, B extends L>(
      of: A & Argument<Kinds['array']>,
      body: (x: Part<'element', A>, i: Place) => B,
    ): LambdaColumn<K, A, B, Kinds['array']> =>
      new Column({ kind: 'call', fn, args: [named(of), lambdaOf(body as never, least)] })
    return Object.assign(build, { definition: define(fn, onlyDuckDb(form, HINT), result, { lambdas }) })
  }
}
/** A function of a map and a lambda of its entries. */
function ofEntries<K extends keyof Results<unknown, unknown>, L extends ColumnLike>() {
  return (fn: string, least: number, form: Template, result: ResultType<unknown>, lambdas: Lambdas) => {
    const build = <const A extends ColumnOrName, B extends L>(
      of: A & Argument<Kinds['map']>,
      body: (key: Part<'key', A>, value: Part<'value', A>) => B,
    ): LambdaColumn<K, A, B, Kinds['map']> =>
      new Column({ kind: 'call', fn, args: [named(of), lambdaOf(body as never, least)] })
    return Object.assign(build, { definition: define(fn, onlyDuckDb(form, HINT), result, { lambdas }) })
  }
}

const HINT = 'It has no functions of elements: use unnest() by expr("…").'

const element: Lambdas = ([type], _lambda, [item, i]) => {
  mustBe('array', type)
  return [
    { sql: item, type: elementOf(type) },
    { sql: sql`cast(${i} - 1 as integer)`, type: { kind: 'integer' } },
  ]
}
const onlyElement: Lambdas = (types, lambda, names) => element(types, lambda, names).slice(0, 1)
const entry: Lambdas = ([type], _lambda, [item]) => {
  mustBe('map', type)
  const [key, value] = type?.kind === 'map' ? [type.key, type.value] : []
  return [
    { sql: sql`${item}.key`, type: key },
    { sql: sql`${item}.value`, type: value },
  ]
}

/** An array of what a function gives for each element, which may also take the element's place from 0. */
export const transform = ofElements<'array', ColumnLike>()(
  'transform', 1,
  ([of, body], _types, { variables: [item, i] }) => sql`list_transform(${of}, lambda ${item}, ${i}: ${body})`,
  typed((types) => arrayOf(types[1])), element,
) // biome-ignore format: short
/** The elements for which a condition is true, which may also take the element's place from 0. */
export const filter = ofElements<'same', Truth>()(
  'filter', 1,
  ([of, body], types, { variables: [item, i] }) => {
    mustBe('boolean', types[1])
    return sql`list_filter(${of}, lambda ${item}, ${i}: coalesce(${body}, false))`
  },
  SAME, element,
) // biome-ignore format: short

/** Whether a list of truths has one; unknown when it has none, and an unknown one. */
function hasOne(of: Sql, truth: Sql): Sql {
  return sql`(list_contains(${of}, ${truth}) or (case when list_count(${of}) < len(${of}) then null else false end))`
}

function truths(form: (list: Sql) => Sql): Template {
  return ([of, body], types, { variables: [item] }) => {
    mustBe('boolean', types[1])
    return whenAll([of], form(sql`list_transform(${of}, lambda ${item}: ${body})`))
  }
}

/** Whether a condition is true for one element. */
export const exists = ofElements<'truth', Truth>()(
  'exists',
  1,
  truths((list) => hasOne(list, sql`true`)),
  BOOLEAN,
  onlyElement,
)
/** Whether a condition is true for all elements. */
export const forall = ofElements<'truth', Truth>()(
  'forall',
  1,
  truths((list) => sql`(not ${hasOne(list, sql`false`)})`),
  BOOLEAN,
  onlyElement,
)

const FOLDED: Lambdas = ([type, zero], lambda, [item, other]) => {
  mustBe('array', type)
  if (lambda === 1) return [{ sql: item, type: zero }]
  return [
    { sql: sql`${item}.a`, type: zero },
    { sql: sql`${other}.x`, type: elementOf(type) },
  ]
}

/** DuckDB folds values of one type only: structs of what is folded and an element. */
const fold: Template = (args, types, { variables: [item, other] }) => {
  const [of, zero, merge, finish] = args as readonly Sql[] as [Sql, Sql, Sql, Sql | undefined]
  const [list, start, merged] = types
  const element = elementOf(list)
  if (!start || !element || !merged) return sql`list_reduce(${of}, lambda ${item}, ${other}: ${merge}, ${zero})`
  if (JSON.stringify(commonOf([start, merged])) !== JSON.stringify(start) || start.kind === 'null') {
    throw new MillraceError(
      'COLUMN_TYPE',
      `aggregate() starts with ${formatType(start)}, and its function gives ${formatType(merged)}`,
      {
        hint: `Start with that type: lit(…).cast('${formatType(merged)}').`,
      },
    )
  }
  const none = sql`cast(null as ${duckDbDialect.typeName(element)})`
  const whole = duckDbDialect.typeName(start)
  const items = sql`list_transform(${of}, lambda ${item}: struct_pack(a := cast(null as ${whole}), x := ${item}))`
  const step = sql`lambda ${item}, ${other}: struct_pack(a := ${asType(merge, merged, start)}, x := ${none})`
  const folded = sql`list_reduce(${items}, ${step}, struct_pack(a := cast(${zero} as ${whole}), x := ${none})).a`
  return whenAll([of], finish ? sql`list_transform([${folded}], lambda ${item}: ${finish})[1]` : folded)
}

function folding(fn: 'aggregate' | 'reduce') {
  const build = <const A extends ColumnOrName, const Z extends ColumnOrName>(
    of: A,
    zero: Z,
    merge: (a: Column, x: Part<'element', A>) => ColumnLike,
    finish?: (a: Column) => ColumnLike,
  ): AnyColumn<A | Z> =>
    new Column({
      kind: 'call', fn, args: [named(of), named(zero), lambdaOf(merge, 2), ...(finish ? [lambdaOf(finish, 1)] : [])],
    }) // biome-ignore format: short
  const result = typed(([, zero, , finished]) => finished ?? zero)
  return Object.assign(build, { definition: define(fn, onlyDuckDb(fold, HINT), result, { lambdas: FOLDED }) })
}

/** An array's elements put together one after the other, from a first value; `finish` turns what is left into the result. */
export const aggregate = folding('aggregate')
/** The same as `aggregate`. */
export const reduce = folding('reduce')

/** Two arrays' elements at the same place put together; null where one is shorter. */
export const zipWith = Object.assign(
  <const A extends ColumnOrName, const B extends ColumnOrName>(
    left: A,
    right: B,
    merge: (x: Column, y: Column) => Column,
  ): AnyColumn<A | B> =>
    new Column({ kind: 'call', fn: 'zip_with', args: [named(left), named(right), lambdaOf(merge, 2)] }),
  {
    definition: define(
      'zip_with',
      onlyDuckDb(
        ([a, b, body], _types, { variables: [item] }) =>
          whenAll([a, b], sql`list_transform(list_zip(${a}, ${b}), lambda ${item}: ${body})`),
        HINT,
      ),
      typed((types) => arrayOf(types[2])),
      {
        lambdas: ([one, two], _lambda, [item]) => {
          mustBe('array', one)
          mustBe('array', two)
          return [
            { sql: sql`${item}[1]`, type: elementOf(one) },
            { sql: sql`${item}[2]`, type: elementOf(two) },
          ]
        },
      },
    ),
  },
)

/** A map's entries for which a condition is true. */
export const mapFilter = ofEntries<'same', Truth>()(
  'map_filter', 2,
  ([of, body], _types, { variables: [item] }) =>
    whenAll([of], sql`map_from_entries(list_filter(map_entries(${of}), lambda ${item}: coalesce(${body}, false)))`),
  SAME, entry,
) // biome-ignore format: short
/** A map with other keys. They must differ. */
export const transformKeys = ofEntries<'map', ColumnLike>()(
  'transform_keys', 2,
  ([of, body], _types, { variables: [item] }) =>
    whenAll([of], sql`map_from_entries(list_transform(map_entries(${of}), lambda ${item}: struct_pack(key := ${body}, value := ${item}.value)))`),
  typed(([type, key]) => mapOf(key, type?.kind === 'map' ? type.value : undefined)), entry,
) // biome-ignore format: short
/** A map with other values. */
export const transformValues = ofEntries<'map', ColumnLike>()(
  'transform_values', 2,
  ([of, body], _types, { variables: [item] }) =>
    whenAll([of], sql`map_from_entries(list_transform(map_entries(${of}), lambda ${item}: struct_pack(key := ${item}.key, value := ${body})))`),
  typed(([type, value]) => mapOf(type?.kind === 'map' ? type.key : undefined, value)), entry,
) // biome-ignore format: short

/** A map of the keys of two, with what a function gives for the key and both values, which are null where a map has none. */
export const mapZipWith = Object.assign(
  <const A extends ColumnOrName, const B extends ColumnOrName>(
    left: A,
    right: B,
    merge: (key: Column, x: Column, y: Column) => Column,
  ): AnyColumn<A | B> =>
    new Column({ kind: 'call', fn: 'map_zip_with', args: [named(left), named(right), lambdaOf(merge, 3)] }),
  {
    definition: define(
      'map_zip_with',
      onlyDuckDb(([a, b, body], _types, { variables: [item] }) => {
        const keys = sql`list_distinct(list_concat(map_keys(${a}), map_keys(${b})))`
        const items = sql`list_transform(${keys}, lambda ${item}: struct_pack(k := ${item}, a := ${a}[${item}], b := ${b}[${item}]))`
        return whenAll(
          [a, b],
          sql`map_from_entries(list_transform(${items}, lambda ${item}: struct_pack(key := ${item}.k, value := ${body})))`,
        )
      }, HINT),
      typed(([one, two, value]) => mapOf(keyOf(one, two), value)),
      {
        lambdas: ([one, two], _lambda, [item]) => {
          mustBe('map', one)
          mustBe('map', two)
          return [
            { sql: sql`${item}.k`, type: keyOf(one, two) },
            { sql: sql`${item}.a`, type: one?.kind === 'map' ? one.value : undefined },
            { sql: sql`${item}.b`, type: two?.kind === 'map' ? two.value : undefined },
          ]
        },
      },
    ),
  },
)

function keyOf(one: Known, two: Known): Known {
  return commonOf([one, two].map((type) => (type?.kind === 'map' ? type.key : undefined)))
}

/** An array in ascending order, nulls last; or in the order of a comparison, which is below 0 where `x` comes first. */
export const arraySort = Object.assign(
  <const A extends ColumnOrName>(of: A, compare?: (x: Column, y: Column) => Column): AnyColumn<A> =>
    new Column({ kind: 'call', fn: 'array_sort', args: [named(of), ...(compare ? [lambdaOf(compare, 2)] : [])] }),
  {
    definition: define(
      'array_sort',
      onlyDuckDb((args, [type], { variables: [item, other] }) => {
        mustBe('array', type)
        const [of, compare] = args as readonly Sql[] as [Sql, Sql | undefined]
        if (!compare) return sortedList(of, elementOf(type), 'ascending, nulls last')
        // Each element's rank is the number of those before it: ones that compare less, or equal and stand before it.
        const placed = sql`list_transform(${of}, lambda ${item}, ${other}: struct_pack(v := ${item}, i := ${other}))`
        const wrong = raised('COMPARATOR_RETURNS_NULL', 'The comparison gives null')
        const first = sql`case when ${other}.i = ${item}.i then false when ${compare} is null then ${wrong} else ${compare} < 0 or (${compare} = 0 and ${other}.i < ${item}.i) end`
        const before = sql`len(list_filter(${placed}, lambda ${other}: ${first}))`
        const ranked = sql`list_sort(list_transform(${placed}, lambda ${item}: struct_pack(r := ${before}, v := ${item}.v)))`
        return sql`list_transform(${ranked}, lambda ${item}: ${item}.v)`
      }, HINT),
      SAME,
      {
        lambdas: ([type], _lambda, [item, other]) => [
          { sql: sql`${other}.v`, type: elementOf(type) },
          { sql: sql`${item}.v`, type: elementOf(type) },
        ],
      },
    ),
  },
)
