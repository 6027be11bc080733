import { type Sql, sql } from '../../../../base/sql/index.ts'
import type { Column } from '../../column.ts'
import type { Operand } from '../../column-types.ts'
import { duckDbDialect } from '../../dialect/duckdb.ts'
import { leading, onlyDuckDb, type Template } from '../define.ts'
import { raised } from '../math/math-argument.ts'
import { arrayOf, asType, commonElement, elementOf, type Known, mustBe, typed } from './collection-type.ts'

const ZERO = () => raised('INVALID_INDEX_OF_ZERO', 'Places count from 1, or from -1 at the end')
const HINT = 'Use its array functions by expr("…").'

/** An array's element from 1 or from −1 at the end, or a map's value. */
export function elementForm(isTry: boolean): Template {
  return ([of, key], [type]) => {
    if (type?.kind === 'map') return sql`${of}[${asKey(key, type)}]`
    mustBe('array', type)
    const outside = raised('INVALID_ARRAY_INDEX_IN_ELEMENT_AT', 'The place is outside of the array')
    const none = isTry ? sql`null` : outside
    return sql`case when ${of} is null or ${key} is null then null when ${key} = 0 then ${ZERO()} when abs(${key}) > len(${of}) then ${none} else list_extract(${of}, ${key}) end`
  }
}

function asKey(key: Sql, type: Extract<Known, { kind: 'map' }>): Sql {
  return type.key.kind === 'null' ? key : sql`cast(${key} as ${duckDbDialect.typeName(type.key)})`
}

/** What stands at a place of an array or under a key of a map. */
export const ITEM = typed(([type]) => (type?.kind === 'map' ? type.value : elementOf(type)))

/** Like `elementAt`, with null where an array has no such place. */
export const tryElementAt = leading<[key: Operand]>()('try_element_at', onlyDuckDb(elementForm(true), HINT), ITEM)
/** The element of an array from 0; null where it has no such place. */
export const get = leading<[index: number | Column]>()(
  'get',
  onlyDuckDb(([of, place], [type]) => {
    mustBe('array', type)
    return sql`case when ${place} >= 0 then list_extract(${of}, ${place} + 1) end`
  }, HINT),
  ITEM,
)
/**
 * An array with a value put at a place: from 1, where those from there on move on, or from −1 behind the last. Nulls
 * fill the gap when the array is shorter.
 */
export const arrayInsert = leading<[place: number | Column, value: Operand]>()(
  'array_insert',
  onlyDuckDb(([given, place, value], types) => {
    const common = commonElement(types[0], types[2])
    const list = arrayOf(common)
    const of = asType(given, types[0], list)
    const one = sql`[${asType(value, types[2], common)}]`
    const before = sql`(len(${of}) + 1 + ${place})`
    const gap = sql`list_resize(list_slice(${of}, 1, 0), -${before})`
    const front = sql`list_concat(list_concat(list_resize(list_slice(${of}, 1, ${place} - 1), ${place} - 1), ${one}), list_slice(${of}, ${place}, len(${of})))`
    const back = sql`case when ${before} >= 0 then list_concat(list_concat(list_slice(${of}, 1, ${before}), ${one}), list_slice(${of}, ${before} + 1, len(${of}))) else list_concat(list_concat(${one}, ${gap}), ${of}) end`
    return sql`case when ${given} is null or ${place} is null then null when ${place} = 0 then ${ZERO()} when ${place} > 0 then ${front} else ${back} end`
  }, HINT),
  typed(([of, _place, value]) => arrayOf(commonElement(of, value))),
)
/** `length` elements from `start`, which counts from 1, or from −1 at the end. */
export function sliceForm(of: Sql, start: Sql, length: Sql): Sql {
  const from = sql`case when ${start} < 0 then len(${of}) + ${start} + 1 else ${start} end`
  const zero = raised('INVALID_PARAMETER_VALUE.START', 'slice() counts from 1, or from -1 at the end')
  const negative = raised('INVALID_PARAMETER_VALUE.LENGTH', 'slice() takes a length of 0 or more')
  return sql`case when ${of} is null or ${start} is null or ${length} is null then null when ${start} = 0 then ${zero} when ${length} < 0 then ${negative} when ${from} < 1 then list_slice(${of}, 1, 0) else list_slice(${of}, ${from}, ${from} + ${length} - 1) end`
}
