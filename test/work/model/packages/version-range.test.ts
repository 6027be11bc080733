import { expect, test } from 'vitest'
import { newestOf } from '../../../../src/work/model/packages/version-range.ts'

const VERSIONS = ['0.9.0', '1.0.0', '1.2.0', '1.10.0', '2.0.0-rc.1', '2.0.0-rc.10', '2.0.0', '2.1.0-b1']

test.each([
  [['1.0.0'], '1.0.0'],
  [['=1.2.0'], '1.2.0'],
  [['>=1.0.0', '<2.0.0'], '1.10.0'],
  [['>1.10.0'], '2.0.0'],
  [['<=1.2.0'], '1.2.0'],
  [['<1.0.0'], '0.9.0'],
  [['>=2.0.0-rc.1', '<2.0.0'], '2.0.0-rc.10'],
  [['>3.0.0'], undefined],
  [['>=1.0.0', '<1.0.0'], undefined],
])('of all versions %j means %s', (ranges, expected) => {
  expect(newestOf(VERSIONS, ranges)).toBe(expected)
})

test('pre-releases are taken only when they are asked for', () => {
  expect(newestOf(VERSIONS, ['>=1.0.0'])).toBe('2.0.0')
  expect(newestOf(VERSIONS, ['>=1.0.0'], true)).toBe('2.1.0-b1')
})

test('what is no version is refused', () => {
  expect(() => newestOf(VERSIONS, ['latest'])).toThrow(expect.objectContaining({ code: 'PACKAGE_INVALID' }))
})
