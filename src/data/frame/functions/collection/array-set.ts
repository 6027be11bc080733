import { sql } from '../../../../base/sql/index.ts'
import { binary, onlyDuckDb, type Template } from '../define.ts'
import { BOOLEAN } from '../result-type.ts'
import { commonOf } from '../shared-type.ts'
import { commonArrays, mustBe, typed } from './collection-type.ts'

const COMMON_ARRAY = typed(([a, b]) => commonOf([a, b]))
const NO_SETS = 'It has no sets of arrays: use unnest() by expr("…").'

/** A set of two arrays' elements, in the order they come first; null counts as a value. */
function setOf(kept: 'in' | 'out'): Template {
  return ([a, b], [one, two], { variables: [item, i] }) => {
    const [x, y] = commonArrays(a, b, one, two)
    const other = kept === 'in' ? sql`is not null` : sql`is null`
    return sql`case when ${x} is not null and ${y} is not null then list_filter(${x}, lambda ${item}, ${i}: list_position(${x}, ${item}) = ${i} and list_position(${y}, ${item}) ${other}) end`
  }
}

/** The elements of the first array that the second has not, each once. */
export const arrayExcept = binary('array_except', onlyDuckDb(setOf('out'), NO_SETS), COMMON_ARRAY)
/** The elements that both arrays have, each once. */
export const arrayIntersect = binary('array_intersect', onlyDuckDb(setOf('in'), NO_SETS), COMMON_ARRAY)
/** The elements of both arrays, each once. */
export const arrayUnion = binary(
  'array_union',
  onlyDuckDb(([a, b], [one, two], { variables: [item, i] }) => {
    const [x, y] = commonArrays(a, b, one, two)
    const both = sql`list_concat(${x}, ${y})`
    return sql`case when ${x} is not null and ${y} is not null then list_filter(${both}, lambda ${item}, ${i}: list_position(${both}, ${item}) = ${i}) end`
  }, NO_SETS),
  COMMON_ARRAY,
)
/** Whether two arrays share an element; unknown when they do not and one of them has a null. */
export const arraysOverlap = binary(
  'arrays_overlap',
  onlyDuckDb(([a, b], [one, two]) => {
    mustBe('array', one)
    const [x, y] = commonArrays(a, b, one, two)
    const unsure = sql`(list_count(${x}) < len(${x}) or list_count(${y}) < len(${y}))`
    return sql`case when ${x} is null or ${y} is null then null when list_has_any(${x}, ${y}) then true when len(${x}) > 0 and len(${y}) > 0 and ${unsure} then null else false end`
  }, 'Use the operator && by expr("…").'),
  BOOLEAN,
)
