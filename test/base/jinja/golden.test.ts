import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { MillraceError } from '../../../src/base/kernel/index.ts'
import { type RecordedOptions, recordedEnvironment } from './recorded.ts'

/** What jinja2 made of a template; written by scripts/jinja/record-written.py. */
interface Recorded {
  template: string
  context?: Record<string, unknown>
  options?: RecordedOptions
  expected?: string
  error?: { kind: string; message: string; line?: number }
}

/** The code that answers each of Python's exceptions. */
const CODES: Record<string, string> = {
  UndefinedError: 'JINJA_UNDEFINED',
  TypeError: 'JINJA_TYPE',
  TemplateSyntaxError: 'JINJA_SYNTAX',
}

/** Known differences, each with its reason. */
const DIFFERENT: Record<string, string> = {
  '{% raw %}': 'jinja2 overlooks a raw block that is not closed when nothing follows it; it is refused here',
}

const folder = new URL('./golden/', import.meta.url)

function caught(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

for (const file of readdirSync(folder)) {
  const cases: Recorded[] = JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
  describe(`jinja2 and Millrace agree on ${file.replace('.json', '')}`, () => {
    test.each(cases.filter(({ template }) => !(template in DIFFERENT)))('$template', async (recorded) => {
      const env = recordedEnvironment(recorded.options)
      const name = recorded.options?.name
      const place = name === undefined ? {} : { name }
      const render = () => env.compile(recorded.template, place).render(structuredClone(recorded.context ?? {}))
      const result = caught(render)
      const later = await Promise.resolve()
        .then(() => env.compile(recorded.template, place).renderAsync(structuredClone(recorded.context ?? {})))
        .catch((error: unknown) => error)
      if (recorded.expected !== undefined) {
        expect(result instanceof Error ? String(result) : result).toBe(recorded.expected)
        expect(later).toBe(result)
        return
      }
      expect(result).toBeInstanceOf(MillraceError)
      const { code, at } = result as MillraceError
      const wanted = CODES[recorded.error?.kind ?? '']
      if (wanted) expect(`${code}: ${(result as Error).message}`).toContain(wanted)
      expect(code).toMatch(/^JINJA_/)
      expect(at?.line).toBeGreaterThan(0)
      expect((later as MillraceError).code).toBe(code)
    })
  })
}
