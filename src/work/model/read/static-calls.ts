import { expressionText, findCalls } from '../../../base/jinja/index.ts'
import { configCall } from '../context/base-context.ts'
import type { ModelTemplates } from '../context/templates.ts'
import { pythonStr } from '../python-text.ts'
import { overlay } from './config-tree.ts'
import type { Calls } from './reading.ts'

/**
 * What a file calls, found without rendering it; undefined when that cannot be known (a macro is called, an argument
 * is computed, a call depends on a condition). Most staging models can be read this way.
 */
export function staticCalls(templates: ModelTemplates, text: string, file: string): Calls | undefined {
  const found = findCalls(templates.compile(text, file), ['ref', 'source', 'config'])
  if (!found.complete) return undefined
  const calls: Calls = { refs: [], sources: [], config: {} }
  for (const { name, args = [], kwargs = {} } of found.calls) {
    const texts = args.map(pythonStr)
    if (name === 'config') {
      calls.config = overlay(calls.config, configCall({ args, kwargs }))
    } else if (name === 'ref' && (texts.length === 1 || texts.length === 2) && Object.keys(kwargs).length === 0) {
      const [first = '', second] = texts
      const written = { name: second ?? first, package: second === undefined ? null : first, version: null }
      calls.refs.push(written)
    } else if (name === 'source' && texts.length === 2) {
      const [source = '', table = ''] = texts
      calls.sources.push([source, table])
    } else {
      return undefined
    }
  }
  return calls
}

/**
 * The settings of a file's `config()` as they are written: a text as it is, anything else as template code. Undefined
 * where it has none. As in dbt, which compares states of a project by them, the first call counts.
 */
export function writtenConfig(
  templates: ModelTemplates,
  text: string,
  file: string,
): Record<string, unknown> | undefined {
  if (!text.includes('config(')) return undefined
  const [first] = findCalls(templates.compile(text, file), ['config']).calls
  if (!first || first.keywords.length === 0) return undefined
  return Object.fromEntries(
    first.keywords.map(({ name, value }) => [
      name,
      value.kind === 'constant' && typeof value.value === 'string' ? value.value : (expressionText(value) ?? ''),
    ]),
  )
}
