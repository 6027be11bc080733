import { expect, test } from 'vitest'
import {
  col,
  createDataFrame,
  dateFormat,
  lit,
  toDate,
  toTimestamp,
  toUtcTimestamp,
  tryToTimestamp,
} from '../../../src/data/frame/index.ts'

// What is expected is what PySpark 4.2 answers.
const one = createDataFrame([['2024-02-29T15:01:02.123456Z']], 'at timestamp')

async function read(text: string, pattern?: string): Promise<unknown> {
  const [row] = await one.select(tryToTimestamp(lit(text), pattern).as('v')).collect()
  return row?.v
}

test.each([
  ["yyyy-MM-dd'T'HH:mm:ss.SSSXXX", '2024-02-29T15:01:02.123Z'],
  ['y yy yyy yyyyy M MM MMM MMMM', '2024 24 2024 02024 2 02 Feb February'],
  ['d dd D DD DDD E EEEE', '29 29 60 60 060 Thu Thursday'],
  ['H HH h hh k K a S SSSS SSSSSSSSS', '15 15 3 03 15 3 PM 1 1234 123456000'],
  ['G GGGG Q QQQ QQQQ F', 'AD Anno Domini 1 Q1 1st quarter 1'],
  ["x xxx Z ZZZZ z VV O 'o''clock' 100%", "+00 +00:00 +0000 GMT UTC UTC GMT o'clock 100%"],
])('%s writes %s', async (pattern, expected) => {
  const [row] = await one.select(dateFormat('at', pattern).as('v')).collect()
  expect(row?.v).toBe(expected)
})

test.each([
  ['2024-02-29', 'yyyy-MM-dd', '2024-02-29T00:00:00.000000Z'],
  ['2024-2-9', 'yyyy-MM-dd', null],
  ['2024-2-9', 'y-M-d', '2024-02-09T00:00:00.000000Z'],
  ['2023-02-29', 'yyyy-MM-dd', null],
  ['2024-02-29 ', 'yyyy-MM-dd', null],
  ['99-02-09', 'yy-MM-dd', '2099-02-09T00:00:00.000000Z'],
  ['10:11', 'HH:mm', '1970-01-01T10:11:00.000000Z'],
  ['12:30', 'hh:mm', '1970-01-01T00:30:00.000000Z'],
  ['12:30 PM', 'hh:mm a', '1970-01-01T12:30:00.000000Z'],
  ['FEB 9 2024', 'MMM d yyyy', '2024-02-09T00:00:00.000000Z'],
  ['2024-02-29 10:11', 'yyyy-MM-dd[ HH:mm]', '2024-02-29T10:11:00.000000Z'],
  ['2024-02-29', 'yyyy-MM-dd[ HH:mm]', '2024-02-29T00:00:00.000000Z'],
  ['2024-02-29T10:00:00+05:30', "yyyy-MM-dd'T'HH:mm:ssXXX", '2024-02-29T04:30:00.000000Z'],
  ['2024-02-29T10:00:00Z', "yyyy-MM-dd'T'HH:mm:ssXXX", '2024-02-29T10:00:00.000000Z'],
  ['2024-02-29 10:00:00.5', 'yyyy-MM-dd HH:mm:ss.SSS', '2024-02-29T10:00:00.500000Z'],
  ['20240229101112', 'yyyyMMddHHmmss', '2024-02-29T10:11:12.000000Z'],
])('%s by %s is %s', async (text, pattern, expected) => {
  expect(await read(text, pattern)).toBe(expected)
})

test('text without a pattern is read as Spark casts it, whatever rows come before', async () => {
  const texts = [
    ['2024-02-09 10:00:00 America/New_York', '2024-02-09T15:00:00.000000Z'],
    ['2024-02-09 1:2:3', '2024-02-09T01:02:03.000000Z'],
    [' 2024-2-9 ', '2024-02-09T00:00:00.000000Z'],
    ['2024', '2024-01-01T00:00:00.000000Z'],
    ['2024-02-09 10:00:00.1234567+02', '2024-02-09T08:00:00.123456Z'],
    ['2024/02/09', null],
    ['2024-02-30', null],
  ] as const
  const rows = await createDataFrame(
    texts.map(([text]) => [text]),
    's string',
  )
    .select(tryToTimestamp('s').as('v'))
    .collect()
  expect(rows.map((row) => row.v)).toEqual(texts.map(([, expected]) => expected))
})

test('text that is no date fails, and says how to get null', async () => {
  const texts = createDataFrame([['x']], 's string')
  await expect(texts.select(toDate('s', 'yyyy')).collect()).rejects.toThrow('[CANNOT_PARSE_TIMESTAMP]')
  await expect(texts.select(toTimestamp('s')).collect()).rejects.toThrow('[CAST_INVALID_INPUT]')
})

test.each(['w', 'MMMMM', 'n', '{', "'open", 'yyyy]'])('the pattern %s is refused', async (pattern) => {
  const refused = expect.objectContaining({ code: 'OPTION_INVALID' })
  await expect(async () => one.select(dateFormat('at', pattern)).collect()).rejects.toEqual(refused)
})

test('a time that a clock shows twice is the first, and one that it skips as far behind the gap', async () => {
  const walls = ['2024-11-03T01:30:00Z', '2024-03-10T02:30:00Z', '1883-11-18T12:00:00Z']
  const rows = await createDataFrame(
    walls.map((at) => [at]),
    'at timestamp',
  )
    .select(toUtcTimestamp(col('at'), 'America/New_York').as('v'))
    .collect()
  expect(rows.map((row) => row.v)).toEqual([
    '2024-11-03T05:30:00.000000Z',
    '2024-03-10T07:30:00.000000Z',
    '1883-11-18T16:56:02.000000Z',
  ])
})
