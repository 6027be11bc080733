import { escapeHtml } from '../../../base/kernel/index.ts'
import { DATA_DOCS_SCRIPT } from './data-docs-script.ts'
import { DATA_DOCS_STYLE } from './data-docs-style.ts'
import type { KeptResult, KeptValidation } from './history.ts'

/** What a page is made of. */
export interface DataDocsOptions {
  readonly title: string
  readonly madeAt: Date
}

/**
 * Validations, the latest first, as one HTML file that needs nothing beside it: an overview, a page for each dataset, each
 * suite and each validation, with addresses of their own. Expectations that come again are written once, so that
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
    `<style>${DATA_DOCS_STYLE}</style>`,
    `<header><p class="title"><a href="#">${escapeHtml(title)}</a></p><p class="made">Data docs, ${escapeHtml(madeAt.toISOString().slice(0, 16).replace('T', ' '))} UTC</p>`,
    '<input id="find" type="search"></header>',
    '<main id="main"></main>',
    `<script type="application/json" id="data">${data}</script>`,
    `<script>${DATA_DOCS_SCRIPT}</script>`,
    '</html>',
    '',
  ].join('\n')
}

/** Validations with texts and expectations by their place in lists. */
interface Compact {
  readonly texts: readonly string[]
  /** Type, arguments as JSON, severity. */
  readonly expectations: readonly (readonly [string, string, string])[]
  /** Dataset, suite, time, score, milliseconds, results, the day of the data. */
  readonly runs: readonly (readonly [
    number,
    number,
    string,
    number,
    number | null,
    readonly (readonly unknown[])[],
    string?,
  ])[]
}

function compact(validations: readonly KeptValidation[]): Compact {
  const texts = new Places<string>()
  const expectations = new Places<readonly [string, string, string]>()
  // Expectation, status (0 not met, 1 met, 2 error), elements, unexpected, what was seen, examples.
  const result = (one: KeptResult): readonly unknown[] => {
    const { batch_id: _, ...kwargs } = one.kwargs as Record<string, unknown>
    const [json, { type, severity }] = [JSON.stringify(kwargs), one]
    const place = expectations.of([type, json, severity], `${type} ${severity} ${json}`)
    const status = one.error === undefined ? (one.success ? 1 : 0) : 2
    const seen = one.error ?? observed(one) ?? null
    const all = [place, status, one.elements ?? null, one.unexpected ?? null, seen, one.examples ?? null]
    // What is not there at the end need not be written.
    return all.slice(0, all.findLastIndex((value) => value !== null) + 1)
  }
  const runs = validations.map((one) => {
    const { dataset, suite, runTime, score, milliseconds = null, results, day } = one
    const run = [texts.of(dataset, dataset), texts.of(suite, suite), runTime, score, milliseconds, results.map(result)] as const // biome-ignore format: one line
    return day === undefined ? run : ([...run, day] as const)
  })
  return { texts: texts.all, expectations: expectations.all, runs }
}

function observed({ observed, usual }: KeptResult): number | string | undefined {
  if (typeof observed !== 'number' || usual === undefined) return observed
  const [seen, as] = [observed, usual].map((value) => value.toLocaleString('en-US', { maximumFractionDigits: 6 }))
  return `${seen}; usual is ${as}`
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
