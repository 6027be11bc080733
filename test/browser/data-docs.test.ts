import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { dataDocs, type KeptValidation } from '../../src/work/quality/index.ts'
import { BROWSER_HINT, hasBrowser, openPage, tooWide } from '../services/browser.ts'

const HOSTILE = '<img src=x onerror="document.title=1">'

function validation(hour: number, dataset: string, unexpected: number): KeptValidation {
  const results = ['id', 'amount', HOSTILE].map((column, i) => ({
    type: 'expect_column_values_to_be_between',
    kwargs: { column, min_value: i },
    severity: 'critical' as const,
    success: unexpected === 0,
    elements: 100,
    unexpected,
  }))
  const met = unexpected === 0 ? 3 : 0
  const runTime = new Date(Date.UTC(2024, 0, 1) + hour * 3_600_000).toISOString()
  return {
    id: `${dataset}-${hour}`,
    dataset,
    suite: 'usual',
    runTime,
    success: met === 3,
    evaluated: 3,
    met,
    score: met * 33,
    results,
  }
}

/** A page of these validations, the newest first; answers its address. */
function pageOf(validations: readonly KeptValidation[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-data-docs-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const newest = [...validations].sort((a, b) => (a.runTime < b.runTime ? 1 : -1))
  writeFileSync(join(folder, 'docs.html'), dataDocs(newest, { title: 'shop', madeAt: new Date(0) }))
  return pathToFileURL(join(folder, 'docs.html')).href
}

describe.skipIf(!hasBrowser)(`data docs in a browser (${BROWSER_HINT})`, () => {
  test('datasets are listed with what became of the latest validation, and found by a column', async () => {
    const address = pageOf([validation(0, 'raw.orders', 0), validation(1, 'raw.orders', 7), validation(0, HOSTILE, 0)])
    const { page, complaints } = await openPage(address)
    expect(await page.locator('tbody tr').allInnerTexts()).toEqual([
      'raw.orders\tusual\t✗ 3 not met\t0\t\t2\t2024-01-01 01:00',
      `${HOSTILE}\tusual\t✓ met\t99\t\t1\t2024-01-01 00:00`,
    ])
    await page.fill('#find', 'RAW.')
    expect(await page.locator('tbody tr').count()).toBe(1)
    await page.fill('#find', 'AMOUNT')
    expect(await page.locator('tbody tr').count()).toBe(2)
    await page.fill('#find', 'nowhere')
    expect(await page.locator('main').innerText()).toBe('Nothing is found.')
    expect(complaints).toEqual([])
  })

  test('a dataset shows what was seen of each expectation, and each of its validations', async () => {
    const { page, complaints } = await openPage(
      pageOf([validation(0, 'raw.orders', 0), validation(1, 'raw.orders', 7)]),
    )
    await page.locator('button', { hasText: 'raw.orders' }).click()
    expect(await page.locator('h2').innerText()).toBe('raw.orders')
    const seen = () => page.locator('section tbody tr').first().innerText()
    expect(await seen()).toBe('✗ critical\tid\tcolumn values to be between {"min_value":0}\t7 of 100 unexpected')
    await page.locator('button', { hasText: '2024-01-01 00:00' }).click()
    expect(await seen()).toContain('✓\tid')
    expect(await page.locator('section tbody').innerText()).toContain(HOSTILE)
    await page.goBack()
    expect(await page.locator('thead').innerText()).toContain('Dataset')
    expect(await page.title()).toBe('shop: data docs')
    expect(complaints).toEqual([])
  })

  test('three thousand validations are shown by fifty; on a narrow screen nothing must be scrolled sideways', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => validation(i, `raw.t${i % 30}`, i % 5))
    const { page, complaints } = await openPage(pageOf(many), 390)
    expect(await page.locator('tbody tr').count()).toBe(30)
    await page.locator('button', { hasText: 'raw.t7' }).click()
    expect(await page.locator('div tbody').last().locator('tr').count()).toBe(50)
    await page.locator('button', { hasText: 'Earlier' }).click()
    expect(await page.locator('button', { hasText: 'Later' }).count()).toBe(1)
    expect(await tooWide(page)).toBe(0)
    expect(complaints).toEqual([])
  })
})
