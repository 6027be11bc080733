import type { Json } from '../../../base/kernel/index.ts'
import type { ColumnProfile, Profile } from './profile.ts'

/** An expectation as a suite file has it. */
interface Proposed {
  readonly type: string
  readonly kwargs: Readonly<Record<string, Json>>
  readonly meta: { readonly proposed: string }
}

/** Columns with at most this many values, in rows enough, are proposed to have no others. */
const MOST_VALUES = 20
/** The share of rows that may miss a value where some do already. */
const SLACK = 0.02

/**
 * A suite of Great Expectations 1.x that the profiled table meets: what holds of the rows there are, with room where
 * numbers and their count will grow. A proposal to edit; `meta` says what each rests on.
 */
export function proposeSuite(name: string, profile: Profile): Json {
  const expectations: Proposed[] = [
    {
      type: 'expect_table_columns_to_match_set',
      kwargs: { column_set: profile.columns.map((column) => column.name), exact_match: true },
      meta: { proposed: 'the columns there are' },
    },
    {
      type: 'expect_table_row_count_to_be_between',
      kwargs: { min_value: Math.floor(profile.rows / 2), max_value: Math.max(1, profile.rows * 2) },
      meta: { proposed: `half to twice the ${profile.rows} rows there are` },
    },
    ...profile.columns.flatMap((column) => ofColumn(column, profile.rows)),
  ]
  return { name, expectations: expectations as unknown as Json, meta: { proposed_from: profile.dataset } }
}

function ofColumn(column: ColumnProfile, rows: number): Proposed[] {
  const { name, distinct = 0, unique, type } = column
  // Great Expectations takes what is no number for missing.
  const missing = column.missing + (column.notFinite ?? 0)
  const proposed: Proposed[] = []
  const add = (type: string, kwargs: Record<string, Json>, why: string) => {
    proposed.push({ type, kwargs: { column: name, ...kwargs }, meta: { proposed: why } })
  }
  if (rows > 0 && missing === 0) add('expect_column_values_to_not_be_null', {}, 'no value is missing')
  else if (missing < rows && missing / rows < 0.5) {
    const mostly = Math.max(0, Math.floor((1 - missing / rows - SLACK) * 100) / 100)
    if (mostly > 0) add('expect_column_values_to_not_be_null', { mostly }, `${missing} of ${rows} values are missing`)
  }
  if (unique && rows > 1 && type !== 'double' && type !== 'float') {
    add('expect_column_values_to_be_unique', {}, 'no value is there twice')
  }
  const values = column.frequent ?? []
  const few = distinct > 0 && distinct <= Math.min(10, MOST_VALUES) && values.length === distinct
  if (few && type !== 'boolean' && rows >= distinct * 10 && column.mean === undefined) {
    add(
      'expect_column_values_to_be_in_set',
      { value_set: values.map(({ value }) => value) },
      `${distinct} different values`,
    )
  }
  if (typeof column.min === 'number' && typeof column.max === 'number' && column.notFinite === undefined) {
    const bounds = roomy(column.min, column.max)
    add('expect_column_values_to_be_between', bounds, `from ${column.min} to ${column.max}`)
  }
  const [pattern] = column.patterns ?? []
  const looked = (column.patterns ?? []).reduce((sum, { count }) => sum + count, 0)
  // Programs read other types, such as uuid, not as texts.
  if (type !== 'string') return proposed
  if (pattern && !few && looked > 10 && pattern.count === looked && column.empty === undefined) {
    add('expect_column_values_to_match_regex', { regex: regexOf(pattern.pattern) }, `all look like ${pattern.pattern}`)
  } else if (column.lengths && !few) {
    add('expect_column_value_lengths_to_be_between', { min_value: 0, max_value: column.lengths.max * 2 }, `up to ${column.lengths.max} characters`) // biome-ignore format: one line
  }
  return proposed
}

/** Bounds with room to grow, on the side of 0 where the values are. */
function roomy(min: number, max: number): { min_value: number; max_value: number } {
  const room = Math.max(Math.abs(min), Math.abs(max), max - min) / 2
  const lower = min >= 0 ? 0 : min - room
  const upper = max <= 0 ? 0 : max + room
  const round = Number.isInteger(min) && Number.isInteger(max) ? Math.ceil : (value: number) => value
  return { min_value: -round(-lower) || 0, max_value: round(upper) }
}

/** The regular expression of a form. */
function regexOf(pattern: string): string {
  const pieces = pattern.replaceAll(/a\+|A\+|9\+|a+|A+|9+|[^aA9]/g, (piece) => {
    const letter = { a: '[a-zà-öø-ÿ]', A: '[A-ZÀ-ÖØ-Þ]', 9: '[0-9]' }[piece[0] ?? '']
    if (letter === undefined) return /[\\^$.|?*+()[\]{}]/.test(piece) ? `\\${piece}` : piece
    // A plus sign behind a letter may also be one of the text itself.
    if (piece.endsWith('+')) return `${letter}+\\+?`
    return piece.length === 1 ? letter : `${letter}{${piece.length}}`
  })
  return `^${pieces}$`
}
