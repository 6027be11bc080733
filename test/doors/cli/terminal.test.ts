import { expect, test } from 'vitest'
import { formatBytes, type Terminal, table, toJson } from '../../../src/doors/cli/terminal.ts'

function terminal(columns: number): Terminal {
  return {
    json: false,
    live: false,
    columns,
    line: () => {},
    note: () => {},
    data: () => {},
    stream: async () => {},
    style: (_, text) => text,
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

test('control characters of data do not reach the terminal', () => {
  expect(table(terminal(80), ['a'], [['red\u001b[31m\nnext']])).not.toSatisfy(
    (text: string) => text.includes('\u001b') || text.includes('red\n'),
  )
})

test('JSON keeps integers beyond 2^53 exact', () => {
  expect(toJson({ big: 9_007_199_254_740_993n, small: 7n })).toBe('{"big":"9007199254740993","small":7}')
})

test('bytes are written in units of a thousand', () => {
  expect([formatBytes(999), formatBytes(1500), formatBytes(2_500_000)]).toEqual(['999 B', '1.5 kB', '2.5 MB'])
})
