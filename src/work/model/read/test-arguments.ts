import type { Namespace } from '../context/macro-library.ts'
import type { ModelTemplates } from '../context/templates.ts'
import type { TestMetadata } from '../node.ts'
import { pythonRepr } from '../python-text.ts'
import type { Tree } from './config-tree.ts'

/** The name under which a generic test's template finds its arguments. */
const ARGUMENTS = '_dbt_generic_test_kwargs'

const LOOKS_LIKE_CALL = /^\s*(env_var|ref|var|source|doc)\s*\(.+\)\s*$/s

/**
 * The template of a generic test: a call of its macro with the arguments of the properties file, and after what that
 * says of its settings, those of the properties file.
 */
export function genericTestCode(metadata: TestMetadata, config: Tree): string {
  const macro = `${metadata.namespace === null ? '' : `${metadata.namespace}.`}test_${metadata.name}`
  const settings = Object.entries(config).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? `"${value.replaceAll('"', '\\"')}"` : pythonRepr(value)}`,
  )
  return `{{ ${macro}(**${ARGUMENTS}) }}${settings.length > 0 ? `{{ config(${settings.join(',')}) }}` : ''}`
}

/**
 * Puts a generic test's arguments into its context. Texts such as `ref('x')` and `{{ … }}` become the values they
 * name; a column's name stays as it is.
 */
export async function withTestArguments(
  metadata: TestMetadata,
  file: string,
  templates: ModelTemplates,
  context: Namespace,
): Promise<void> {
  const convert = async (value: unknown, top: string): Promise<unknown> => {
    if (Array.isArray(value)) return Promise.all(value.map((item) => convert(item, top)))
    if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
      const entries = Object.entries(value).map(async ([key, item]) => [key, await convert(item, top)] as const)
      return Object.fromEntries(await Promise.all(entries))
    }
    if (typeof value !== 'string' || top === 'column_name') return value
    if (LOOKS_LIKE_CALL.test(value)) return templates.evaluate(value, file, context)
    const whole = /^\s*\{\{((?:(?!\}\}|\{\{)[\s\S])*)\}\}\s*$/.exec(value)
    if (whole?.[1] !== undefined) return templates.evaluate(whole[1], file, context)
    return value.includes('{{') || value.includes('{%') ? templates.render(value, file, context) : value
  }
  const given: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(metadata.kwargs)) given[key] = await convert(value, key)
  context[ARGUMENTS] = given
}
