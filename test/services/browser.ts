import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, onTestFinished } from 'vitest'

/** The browser of scripts/services/install-chromium.sh, or the one that MILLRACE_TEST_CHROMIUM names. */
const executablePath = process.env.MILLRACE_TEST_CHROMIUM ?? '/usr/bin/chromium'

export const hasBrowser = process.env.MILLRACE_TEST_CHROMIUM !== undefined || existsSync(executablePath)

/** Belongs into the name of such tests, so that a skipped one says how it is enabled. */
export const BROWSER_HINT = 'enable: scripts/services/install-chromium.sh'

/** It speaks to nobody but the pages it is given, and root may start it. */
const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

let browser: Browser | undefined
afterAll(() => browser?.close())

/** A page that was loaded, and what went wrong on it: errors of scripts, and whatever the console was told. */
export interface OpenedPage {
  readonly page: Page
  readonly complaints: string[]
}

/** Opens a page in a window of `width` pixels; it is closed when the test is done. */
export async function openPage(url: string, width = 1280): Promise<OpenedPage> {
  browser ??= await chromium.launch({ executablePath, args: FLAGS })
  const page = await browser.newPage({ viewport: { width, height: 800 } })
  onTestFinished(() => page.close())
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => complaints.push(message.text()))
  await page.goto(url)
  return { page, complaints }
}

/** By how many pixels a page is wider than its window; 0 when nothing must be scrolled sideways. */
export function tooWide(page: Page): Promise<number> {
  return page.evaluate('Math.max(0, document.documentElement.scrollWidth - innerWidth)')
}
