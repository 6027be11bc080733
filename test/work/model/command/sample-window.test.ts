import { expect, test } from 'vitest'
import { sampleWindow } from '../../../../src/work/model/command/sample-window.ts'

const now = new Date('2024-03-31T16:06:00.000Z')

test.each([
  ['3 hours', '2024-03-31T13:06:00.000Z', '2024-03-31T16:06:00.000Z'],
  ['1 day', '2024-03-30T16:06:00.000Z', '2024-03-31T16:06:00.000Z'],
  ['1 month', '2024-02-29T16:06:00.000Z', '2024-03-31T16:06:00.000Z'],
  ['1 Years', '2023-03-31T16:06:00.000Z', '2024-03-31T16:06:00.000Z'],
  ["{'start': '2024-01-01', 'end': '2024-01-02T12:00:00'}", '2024-01-01T00:00:00.000Z', '2024-01-02T12:00:00.000Z'],
  ["{'start': '2024-01-01 06:00:00+05:00', 'end': 2024-02-01}", '2024-01-01T06:00:00.000Z', '2024-02-01T00:00:00.000Z'],
])('%s is a window of event time', (written, start, end) => {
  expect(sampleWindow(written, now)).toEqual({ start: new Date(start), end: new Date(end) })
})

test.each(['3', 'three days', '3 weeks', '3  days ago', '{start: now}'])('%s is refused', (written) => {
  expect(() => sampleWindow(written, now)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
})
