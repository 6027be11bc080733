import { matchesGlob } from '../glob.ts'
import type { Selectable } from '../selectable.ts'
import { refused, type SelectionMethodOf, textOf } from './selection-method.ts'

/** `tag:` with a tag or a pattern. */
export const byTag: SelectionMethodOf = (criterion) => {
  const value = textOf(criterion)
  return (node) => tagsOf(node).some((tag) => matchesGlob(tag, value))
}

function tagsOf(node: Selectable): readonly string[] {
  if (node.tags) return node.tags
  // The manifest has a unit test's tags in its settings only.
  return node.resource_type === 'unit_test' ? ((setting(node, ['tags']) as string[] | undefined) ?? []) : []
}

/** `group:` of models and their like, and of metrics. */
export const byGroup: SelectionMethodOf = (criterion) => {
  const value = textOf(criterion)
  return (node) => {
    const group = isConfigurable(node) || node.resource_type === 'metric' ? setting(node, ['group']) : undefined
    return node.resource_type !== 'source' && typeof group === 'string' && group !== '' && matchesGlob(group, value)
  }
}

/** `access:public`, `protected` or `private`. */
export const byAccess: SelectionMethodOf = (criterion) => {
  const value = textOf(criterion)
  return (node) => node.resource_type === 'model' && (node.access ?? setting(node, ['access'])) === value
}

/** `config.materialized:view`, `config.meta.owner:ann`, `config.tags:nightly`. */
export const byConfig: SelectionMethodOf = ({ value, arguments: path }) => {
  const severity = path.length === 1 && path[0] === 'severity'
  const folded = String(value).toLowerCase()
  const agrees = (found: unknown): boolean => {
    if (typeof found === 'boolean') return folded === String(found) || found === value
    if (severity && typeof found === 'string') return found.toLowerCase() === folded
    return found === value || (value === null && found === undefined)
  }
  return (node) => {
    if (!isConfigurable(node)) return false
    const found = setting(node, path)
    return Array.isArray(found) ? found.some(agrees) : agrees(found)
  }
}

/** Kinds that have settings of their own to compare. */
function isConfigurable({ resource_type }: Selectable): boolean {
  return ['model', 'seed', 'snapshot', 'test', 'analysis', 'operation', 'sql_operation', 'source'].includes(
    resource_type,
  )
}

function setting(node: Selectable, path: readonly string[]): unknown {
  let found: unknown = node.config
  for (const key of path) found = (found as Record<string, unknown> | null | undefined)?.[key]
  return found
}

const RESOURCE_TYPES = [
  'model',
  'analysis',
  'test',
  'snapshot',
  'seed',
  'source',
  'exposure',
  'metric',
  'saved_query',
  'semantic_model',
  'unit_test',
  'function',
  'macro',
  'group',
  'doc',
  'fixture',
  'operation',
  'rpc',
  'sql_operation',
]

/** `resource_type:` by dbt's names of kinds. */
export const byResourceType: SelectionMethodOf = (criterion) => {
  const value = textOf(criterion)
  if (!RESOURCE_TYPES.includes(value)) {
    throw refused(criterion, `there is no kind "${value}"`, `There are: ${RESOURCE_TYPES.slice(0, 12).join(', ')}.`)
  }
  return (node) => node.resource_type === value
}

/** `version:latest`, `prerelease`, `old` or `none`. */
export const byVersion: SelectionMethodOf = (criterion) => {
  const value = textOf(criterion)
  const tests: Record<string, (node: Selectable) => boolean> = {
    latest: ({ version, latest_version }) => isGiven(version) && version === latest_version,
    prerelease: (node) => comparedWithLatest(node) > 0,
    old: (node) => comparedWithLatest(node) < 0,
    none: ({ version }) => !isGiven(version),
  }
  const test = Object.hasOwn(tests, value) ? tests[value] : undefined
  if (!test)
    throw refused(criterion, `there is no kind of version "${value}"`, `There are: ${Object.keys(tests).join(', ')}.`)
  return (node) => node.resource_type === 'model' && test(node)
}

function isGiven(version: Selectable['version']): boolean {
  return version !== null && version !== undefined
}

/** Numbers as numbers when both are, else as texts, as dbt orders versions. */
function comparedWithLatest({ version, latest_version: latest }: Selectable): number {
  if (!version || !latest) return 0
  const [mine, last] = [Number(version), Number(latest)]
  if (!Number.isNaN(mine) && !Number.isNaN(last)) return mine - last
  return String(version) < String(latest) ? -1 : String(version) > String(latest) ? 1 : 0
}
