import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { isDateutilMoment } from '../../../src/work/quality/dateutil.ts'

test('a thousand random texts are moments for us where they are for dateutil', async () => {
  const recorded = JSON.parse(await readFile(new URL('gx/dateutil.json', import.meta.url), 'utf8'))
  // The day of the recording: what lacks a month or year is judged within the present one.
  const now = new Date(2026, 10, 24)
  const judged = (texts: readonly string[], wanted: boolean) =>
    texts.filter((text) => isDateutilMoment(text, now) !== wanted)
  expect(recorded.moments.length + recorded.others.length).toBe(1000)
  expect(judged(recorded.moments, true)).toEqual([])
  expect(judged(recorded.others, false)).toEqual([])
})
