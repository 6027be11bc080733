import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
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

const rowsOf = (page: Page) => page.locator('tbody tr:not(.group)')

describe.skipIf(!hasBrowser)(`data docs in a browser (${BROWSER_HINT})`, () => {
  test('datasets are listed with what became of the latest validation, found by a column, chosen by status', async () => {
    const address = pageOf([validation(0, 'raw.orders', 0), validation(1, 'raw.orders', 7), validation(0, HOSTILE, 0)])
    const { page, complaints } = await openPage(address)
    expect(await rowsOf(page).allInnerTexts()).toEqual([
      'raw.orders\tusual\t✗ 3 not met\t0\t\t2\t2024-01-01 01:00',
      `${HOSTILE}\tusual\t✓ met\t99\t\t1\t2024-01-01 00:00`,
    ])
    expect(await page.locator('.facts').innerText()).toMatch(
      /2\s+datasets\s+1 of 2\s+meet their suite\s+3\s+expectations not met/,
    )
    await page.locator('button', { hasText: 'Not met 1' }).click()
    expect(await rowsOf(page).count()).toBe(1)
    expect(await page.locator(':focus').innerText()).toBe('Not met 1')
    await page.locator('button', { hasText: 'All 2' }).click()
    await page.fill('#find', 'RAW.')
    expect(await rowsOf(page).count()).toBe(1)
    await page.fill('#find', 'AMOUNT')
    expect(await rowsOf(page).count()).toBe(2)
    await page.fill('#find', 'nowhere')
    expect(await page.locator('main').innerText()).toContain('Nothing is found.')
    expect(complaints).toEqual([])
  })

  test('dataset, suite and validation have addresses of their own, and lead to each other', async () => {
    const { page, complaints } = await openPage(
      pageOf([validation(0, 'raw.orders', 0), validation(1, 'raw.orders', 7)]),
    )
    const heading = () => page.locator('h1').innerText()
    await page.locator('tbody a', { hasText: 'raw.orders' }).click()
    expect(await heading()).toBe('raw.orders')
    expect(await page.locator('main').innerText()).toContain('Columns, in the latest validations')
    await page.locator('tbody a', { hasText: '2024-01-01 01:00' }).first().click()
    expect(await heading()).toBe('raw.orders against usual')
    const seen = () => rowsOf(page).first().innerText()
    expect(await seen()).toBe('✗ critical\tcolumn values to be between min_value: 0\t7 of 100 unexpected (7 %)\t')
    expect(await page.locator('tbody').innerText()).toContain(HOSTILE)
    const failing = page.url()
    await page.locator('a', { hasText: '← 2024-01-01 00:00' }).click()
    expect(await seen()).toContain('✓ met')
    await page.locator('nav a', { hasText: 'usual' }).click()
    expect(await heading()).toBe('Suite usual')
    expect(await rowsOf(page).count()).toBe(4)
    await page.goBack()
    expect(await seen()).toContain('✓ met')
    const reopened = await openPage(failing)
    expect(await reopened.page.locator('h1').innerText()).toBe('raw.orders against usual')
    expect(await reopened.page.title()).toBe('raw.orders against usual · shop: data docs')
    await reopened.page.goto(`${failing.split('#')[0]}#dataset=gone&suite=%E0%A4%A`)
    expect(await reopened.page.locator('main').innerText()).toContain('No validation of this dataset is here.')
    expect([...complaints, ...reopened.complaints]).toEqual([])
  })

  test('values that are not as expected are shown as text where they are there, and errors say why', async () => {
    const one = validation(0, 'raw.orders', 2)
    const [first, second, third] = one.results
    const results = [
      { ...first, examples: [HOSTILE, '</script>', '\u001b[31m'] },
      { ...second, success: false, error: `column "${HOSTILE}" does not exist` },
      { ...third, success: true, unexpected: 0 },
    ] as KeptValidation['results']
    const { page, complaints } = await openPage(pageOf([{ ...one, results, milliseconds: 1234 }]))
    await page.locator('tbody a', { hasText: '2024-01-01 00:00' }).click()
    expect(await page.locator('details code').allInnerTexts()).toEqual([HOSTILE, '</script>', '\u001b[31m'])
    expect(await page.locator('main').innerText()).toContain(`column "${HOSTILE}" does not exist`)
    expect(await page.locator('.facts').innerText()).toContain('1.2 s')
    for (const [choice, rows] of [
      ['Errors 1', 1],
      ['Not met 1', 1],
      ['Met 1', 1],
      ['All 3', 3],
    ] as const) {
      await page.getByRole('button', { name: choice, exact: true }).click()
      expect(await rowsOf(page).count()).toBe(rows)
    }
    await page.fill('#find', 'amount')
    expect(await rowsOf(page).count()).toBe(1)
    expect(await page.evaluate('document.querySelectorAll("img").length')).toBe(0)
    expect(complaints).toEqual([])
  })

  test('a validation of a day that is not that of its run bears the name of the day', async () => {
    const backfilled = [0, 1].map((hour) => ({ ...validation(hour, 'raw.orders', hour), day: `2023-05-0${hour + 1}` }))
    const { page, complaints } = await openPage(pageOf(backfilled))
    await page.locator('tbody a', { hasText: 'raw.orders' }).click()
    await page.fill('#find', '2023-05-01')
    const last = page.locator('tbody').last().locator('tr')
    expect(await last.allInnerTexts()).toEqual([expect.stringMatching(/^2023-05-01 run 2024-01-01 00:00\tusual/)])
    await last.locator('a').first().click()
    expect(await page.locator('.facts').innerText()).toContain('2023-05-01, run 2024-01-01 00:00 UTC')
    expect(complaints).toEqual([])
  })

  test('the keyboard reaches everything, and what was opened is said', async () => {
    const { page, complaints } = await openPage(
      pageOf([validation(0, 'raw.orders', 0), validation(1, 'raw.orders', 7)]),
    )
    const focus = () => page.locator(':focus')
    const reached: string[] = []
    for (let i = 0; i < 8; i += 1) {
      await page.keyboard.press('Tab')
      reached.push((await focus().innerText()) || ((await focus().getAttribute('aria-label')) ?? ''))
    }
    expect(reached).toEqual(['shop', 'Find a dataset, a suite or a column', 'All 1', 'Not met 1', 'Met 0', 'raw.orders', 'usual', '2024-01-01 01:00']) // biome-ignore format: one line
    await page.keyboard.press('Enter')
    expect(await focus().innerText()).toBe('raw.orders against usual')
    expect(complaints).toEqual([])
  })

  test('three thousand validations are shown by fifty; on a narrow screen nothing must be scrolled sideways', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => validation(i, `raw.t${i % 60}`, i % 5))
    const { page, complaints } = await openPage(pageOf(many), 360)
    expect(await rowsOf(page).count()).toBe(50)
    expect(await tooWide(page)).toBe(0)
    await page.locator('button', { hasText: 'Earlier' }).click()
    expect(await rowsOf(page).count()).toBe(10)
    await page.locator('tbody a', { hasText: 'raw.t7' }).first().click()
    expect(await rowsOf(page).count()).toBe(1 + 3 + 50)
    expect(await tooWide(page)).toBe(0)
    await page.locator('tbody a', { hasText: '2024' }).first().click()
    expect(await rowsOf(page).count()).toBe(3)
    expect(await tooWide(page)).toBe(0)
    expect(complaints).toEqual([])
  })
})
