import { describe, expect, test } from 'vitest'
import type { Json } from '../../../src/base/kernel/index.ts'
import { evaluated, NoValue } from '../../../src/work/quality/parameter-expression.ts'

const PARAMETERS = { rows: 10, day: '2024-03-01', share: '0.5', when: '2024-03-01 10:30:00', word: 'paid' }
const NOW = new Date(2024, 2, 1, 12, 30, 15, 250)
const value = (text: string) => evaluated(text, PARAMETERS, NOW)

// What great_expectations.core.suite_parameters.parse_suite_parameter of 1.24 answers, but for the moment of now().
describe('parameters that are expressions have the value that Great Expectations gives them', () => {
  test.each<[string, Json]>([
    ['rows * 2 + 1', 21],
    ['rows - 2 - 3', 5],
    ['2^3^2', 512],
    ['-rows / 4', -2.5],
    ['(rows + 2) * -3', -36],
    ['round(2.5)', 2],
    ['round(3.14159, 2)', 3.14],
    ['trunc(rows / 3)', 3],
    ['abs(-3) + sgn(-5)', 2],
    ['cos(0) + 0 * PI', 1],
    ['rows * share', 5],
    ['1e2 + .5', 100.5],
    ['now()', '2024-03-01T12:30:15.250000'],
    ['now() - timedelta(weeks=1, hours=2)', '2024-02-23T10:30:15.250000'],
    ['datetime(2003, 1, 31, hour)', 'refused'],
    ['datetime(2003, 1, 31) + timedelta(1)', '2003-02-01T00:00:00'],
    ['datetime(year=2003, month=2, day=3)', '2003-02-03T00:00:00'],
    ['day + timedelta(days=1, microseconds=1)', '2024-03-02T00:00:00.000001'],
    ['when - 2 * timedelta(minutes=15)', '2024-03-01T10:00:00'],
    ['(datetime(2024, 3, 2) - day) / timedelta(hours=1)', 24],
  ])('%s is %j', (text, expected) => {
    if (expected === 'refused') expect(() => value(text)).toThrow(NoValue)
    else expect(value(text)).toEqual(expected)
  })

  test.each([
    'rows +',
    'rows rows',
    'nowhere + 1',
    'eval(1)',
    'rows / 0',
    'word + 1',
    'now() + now()',
    'timedelta(days=1)',
    'timedelta(fortnights=1)',
    'datetime(2023, 2, 29)',
    '1; drop table orders',
    '__proto__ + 1',
  ])('%s has no value', (text) => {
    expect(() => value(text)).toThrow(NoValue)
  })
})
