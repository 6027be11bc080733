import { findCalls } from '../../../base/jinja/index.ts'
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
      if (!calls.refs.some((one) => one.name === written.name && one.package === written.package))
        calls.refs.push(written)
    } else if (name === 'source' && texts.length === 2) {
      const [source = '', table = ''] = texts
      if (!calls.sources.some((one) => one[0] === source && one[1] === table)) calls.sources.push([source, table])
    } else {
      return undefined
    }
  }
  return calls
}
