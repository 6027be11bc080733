import { z } from 'zod'
import { join, type Sql, sql } from '../../../base/sql/index.ts'
import { type Column, defineExpectation } from '../expectation.ts'
import { columnName, mostly } from '../kwargs.ts'
import { postgresPattern } from '../postgres-pattern.ts'
import { checkValues } from '../row-check.ts'

const one = z.strictObject({ column: columnName, mostly, regex: z.string() })
const like = z.strictObject({ column: columnName, mostly, like_pattern: z.string() })
const likes = z.array(z.string()).min(1)

const matches = defineExpectation({
  type: 'expect_column_values_to_match_regex',
  summary: 'Each value matches a regular expression somewhere (RE2 syntax: no look-around).',
  kwargs: one,
  check: ({ column, mostly, regex }, on) =>
    checkValues(on.column(column), mostly, sql`not ${matching(on.column(column), regex)}`),
})

const matchesNot = defineExpectation({
  type: 'expect_column_values_to_not_match_regex',
  summary: 'No value matches a regular expression anywhere.',
  kwargs: one,
  check: ({ column, mostly, regex }, on) => checkValues(on.column(column), mostly, matching(on.column(column), regex)),
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
  check: ({ column: name, mostly, regex_list, match_on }, on) => {
    const tests = regex_list.map((regex) => matching(on.column(name), regex))
    return checkValues(on.column(name), mostly, sql`not (${join(tests, match_on === 'any' ? ' or ' : ' and ')})`)
  },
})

const matchesNotList = defineExpectation({
  type: 'expect_column_values_to_not_match_regex_list',
  summary: 'No value matches any of several regular expressions.',
  kwargs: z.strictObject({ column: columnName, mostly, regex_list: z.array(z.string()).min(1) }),
  check: ({ column: name, mostly, regex_list }, on) => {
    const tests = regex_list.map((regex) => matching(on.column(name), regex))
    return checkValues(on.column(name), mostly, sql`(${join(tests, ' or ')})`)
  },
})

const isLike = defineExpectation({
  type: 'expect_column_values_to_match_like_pattern',
  summary: 'Each value matches a LIKE pattern, with regard to case.',
  kwargs: like,
  check: ({ column, mostly, like_pattern }, on) =>
    checkValues(on.column(column), mostly, sql`not ${liking(on.column(column), like_pattern)}`),
})

const isNotLike = defineExpectation({
  type: 'expect_column_values_to_not_match_like_pattern',
  summary: 'No value matches a LIKE pattern.',
  kwargs: like,
  check: ({ column, mostly, like_pattern }, on) =>
    checkValues(on.column(column), mostly, liking(on.column(column), like_pattern)),
})

const isLikeList = defineExpectation({
  type: 'expect_column_values_to_match_like_pattern_list',
  summary: 'Each value matches any (or all) of several LIKE patterns.',
  kwargs: z.strictObject({
    column: columnName,
    mostly,
    like_pattern_list: likes,
    match_on: z.enum(['any', 'all']).default('any'),
  }),
  check: ({ column: name, mostly, like_pattern_list, match_on }, on) => {
    const tests = like_pattern_list.map((pattern) => liking(on.column(name), pattern))
    return checkValues(on.column(name), mostly, sql`not (${join(tests, match_on === 'any' ? ' or ' : ' and ')})`)
  },
})

const isNotLikeList = defineExpectation({
  type: 'expect_column_values_to_not_match_like_pattern_list',
  summary: 'No value matches any of several LIKE patterns.',
  kwargs: z.strictObject({ column: columnName, mostly, like_pattern_list: likes }),
  check: ({ column: name, mostly, like_pattern_list }, on) => {
    const tests = like_pattern_list.map((pattern) => liking(on.column(name), pattern))
    return checkValues(on.column(name), mostly, sql`(${join(tests, ' or ')})`)
  },
})

function matching(column: Column, regex: string): Sql {
  return column.dialect === 'postgres'
    ? sql`(${textOf(column)} ~ ${postgresPattern(regex)})`
    : sql`regexp_matches(${textOf(column)}, ${regex})`
}

function liking(column: Column, pattern: string): Sql {
  // In PostgreSQL a backslash escapes unless it is told that nothing does.
  return column.dialect === 'postgres'
    ? sql`(${textOf(column)} like ${pattern} escape '')`
    : sql`(${textOf(column)} like ${pattern})`
}

function textOf(column: Column): Sql {
  return column.type.kind === 'string' ? column.sql : sql`cast(${column.sql} as varchar)`
}

export default [matches, matchesNot, matchesList, matchesNotList, isLike, isNotLike, isLikeList, isNotLikeList]
