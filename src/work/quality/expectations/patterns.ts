import { z } from 'zod'
import { join, type Sql, sql } from '../../../base/sql/index.ts'
import { backtrackingPattern, backtracks, checkPattern } from '../backtracking-pattern.ts'
import { type Column, defineExpectation, type MapCheck } from '../expectation.ts'
import { columnName, mostly } from '../kwargs.ts'
import { postgresPattern } from '../postgres-pattern.ts'
import { re2Pattern } from '../python-pattern.ts'
import { checkValues } from '../row-check.ts'

const one = z.strictObject({ column: columnName, mostly, regex: z.string() })
/** The character that takes their meaning from the wildcards after it. */
const sign = z
  .string()
  .refine((text) => [...text].length === 1, { error: 'must be one character' })
  .optional()
const like = z.strictObject({ column: columnName, mostly, like_pattern: z.string(), escape: sign })
const likes = z.array(z.string()).min(1)

const matches = defineExpectation({
  type: 'expect_column_values_to_match_regex',
  summary: "Each value matches a regular expression of Python's somewhere.",
  kwargs: one.extend({ regex: z.string().default('(?s).*') }),
  check: ({ column, mostly, regex }, on) => matching(on.column(column), mostly, [regex], 'any', true),
})

const matchesNot = defineExpectation({
  type: 'expect_column_values_to_not_match_regex',
  summary: 'No value matches a regular expression anywhere.',
  kwargs: one,
  check: ({ column, mostly, regex }, on) => matching(on.column(column), mostly, [regex], 'any', false),
})

const matchesList = defineExpectation({
  type: 'expect_column_values_to_match_regex_list',
  summary: 'Each value matches any (or all) of several regular expressions.',
  kwargs: z.strictObject({
    column: columnName,
    mostly,
    regex_list: z.array(z.string()).min(1),
    match_on: z.enum(['any', 'all']).default('any'),
  }),
  check: ({ column, mostly, regex_list, match_on }, on) =>
    matching(on.column(column), mostly, regex_list, match_on, true),
})

const matchesNotList = defineExpectation({
  type: 'expect_column_values_to_not_match_regex_list',
  summary: 'No value matches any of several regular expressions.',
  kwargs: z.strictObject({ column: columnName, mostly, regex_list: z.array(z.string()).min(1) }),
  check: ({ column, mostly, regex_list }, on) => matching(on.column(column), mostly, regex_list, 'any', false),
})

const isLike = defineExpectation({
  type: 'expect_column_values_to_match_like_pattern',
  summary: 'Each value matches a LIKE pattern, with regard to case.',
  kwargs: like,
  check: ({ column, mostly, like_pattern, escape: sign }, on) =>
    checkValues(on.column(column), mostly, sql`not ${liking(on.column(column), like_pattern, sign)}`),
})

const isNotLike = defineExpectation({
  type: 'expect_column_values_to_not_match_like_pattern',
  summary: 'No value matches a LIKE pattern.',
  kwargs: like,
  check: ({ column, mostly, like_pattern, escape: sign }, on) =>
    checkValues(on.column(column), mostly, liking(on.column(column), like_pattern, sign)),
})

const isLikeList = defineExpectation({
  type: 'expect_column_values_to_match_like_pattern_list',
  summary: 'Each value matches any (or all) of several LIKE patterns.',
  kwargs: z.strictObject({
    column: columnName,
    mostly,
    like_pattern_list: likes,
    match_on: z.enum(['any', 'all']).default('any'),
    escape: sign,
  }),
  check: ({ column: name, mostly, like_pattern_list, match_on, escape: sign }, on) => {
    const tests = like_pattern_list.map((pattern) => liking(on.column(name), pattern, sign))
    return checkValues(on.column(name), mostly, sql`not (${join(tests, match_on === 'any' ? ' or ' : ' and ')})`)
  },
})

const isNotLikeList = defineExpectation({
  type: 'expect_column_values_to_not_match_like_pattern_list',
  summary: 'No value matches any of several LIKE patterns.',
  kwargs: z.strictObject({ column: columnName, mostly, like_pattern_list: likes, escape: sign }),
  check: ({ column: name, mostly, like_pattern_list, escape: sign }, on) => {
    const tests = like_pattern_list.map((pattern) => liking(on.column(name), pattern, sign))
    return checkValues(on.column(name), mostly, sql`(${join(tests, ' or ')})`)
  },
})

/** By the engine where it can; patterns that look around or back are tried on each distinct text, for a limited time. */
function matching(
  column: Column,
  mostly: number,
  patterns: readonly string[],
  on: 'any' | 'all',
  wanted: boolean,
): MapCheck {
  if (patterns.some(backtracks)) {
    const expressions = patterns.map(backtrackingPattern)
    const found = (text: string) =>
      on === 'any' ? expressions.some((one) => one.test(text)) : expressions.every((one) => one.test(text))
    const decide = { expected: (text: string) => found(text) === wanted, text: textOf(column) }
    return checkValues(column, mostly, sql`true`, { decide })
  }
  const tests = patterns.map((pattern) => engineMatch(column, pattern))
  const found = sql`(${join(tests, on === 'any' ? ' or ' : ' and ')})`
  return checkValues(column, mostly, wanted ? sql`not ${found}` : found)
}

function engineMatch(column: Column, pattern: string): Sql {
  checkPattern(pattern)
  if (column.dialect !== 'postgres') return sql`regexp_matches(${textOf(column)}, ${re2Pattern(pattern)})`
  // What a letter is, the database's own locale knows; the "C" of comparisons knows only ASCII.
  return sql`((${textOf(column)} collate "default") ~ ${postgresPattern(pattern)})`
}

/** Nothing escapes unless it is told; in PostgreSQL a backslash would. */
function liking(column: Column, pattern: string, sign: string | undefined): Sql {
  if (sign === undefined && column.dialect !== 'postgres') return sql`(${textOf(column)} like ${pattern})`
  return sql`(${textOf(column)} like ${pattern} escape ${sign ?? ''})`
}

function textOf(column: Column): Sql {
  return column.type.kind === 'string' ? column.sql : sql`cast(${column.sql} as varchar)`
}

export default [matches, matchesNot, matchesList, matchesNotList, isLike, isNotLike, isLikeList, isNotLikeList]
