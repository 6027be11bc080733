import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Environment } from '../../../src/base/jinja/index.ts'
import { MillraceError } from '../../../src/base/kernel/index.ts'
import { type RecordedOptions, recordedEnvironment } from './recorded.ts'

/** What jinja2 made of random templates; written by scripts/jinja/record-random.py. */
const [shared, ...cases] = readFileSync(new URL('./random/answers.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line)) as [Shared, ...Case[]]

interface Shared {
  readonly context: Record<string, unknown>
  readonly templates: Record<string, string>
}

type Case = readonly [template: string, options: RecordedOptions, text: string | null, exception?: string]

function environment(options: RecordedOptions): Environment {
  return recordedEnvironment({ ...options, templates: shared.templates })
}

/** The text, or null for one that is refused with a code and a place. */
async function answer(render: () => string | Promise<string>): Promise<string | null> {
  try {
    return await render()
  } catch (error) {
    if (error instanceof MillraceError && error.code.startsWith('JINJA_') && error.at?.line) return null
    throw error
  }
}

async function differences(some: readonly Case[]): Promise<unknown[]> {
  const found: unknown[] = []
  for (const [template, options, text, exception] of some) {
    const context = () => structuredClone(shared.context)
    const now = await answer(() => environment(options).compile(template).render(context()))
    const later = await answer(() => environment(options).compile(template).renderAsync(context()))
    if (now !== text || later !== text) found.push({ template, options, wanted: text ?? exception, now, later })
  }
  return found
}

test('more than four thousand random templates are recorded', () => {
  expect(cases.length).toBeGreaterThan(4000)
})

test.each(Array.from({ length: Math.ceil(cases.length / 500) }, (_, index) => index * 500))(
  'jinja2 and Millrace give the same text, or both refuse, from random template %i on',
  async (start) => {
    expect(await differences(cases.slice(start, start + 500))).toEqual([])
  },
)
