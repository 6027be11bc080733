import { isTree } from './config-tree.ts'

/** Renders one text that holds template code. */
export type RenderText = (text: string, path: readonly PropertyKey[]) => unknown

/** Whether a text holds template code at all; most do not, and are spared the template engine. */
export function hasTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%')
}

/**
 * The data of a YAML file with the template code in its texts rendered. `keep` names paths whose texts stay as
 * they are, because dbt renders them later (hooks, arguments of tests, descriptions).
 */
export function renderYaml(
  data: unknown,
  render: RenderText,
  keep: (path: readonly PropertyKey[]) => boolean = () => false,
): unknown {
  const walk = (value: unknown, path: readonly PropertyKey[]): unknown => {
    if (typeof value === 'string') {
      if (keep(path)) return value
      // A template loses the line feed it ends with, and to dbt every text is one.
      return hasTemplate(value) ? render(value, path) : value.replace(/\n$/, '')
    }
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index]))
    if (!isTree(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]))
  }
  return walk(data, [])
}
