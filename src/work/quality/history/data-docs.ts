import { escapeHtml } from '../../../base/kernel/index.ts'
import type { KeptResult, KeptValidation } from './history.ts'

/** What a page is made of. */
export interface DataDocsOptions {
  readonly title: string
  readonly madeAt: Date
}

/**
 * Validations as one HTML file that needs nothing beside it. Expectations that come again are written once, so that
 * thousands of results stay a few hundred kilobytes; the page draws what is looked at.
 */
export function dataDocs(validations: readonly KeptValidation[], { title, madeAt }: DataDocsOptions): string {
  const data = embedded(compact(validations))
  return [
    '<!doctype html>',
    '<html lang="en">',
    `<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">`,
    `<link rel="icon" href="data:,"><title>${escapeHtml(title)}: data docs</title>`,
    `<style>${STYLE}</style>`,
    `<header><h1>${escapeHtml(title)}</h1><p>Data docs, ${escapeHtml(madeAt.toISOString().slice(0, 16).replace('T', ' '))} UTC</p>`,
    '<input id="find" type="search" placeholder="Find a dataset, a suite or a column" aria-label="Find"></header>',
    '<main id="main"></main>',
    `<script type="application/json" id="data">${data}</script>`,
    `<script>${SCRIPT}</script>`,
    '</html>',
    '',
  ].join('\n')
}

/** Validations with texts and expectations by their place in lists. */
interface Compact {
  readonly texts: readonly string[]
  /** Type, arguments as JSON, severity, columns. */
  readonly expectations: readonly (readonly [string, string, string])[]
  /** Dataset, suite, time, score, and of each result: expectation, met, elements, unexpected, observed or error. */
  readonly runs: readonly (readonly [number, number, string, number, readonly (readonly unknown[])[]])[]
}

function compact(validations: readonly KeptValidation[]): Compact {
  const texts = new Places<string>()
  const expectations = new Places<readonly [string, string, string]>()
  const result = (one: KeptResult): readonly unknown[] => {
    const { batch_id: _, ...kwargs } = one.kwargs as Record<string, unknown>
    const [json, { type, severity }] = [JSON.stringify(kwargs), one]
    const place = expectations.of([type, json, severity], `${type} ${severity} ${json}`)
    return [place, one.success ? 1 : 0, one.elements ?? null, one.unexpected ?? null, one.error ?? one.observed ?? null]
  }
  const runs = validations.map(
    ({ dataset, suite, runTime, score, results }) =>
      [texts.of(dataset, dataset), texts.of(suite, suite), runTime, score, results.map(result)] as const,
  )
  return { texts: texts.all, expectations: expectations.all, runs }
}

/** Values, each once, by a key that no other one has. */
class Places<T> {
  readonly all: T[] = []
  private readonly places = new Map<string, number>()

  of(value: T, key: string): number {
    const known = this.places.get(key)
    if (known !== undefined) return known
    this.places.set(key, this.all.length)
    return this.all.push(value) - 1
  }
}

/** JSON that no HTML parser takes for markup. */
function embedded(data: unknown): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --ok: #2a7d46; --bad: #c0392b; --warn: #b7791f; }
@media (prefers-color-scheme: dark) { :root { --ok: #5dbb7b; --bad: #ef6f61; --warn: #e0b04c; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 70rem; padding: 1rem; }
header p { margin: 0; opacity: .7 } h1 { margin: 0; font-size: 1.5rem }
input { font: inherit; margin: 1rem 0; padding: .4rem .6rem; width: min(30rem, 100%); box-sizing: border-box }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums } .wide { overflow-x: auto }
button { font: inherit; background: none; border: 0; color: inherit; text-decoration: underline; cursor: pointer; padding: 0; text-align: left }
.ok { color: var(--ok) } .bad { color: var(--bad) } .warn { color: var(--warn) } code { font-size: .9em; overflow-wrap: anywhere }
svg { vertical-align: middle }`

// The page's own script: no library. Everything that comes from data is put in as text.
const SCRIPT = `
const { texts, expectations, runs } = JSON.parse(document.getElementById('data').textContent)
const main = document.getElementById('main'), find = document.getElementById('find')
const el = (name, props, ...inside) => { const made = Object.assign(document.createElement(name), props); made.append(...inside); return made }
const words = (type) => type.replace(/^expect_/, '').replaceAll('_', ' ')
const when = (time) => time.slice(0, 16).replace('T', ' ')
const failed = (run) => run[4].filter((one) => !one[1]).length
const mark = (run) => failed(run) === 0 ? el('span', { className: 'ok', textContent: '✓ met' }) : el('span', { className: 'bad', textContent: '✗ ' + failed(run) + ' not met' })
const column = (kwargs) => kwargs.column ?? (kwargs.column_list ?? [kwargs.column_A, kwargs.column_B].filter(Boolean)).join(', ')
function line(of) {
  const ns = 'http://www.w3.org/2000/svg', svg = document.createElementNS(ns, 'svg'), path = document.createElementNS(ns, 'polyline')
  svg.setAttribute('width', 120); svg.setAttribute('height', 24); svg.setAttribute('role', 'img'); svg.setAttribute('aria-label', 'scores: ' + of.join(', '))
  path.setAttribute('points', of.map((score, i) => (2 + i * 116 / Math.max(1, of.length - 1)).toFixed(1) + ',' + (22 - score / 5).toFixed(1)).join(' '))
  path.setAttribute('fill', 'none'); path.setAttribute('stroke', 'currentColor'); svg.append(path); return svg
}
function table(head, rows) {
  return el('div', { className: 'wide' }, el('table', {}, el('thead', {}, el('tr', {}, ...head.map((name) => el('th', { textContent: name })))), el('tbody', {}, ...rows)))
}
const cell = (inside, number) => el('td', { className: number ? 'number' : '' }, inside)
function overview() {
  const wanted = find.value.toLowerCase(), sets = new Map()
  for (const run of runs) { const key = run[0] + ' ' + run[1]; if (!sets.has(key)) sets.set(key, []); sets.get(key).push(run) }
  const matches = ([, of]) => wanted === '' || texts[of[0][0]].toLowerCase().includes(wanted) || texts[of[0][1]].toLowerCase().includes(wanted) || of[0][4].some((one) => expectations[one[0]][1].toLowerCase().includes(wanted))
  const rows = [...sets].filter(matches).map(([, of]) => el('tr', {},
    cell(el('button', { textContent: texts[of[0][0]], onclick: () => { location.hash = encodeURIComponent(texts[of[0][0]]) } })),
    cell(texts[of[0][1]]), cell(mark(of[0])), cell(of[0][3] + '', true), cell(line(of.slice(0, 30).map((run) => run[3]).reverse())), cell(of.length + '', true), cell(when(of[0][2]))))
  main.replaceChildren(rows.length ? table(['Dataset', 'Suite', 'Latest', 'Score', 'Scores', 'Validations', 'Last'], rows) : el('p', { textContent: runs.length ? 'Nothing is found.' : 'Nothing has been validated yet.' }))
}
function dataset(name) {
  const of = runs.filter((run) => texts[run[0]] === name)
  const detail = el('section', {}), page = { from: 0 }
  const list = el('div', {})
  const draw = () => {
    const rows = of.slice(page.from, page.from + 50).map((run) => el('tr', {}, cell(el('button', { textContent: when(run[2]), onclick: () => show(run) })), cell(texts[run[1]]), cell(mark(run)), cell(run[3] + '', true)))
    const more = el('p', {}, page.from > 0 ? el('button', { textContent: 'Later', onclick: () => { page.from -= 50; draw() } }) : '', ' ', page.from + 50 < of.length ? el('button', { textContent: 'Earlier', onclick: () => { page.from += 50; draw() } }) : '')
    list.replaceChildren(table(['Validation', 'Suite', 'Result', 'Score'], rows), more)
  }
  const show = (run) => {
    const rows = run[4].map(([place, met, elements, unexpected, seen]) => {
      const [type, json, severity] = expectations[place], kwargs = JSON.parse(json), { column: a, column_A: b, column_B: c, column_list: d, ...rest } = kwargs
      const text = typeof seen === 'string' ? seen : seen !== null ? 'observed ' + seen : unexpected !== null ? unexpected + ' of ' + elements + ' unexpected' : ''
      return el('tr', {}, cell(el('span', met ? { className: 'ok', textContent: '✓' } : { className: severity === 'critical' ? 'bad' : 'warn', textContent: '✗ ' + severity })), cell(column(kwargs) || ''), cell(el('span', {}, words(type) + ' ', el('code', { textContent: Object.keys(rest).length ? JSON.stringify(rest) : '' }))), cell(text))
    })
    detail.replaceChildren(el('h3', { textContent: when(run[2]) + ' against ' + texts[run[1]] }), table(['', 'Column', 'Expectation', 'Seen'], rows))
  }
  draw(); if (of[0]) show(of[0])
  main.replaceChildren(el('p', {}, el('button', { textContent: '← all datasets', onclick: () => { location.hash = '' } })), el('h2', { textContent: name }), detail, el('h3', { textContent: 'Validations' }), list)
}
function route() { const name = decodeURIComponent(location.hash.slice(1)); name ? dataset(name) : overview() }
addEventListener('hashchange', route); find.addEventListener('input', () => { location.hash = ''; overview() }); route()`
