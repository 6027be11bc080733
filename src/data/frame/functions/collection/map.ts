import { join, type Sql, sql } from '../../../../base/sql/index.ts'
import { Column, named } from '../../column.ts'
import type { ColumnOrName, NamesOf, NeedsOf, Operand } from '../../column-types.ts'
import { binary, define, leading, onlyDuckDb, unary } from '../define.ts'
import { BOOLEAN, type ResultType } from '../result-type.ts'
import { commonOf } from '../shared-type.ts'
import { arrayOf, asType, elementOf, entryOf, type Known, mapOf, mustBe, typed, whenAll } from './collection-type.ts'

const HINT = 'It has no maps.'
// biome-ignore lint/suspicious/noExplicitAny: values may be anything
type AnyColumn<A> = Column<any, string, NamesOf<A>, NeedsOf<A>>

function evenly<T>(all: readonly T[], odd: boolean): T[] {
  return all.filter((_, i) => (i % 2 === 1) === odd)
}

/** A map of keys and values that follow each other. Keys must differ. */
export const createMap = Object.assign(
  <const A extends readonly ColumnOrName[]>(...columns: A): AnyColumn<A[number]> =>
    new Column({ kind: 'call', fn: 'map', args: columns.map(named) }),
  {
    definition: define(
      'map',
      onlyDuckDb((args, types) => {
        const of = (odd: boolean) => {
          const common = commonOf(evenly(types, odd))
          return join(evenly([...args], odd).map((one, i) => asType(one, evenly(types, odd)[i], common)))
        }
        return sql`map([${of(false)}], [${of(true)}])`
      }, HINT),
      typed((types) => mapOf(commonOf(evenly(types, false)), commonOf(evenly(types, true)))),
    ),
  },
)
/** The entries of maps together. Keys must differ. */
export const mapConcat = Object.assign(
  <const A extends readonly ColumnOrName[]>(...columns: A): AnyColumn<A[number]> =>
    new Column({ kind: 'call', fn: 'map_concat', args: columns.map(named) }),
  {
    definition: define(
      'map_concat',
      onlyDuckDb((args, types) => {
        for (const type of types) mustBe('map', type)
        const entries = [...args].map((one) => sql`map_entries(${one})`)
        const all = entries.reduce((a, b) => sql`list_concat(${a}, ${b})`)
        return whenAll([...args], sql`map_from_entries(${all})`)
      }, HINT),
      typed((types) => types.find((type) => type?.kind === 'map')),
    ),
  },
)
/** Whether a map has a key. */
export const mapContainsKey = leading<[key: Operand]>()(
  'map_contains_key',
  onlyDuckDb(([of, key], [type]) => {
    mustBe('map', type)
    return sql`list_contains(map_keys(${of}), ${key})`
  }, HINT),
  BOOLEAN,
)
/** A map's entries as an array of structs of `key` and `value`. */
export const mapEntries = unary(
  'map_entries',
  onlyDuckDb(([of], [type]) => {
    mustBe('map', type)
    return whenAll([of], sql`map_entries(${of})`)
  }, HINT),
  typed(([type]) => arrayOf(entryOf(type))),
)
/** A map of an array of keys and one of as many values. */
export const mapFromArrays = binary(
  'map_from_arrays',
  onlyDuckDb(([keys, values], [one, two]) => {
    mustBe('array', one)
    mustBe('array', two)
    return whenAll([keys, values], sql`map(${keys}, ${values})`)
  }, HINT),
  typed(([keys, values]) => mapOf(elementOf(keys), elementOf(values))),
)
/** A map of an array of structs of a key and a value; null when one of them is null. */
export const mapFromEntries = unary(
  'map_from_entries',
  onlyDuckDb(([of], [type]) => {
    mustBe('array', type)
    return sql`case when list_count(${of}) = len(${of}) then map_from_entries(${of}) end`
  }, HINT),
  typed(([type]) => {
    const entry = elementOf(type)
    return entry?.kind === 'struct' ? mapOf(entry.fields[0]?.type, entry.fields[1]?.type) : undefined
  }),
)
const KEYS: ResultType<unknown[]> = typed(([type]) => arrayOf(type?.kind === 'map' ? type.key : undefined))
const VALUES: ResultType<unknown[]> = typed(([type]) => arrayOf(type?.kind === 'map' ? type.value : undefined))
/** A map's keys. */
export const mapKeys = unary(
  'map_keys',
  onlyDuckDb(([of], [type]) => listed('map_keys', of, type), HINT),
  KEYS,
)
/** A map's values, in the order of its keys. */
export const mapValues = unary(
  'map_values',
  onlyDuckDb(([of], [type]) => listed('map_values', of, type), HINT),
  VALUES,
)

function listed(name: 'map_keys' | 'map_values', of: Sql, type: Known): Sql {
  mustBe('map', type)
  return whenAll([of], name === 'map_keys' ? sql`map_keys(${of})` : sql`map_values(${of})`)
}

/** A map of a text of pairs. Both delimiters are regular expressions. */
export const strToMap = leading<[pairs?: Operand, keyValue?: Operand]>()(
  'str_to_map',
  onlyDuckDb((args, _types, { variables: [item] }) => {
    const [of, pairs = sql`','`, inside = sql`':'`] = args.slice(0) as [Sql, Sql?, Sql?]
    const key = sql`string_split_regex(${item}, ${inside})[1]`
    const rest = sql`substr(${item}, length(${key}) + length(regexp_extract(${item}, ${inside})) + 1)`
    const value = sql`case when len(string_split_regex(${item}, ${inside})) > 1 then ${rest} end`
    const entries = sql`list_transform(string_split_regex(${of}, ${pairs}), lambda ${item}: struct_pack(key := ${key}, value := ${value}))`
    return whenAll([of], sql`map_from_entries(${entries})`)
  }, HINT),
  typed(() => mapOf({ kind: 'string' }, { kind: 'string' })),
)
