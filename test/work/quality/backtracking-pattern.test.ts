import { expect, test } from 'vitest'
import { backtrackingPattern, backtracks, checkPattern } from '../../../src/work/quality/backtracking-pattern.ts'

test.each<[string, boolean]>([
  ['^(?!test).*$', true],
  ['(?<=a)b', true],
  ['(a)\\1', true],
  ['(?P<x>a)(?P=x)', true],
  ['[(?=]', false],
  ['\\(\\?=', false],
  ['(?:a|b)(?P<n>c)', false],
])('%s looks around or back: %s', (pattern, expected) => {
  expect(backtracks(pattern)).toBe(expected)
})

// What Python's re.search answers.
test.each<[pattern: string, matches: readonly string[], others: readonly string[]]>([
  ['^(?!test)\\w+$', ['prod', 'ünï', 'prod\n'], ['test1', 'a b']],
  ['(?i)(?=.*A)(?=.*\\d).{3,}', ['xa1', 'A٣ '], ['abc', 'a1']],
  ['(?P<c>.)(?P=c)', ['xx', 'abb'], ['ab', '']],
  ['(\\w)\\1\\Z', ['aa'], ['aa\n', 'a_']],
  ['(?<!\\d)\\d{2}(?!\\d)', ['a12b', '12'], ['123', '1']],
  ['(?=a)[^]@{]', ['a'], [']', '@']],
  ['(?=x)x{,2}@\\@\\-\\u00e9$', ['x@@-é'], ['x@@-e']],
  ['(?s)(?=a)..b', ['a\nb'], ['bxb']],
  ['(?=é)\\bé', ['é', ' é'], ['aé']],
])('%s', (pattern, matches, others) => {
  const expression = backtrackingPattern(pattern)
  expect(matches.filter((text) => !expression.test(text))).toEqual([])
  expect(others.filter((text) => expression.test(text))).toEqual([])
})

test.each(['(', 'a)', '[a', '*a', 'a{3,1}', '[z-a]'])('%s is no pattern', (pattern) => {
  expect(() => checkPattern(pattern)).toThrow(expect.objectContaining({ code: 'EXPECTATION_INVALID' }))
})

test.each(['\\pL', '[[:alpha:]]', '(?U)a', '\\Qa.b\\E', '(?P<n>a)'])('%s may be one for an engine', (pattern) => {
  expect(() => checkPattern(pattern)).not.toThrow()
})

test.each(['(?=a)a++', '(?x)(?=a)', '(?>a)(?=b)'])('%s has no form here and is refused', (pattern) => {
  expect(() => backtrackingPattern(pattern)).toThrow(expect.objectContaining({ code: 'EXPECTATION_INVALID' }))
})
