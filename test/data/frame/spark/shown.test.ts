import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { schemaText, showText } from '../../../../src/data/frame/index.ts'
import { shownCases } from './shown-cases.ts'

const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'golden/shown.json'), 'utf8')) as Record<
  string,
  string
>

test('every text is recorded, and nothing else', () => {
  expect(Object.keys(golden).toSorted()).toEqual(shownCases.map(({ name }) => name).toSorted())
})

test.each(shownCases)('prints what PySpark prints: $name', async (given) => {
  const { plan } = given.frame
  if ('tree' in given) {
    expect(await schemaText(plan, given.tree ?? undefined)).toBe(golden[given.name])
    return
  }
  const [rows, truncate, vertical] = given.show
  expect(await showText(plan, rows, { truncate, vertical })).toBe(golden[given.name])
})
