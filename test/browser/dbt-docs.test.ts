import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { serveDbtDocs } from '../../src/doors/app/dbt/serve-docs.ts'
import { BROWSER_HINT, hasBrowser, openPage, tooWide } from '../services/browser.ts'
import { dbtFolder } from '../work/model/dbt-folder.ts'

const HOSTILE = '<img src=x onerror="document.title=1"> [click](javascript:document.title=2) </script><b>no</b>'

/** A small project that has been built and documented; answers its folder. */
async function documented(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await dbtFolder({
    'seeds/codes.csv': 'id,v\n1,2\n',
    'models/first.sql': "select id, v from {{ ref('codes') }}",
    'models/second.sql': "{{ config(materialized='table') }} select id as code, v + 1 as more from {{ ref('first') }}",
    'models/all.yml': `models:
  - name: first
    description: "Codes with **their** values. {{ doc('hostile') }}"
    columns:
      - { name: id, description: "The \`code\`", data_tests: [unique, not_null] }
  - name: second
    config: { tags: [daily], meta: { owner: ann } }
exposures:
  - { name: board, type: dashboard, owner: { name: bob, email: b@example.org }, depends_on: [ref('second')], url: https://example.org/board }
`,
    'models/docs.md': `{% docs hostile %}${HOSTILE}{% enddocs %}\n{% docs __overview__ %}# The shop\n\nIts *numbers*.{% enddocs %}`,
    'macros/twice.sql': '{% macro twice(x) %}{{ x }} * 2{% endmacro %}',
    ...files,
  })
  await folder.dbt('build', {}, { artifacts: true })
  await folder.dbt('docs generate', { static: true }, { artifacts: true })
  return folder.dir
}

const address = (dir: string) => pathToFileURL(join(dir, 'target/static_index.html')).href

describe.skipIf(!hasBrowser)(`the documentation of a dbt project in a browser (${BROWSER_HINT})`, () => {
  test('starts with the overview, the kinds and the whole lineage', async () => {
    const { page, complaints } = await openPage(address(await documented()))
    expect(await page.title()).toBe('shop')
    expect(await page.locator('#detail h1').innerText()).toBe('The shop')
    expect(await page.locator('#detail tbody tr').allInnerTexts()).toEqual([
      'exposure\t\t1',
      'macro\t\t1',
      'model\ttable\t1',
      'model\tview\t1',
      'seed\t\t1',
    ])
    const boxes = await page
      .locator('svg a')
      .evaluateAll((all) =>
        all.map((box) => [
          box.querySelector('text')?.textContent,
          Number(box.querySelector('rect')?.getAttribute('x')),
        ]),
      )
    const places = Object.fromEntries(boxes) as Record<string, number>
    expect(Object.keys(places).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0))).toEqual([
      'codes',
      'first',
      'second',
      'board',
    ])
    expect(complaints).toEqual([])
  })

  test('a node shows its columns with tests and where they come from; links lead to the next', async () => {
    const { page, complaints } = await openPage(address(await documented()))
    await page.locator('nav a', { hasText: 'first' }).click()
    expect(await page.locator('h2').innerText()).toBe('first')
    expect(await page.locator('nav a[aria-current]').innerText()).toBe('first')
    expect(await page.locator('#detail tbody tr').first().innerText()).toBe(
      'id\tINTEGER\tThe code\tunique, not_null\tcodes.id',
    )
    await page.locator('dd a', { hasText: 'second' }).click()
    expect(await page.locator('h2').innerText()).toBe('second')
    expect(await page.locator('dl').innerText()).toContain('ann')
    await page.locator('summary', { hasText: 'Compiled' }).click()
    expect(await page.locator('pre:visible').innerText()).toContain('select id as code')
    await page.locator('svg a', { hasText: 'board' }).click()
    expect(await page.locator('dd a[href="https://example.org/board"]').count()).toBe(1)
    await page.goBack()
    expect(await page.locator('h2').innerText()).toBe('second')
    expect(complaints).toEqual([])
  })

  test('descriptions are Markdown, whose HTML stays text and whose links run nothing', async () => {
    const { page, complaints } = await openPage(`${address(await documented())}#model.shop.first`)
    const described = page.locator('#detail > .markdown').first()
    expect(await described.locator('strong').innerText()).toBe('their')
    expect(await described.innerText()).toContain('<img src=x onerror=')
    expect(await described.locator('img, b').count()).toBe(0)
    await described.locator('a').click()
    expect(await page.title()).toBe('shop')
    expect(complaints).toEqual([])
  })

  test('a search keeps what has the word in names, columns, descriptions or tags; Enter opens the first', async () => {
    const { page } = await openPage(address(await documented()))
    await page.fill('#search', 'DAILY')
    expect(await page.locator('nav a').allInnerTexts()).toEqual(['second'])
    expect(await page.locator('svg a').count()).toBe(1)
    await page.press('#search', 'Enter')
    expect(await page.locator('h2').innerText()).toBe('second')
    await page.fill('#search', 'no such thing')
    expect(await page.locator('nav a').count()).toBe(0)
    await page.locator('#title').click()
    expect(await page.locator('#detail').innerText()).toBe('Nothing is found.')
  })

  test('served, it loads the artifacts from beside it; on a narrow screen nothing must be scrolled sideways', async () => {
    const dir = await documented({ 'profiles.yml': 'shop: { target: dev, outputs: { dev: { type: duckdb } } }' })
    await using server = await serveDbtDocs({ projectDir: dir, profilesDir: dir }, { host: '127.0.0.1', port: 0 })
    const { page, complaints } = await openPage(server.url, 390)
    await page.locator('nav a', { hasText: 'second' }).click()
    expect(await page.locator('h2').innerText()).toBe('second')
    expect(await tooWide(page)).toBe(0)
    expect(complaints).toEqual([])
  })

  test('many nodes are counted, and drawn when the search leaves few', async () => {
    const models = Array.from({ length: 700 }, (_, i) => [
      `models/many/m${i}.sql`,
      i === 0 ? 'select 1 as x' : `select x from {{ ref('m${Math.floor(i / 2)}') }}`,
    ])
    const folder = await dbtFolder(Object.fromEntries(models))
    await folder.dbt('docs generate', { static: true, emptyCatalog: true }, { artifacts: true })
    const { page, complaints } = await openPage(address(folder.dir))
    expect(await page.locator('#detail').innerText()).toContain('700 nodes are too many to draw')
    await page.fill('#search', 'm69')
    expect(await page.locator('svg a').count()).toBe(11)
    expect(complaints).toEqual([])
  })
})
