import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import { textWidth } from '../../../src/base/kernel/index.ts'

test.each(['', 'plain', 'ünï', '日本語', '\u001b[31mred\u001b[39m', 'a\u0301', '👨‍👩‍👧', 'tab\t', '\u007f'])(
  '%j is as wide as the tables of Unicode say',
  (text) => {
    expect(textWidth(text)).toBe(stringWidth(text))
  },
)

test('wide characters take two columns', () => {
  expect(textWidth('日本')).toBe(4)
})
