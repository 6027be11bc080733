import { describe, expect, test } from 'vitest'
import { defaultInterval, intervalOf, intervalsBetween } from '../../../src/run/pipeline/schedule/interval.ts'
import { startOfDay } from '../../../src/run/pipeline/schedule/local-time.ts'

const times = (schedule: string | null, timezone = 'UTC', rest: { startDate?: string; endDate?: string } = {}) => ({
  schedule,
  timezone,
  startDate: undefined,
  endDate: undefined,
  ...rest,
})

describe('the latest complete interval', () => {
  test('is yesterday for a daily schedule, also at the very tick', () => {
    const day = { start: '2024-03-04T00:00:00.000Z', end: '2024-03-05T00:00:00.000Z', ds: '2024-03-04' }
    expect(defaultInterval(times('@daily'), new Date('2024-03-05T00:00:00Z'))).toEqual(day)
    expect(defaultInterval(times('@daily'), new Date('2024-03-05T23:59:59.999Z'))).toEqual(day)
    expect(defaultInterval(times('@daily'), new Date('2024-03-04T23:59:59.999Z')).ds).toBe('2024-03-03')
    expect(defaultInterval(times(null), new Date('2024-03-05T12:00:00Z'))).toEqual(day)
  })

  test('never begins after the end date, and may begin on it', () => {
    const options = times('@daily', 'UTC', { endDate: '2024-02-29' })
    expect(defaultInterval(options, new Date('2026-01-01T00:00:00Z')).ds).toBe('2024-02-29')
    expect(defaultInterval({ ...options, schedule: '@weekly' }, new Date('2026-01-01T00:00:00Z')).ds).toBe('2024-02-25')
    expect(defaultInterval(times(null, 'UTC', { endDate: '2024-02-29' }), new Date('2026-01-01T00:00:00Z')).ds).toBe(
      '2024-02-29',
    )
  })

  test('is refused before the first one is over', () => {
    const options = times('@daily', 'UTC', { startDate: '2024-03-05' })
    expect(() => defaultInterval(options, new Date('2024-03-05T12:00:00Z'))).toThrow(
      expect.objectContaining({ code: 'INTERVAL_INVALID' }),
    )
    expect(defaultInterval(options, new Date('2024-03-06T00:00:00Z')).ds).toBe('2024-03-05')
  })
})

describe('intervals follow the wall clock of the time zone', () => {
  test('a day has 23 hours when the clock goes forward and 25 when it goes back', () => {
    const hours = (ds: string): number => {
      const { start, end } = intervalOf(times('@daily', 'Europe/Berlin'), ds)
      return (Date.parse(end) - Date.parse(start)) / 3_600_000
    }
    expect(hours('2024-03-30')).toBe(24)
    expect(hours('2024-03-31')).toBe(23)
    expect(hours('2024-10-27')).toBe(25)
  })

  test('ds is the local day of the start', () => {
    expect(intervalOf(times('@daily', 'Europe/Berlin'), '2024-07-01')).toEqual({
      start: '2024-06-30T22:00:00.000Z',
      end: '2024-07-01T22:00:00.000Z',
      ds: '2024-07-01',
    })
    expect(intervalOf(times('@daily', 'Pacific/Auckland'), '2024-07-01').ds).toBe('2024-07-01')
  })

  test('a tick at half past two still comes once on each day around the changes', () => {
    const ticks = (first: string, last: string) =>
      [...intervalsBetween(times('30 2 * * *', 'Europe/Berlin'), first, last)].map(({ ds }) => ds)
    expect(ticks('2024-03-30', '2024-04-01')).toEqual(['2024-03-30', '2024-03-31', '2024-04-01'])
    expect(ticks('2024-10-26', '2024-10-28')).toEqual(['2024-10-26', '2024-10-27', '2024-10-28'])
  })

  test('intervals of a time zone leave no gap and do not overlap over a year', () => {
    for (const timezone of [
      'Europe/Berlin',
      'America/New_York',
      'America/Sao_Paulo',
      'Asia/Kathmandu',
      'Pacific/Apia',
    ]) {
      const all = [...intervalsBetween(times('@daily', timezone), '2018-01-01', '2018-12-31')]
      expect(all).toHaveLength(365)
      for (const [index, { end }] of all.entries()) if (all[index + 1]) expect(all[index + 1]?.start).toBe(end)
    }
  })

  test('a day whose midnight does not exist begins right after the gap', () => {
    // São Paulo went from 00:00 to 01:00 on 2018-11-04.
    expect(startOfDay('2018-11-04', 'America/Sao_Paulo').toISOString()).toBe('2018-11-04T03:00:00.000Z')
  })
})

describe('an interval by its day', () => {
  test('for an hourly schedule a day is its first hour and an instant the hour that holds it', () => {
    expect(intervalOf(times('@hourly'), '2024-03-05').start).toBe('2024-03-05T00:00:00.000Z')
    expect(intervalOf(times('@hourly'), '2024-03-05T07:30:00Z').start).toBe('2024-03-05T07:00:00.000Z')
    expect(intervalOf(times('@hourly'), '2024-03-05T07:00:00Z').start).toBe('2024-03-05T07:00:00.000Z')
    expect(intervalOf(times('@hourly'), '2024-03-05T06:59:59.900Z').start).toBe('2024-03-05T06:00:00.000Z')
  })

  test('a day on which nothing starts is refused with the days around it', () => {
    expect(() => intervalOf(times('@weekly'), '2024-03-05')).toThrow(
      expect.objectContaining({ code: 'INTERVAL_INVALID', hint: 'Intervals start on 2024-03-03 and 2024-03-10.' }),
    )
  })

  test.each(['2024-02-30', 'yesterday', '2024-13-01', ''])('%j is no day', (ds) => {
    expect(() => intervalOf(times('@daily'), ds)).toThrow(expect.objectContaining({ code: 'INTERVAL_INVALID' }))
  })

  test('a day outside the dates of the pipeline is refused', () => {
    const options = times('@daily', 'UTC', { startDate: '2024-01-01', endDate: '2024-02-29' })
    expect(() => intervalOf(options, '2023-12-31')).toThrow(
      expect.objectContaining({ hint: 'It starts on 2024-01-01.' }),
    )
    expect(() => intervalOf(options, '2024-03-01')).toThrow(expect.objectContaining({ hint: 'It ends on 2024-02-29.' }))
    expect(intervalOf(options, '2024-02-29').ds).toBe('2024-02-29')
  })
})
