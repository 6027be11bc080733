import { expect, test } from 'vitest'
import { MillraceError, textWidth } from '../../../src/base/kernel/index.ts'
import { printable } from '../../../src/doors/cli/printable.ts'
import { errorLines, formatBytes, styled, type Terminal, table, toJson } from '../../../src/doors/cli/terminal.ts'

function terminal(columns: number, style: Terminal['style'] = (_, text) => text): Terminal {
  return {
    json: false,
    live: false,
    columns,
    line: () => {},
    note: () => {},
    data: () => {},
    stream: async () => {},
    style,
  }
}

test('a table lines up wide characters and puts numbers to the right', () => {
  const text = table(
    terminal(80),
    ['name', 'rows'],
    [
      ['日本', 5],
      ['a', 12_345],
    ],
  )
  expect(text.split('\n')).toEqual(['name    rows', '日本       5', 'a     12,345'])
})

test('a table fits a narrow terminal by cutting its widest column', () => {
  const text = table(terminal(40), ['id', 'text'], [[1, 'x'.repeat(200)]])
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(40)
  expect(text).toContain('…')
})

test('a column that is to stay whole is not cut on a narrow terminal', () => {
  const text = table(terminal(30), ['id', 'text'], [['0123456789'.repeat(3), 'x'.repeat(30)]], { whole: ['id'] })
  expect(text.split('\n').at(-1)).toBe(`${'0123456789'.repeat(3)}  xxxxx…`)
})

test('control characters, marks of direction and halves of characters are shown as escapes; emoji and accents stay', () => {
  expect(table(terminal(80), ['a'], [['red\u001b[31m\nnext']])).toBe('a\nred\\x1b[31m\\nnext')
  expect(printable('\u009b31m \u202e\u2028 \ud83d \0')).toBe('\\x9b31m \\u202e\\u2028 \\ud83d \\x00')
  expect(printable('👩‍👩‍👧‍👦 e\u0301 日本')).toBe('👩‍👩‍👧‍👦 e\u0301 日本')
})

test('a cell has the style it is given, and no other', () => {
  const red = terminal(80, (_, text) => `\u001b[31m${text}\u001b[39m`)
  const [, first, second] = table(red, [''], [[styled('red', 'NOT met')], ['\u001b[31mfake\u001b[39m']]).split('\n')
  expect(first).toContain('\u001b[31mNOT met\u001b[39m')
  expect(second).not.toContain('\u001b')
})

test('where columns could not be read any more, each row is some lines in which nothing is missing', () => {
  const rows = [['met', 'raw.orders', 'values to be in a set of many words', '日本'.repeat(30), 1234]]
  const head = ['', 'Dataset', 'Check', 'Seen', 'Rows']
  const text = table(terminal(40), head, rows, { readable: 14 })
  for (const line of text.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(40)
  expect(text).not.toContain('…')
  expect(text.replaceAll(/\s+/g, ' ')).toContain('dataset: raw.orders check: values to be in a set of many words')
  expect(text.replaceAll(/\s/g, '')).toContain(`seen:${'日本'.repeat(30)}rows:1,234`)
})

test('an error of several lines, with control characters, is told in lines of text', () => {
  const error = new MillraceError('ENGINE_SQL', 'one\ntwo\u001b[2J', { hint: 'do\u001b[0m', at: { file: 'a\u001bb' } })
  expect(errorLines(terminal(80), error)).toEqual([
    'error ENGINE_SQL: one',
    '  two\\x1b[2J',
    '  at   a\\x1bb',
    '  hint do\\x1b[0m',
  ])
})

test('JSON has no control character as such, also of those that JSON itself leaves', () => {
  const text = toJson({ a: '\u001b[31m \u009b31m \u007f' })
  expect(text).not.toMatch(/\p{Cc}/u)
  expect(JSON.parse(text)).toEqual({ a: '\u001b[31m \u009b31m \u007f' })
})

test('JSON keeps integers beyond 2^53 exact', () => {
  expect(toJson({ big: 9_007_199_254_740_993n, small: 7n })).toBe('{"big":"9007199254740993","small":7}')
})

test('bytes are written in units of a thousand', () => {
  expect([formatBytes(999), formatBytes(1500), formatBytes(2_500_000)]).toEqual(['999 B', '1.5 kB', '2.5 MB'])
})
