import { isDeepStrictEqual } from 'node:util'
import { nodeJson } from '../artifacts/manifest-json.ts'
import type { Selectable, SelectableMacro, SelectionGraph } from '../select/selectable.ts'
import type { PreviousManifest } from './previous-state.ts'

/** A part of a node that can be changed by itself. */
export type ModifiedPart =
  | 'modified.body'
  | 'modified.configs'
  | 'modified.relation'
  | 'modified.contract'
  | 'modified.persisted_descriptions'

/** Says of the nodes of a graph what changed since another manifest was written. */
export interface Comparison {
  /** What `state:modified` means: any part, the macros it uses, or its place in the graph's names. */
  isModified(node: Selectable): boolean
  /** Whether a macro that the node uses, itself or through others, was added, changed or taken away. */
  macros(node: Selectable): boolean
  /** Whether one part changed; true for a node that is new, false for one of a kind that lacks the part. */
  part(node: Selectable, part: ModifiedPart): boolean
}

type Fields = Readonly<Record<string, unknown>>

/** Compares by the rules of dbt's `state:` method. */
export function comparison(
  graph: Pick<SelectionGraph, 'macros'>,
  previous: Pick<PreviousManifest, 'members' | 'macros'>,
): Comparison {
  const changedMacros = macroChanges(graph.macros, previous.macros)
  const macros = (node: Selectable): boolean => {
    if (changedMacros.size === 0) return false
    const seen = new Set<string>()
    const visit = (ids: readonly string[] = []): boolean =>
      ids.some((id) => {
        if (seen.has(id)) return false
        seen.add(id)
        return changedMacros.has(id) || visit(graph.macros.get(id)?.depends_on?.macros)
      })
    return visit(node.depends_on?.macros)
  }
  return {
    macros,
    part: (node, part) => {
      const parts = PARTS[part]
      if (!parts.kinds.includes(node.resource_type)) return false
      const old = previous.members.get(node.unique_id)
      return !old || !parts.same(fieldsOf(node), old)
    },
    isModified: (node) => {
      const old = previous.members.get(node.unique_id)
      if (old === undefined) return !SAME_WHEN_NEW.includes(node.resource_type) || macros(node)
      return !sameContents(fieldsOf(node), old, node.resource_type) || macros(node)
    },
  }
}

/** Kinds of which dbt does not call a new one modified. */
const SAME_WHEN_NEW = ['source', 'exposure', 'metric', 'semantic_model', 'saved_query']

function fieldsOf(node: Selectable): Fields {
  // As it is written, for so is what it is compared with.
  return nodeJson(node) as Fields
}

function macroChanges(
  now: ReadonlyMap<string, SelectableMacro>,
  before: ReadonlyMap<string, SelectableMacro>,
): Set<string> {
  const changed = new Set<string>()
  for (const [id, macro] of now) if (before.get(id)?.macro_sql !== macro.macro_sql) changed.add(id)
  for (const id of before.keys()) if (!now.has(id)) changed.add(id)
  return changed
}

const CODED = ['model', 'seed', 'test', 'snapshot', 'analysis', 'operation', 'sql_operation', 'function']
const CONFIGURED = [...CODED, 'source', 'exposure', 'metric', 'semantic_model', 'saved_query']

const PARTS: Record<ModifiedPart, { kinds: readonly string[]; same: (a: Fields, b: Fields) => boolean }> = {
  'modified.body': { kinds: CODED, same: sameBody },
  'modified.configs': { kinds: CONFIGURED, same: sameConfig },
  'modified.relation': { kinds: [...CODED, 'source'], same: sameRelation },
  'modified.contract': { kinds: CODED, same: sameContract },
  'modified.persisted_descriptions': { kinds: CODED, same: samePersistedDescriptions },
}

function sameContents(node: Fields, old: Fields, kind: string): boolean {
  const equal = (...keys: readonly string[]): boolean => keys.every((key) => sameValue(node[key], old[key]))
  switch (kind) {
    case 'source':
      return (
        sameRelation(node, old) &&
        sameConfig(node, old) &&
        equal('fqn', 'quoting', 'freshness', 'loaded_at_field', 'external')
      )
    case 'exposure':
      return (
        sameConfig(node, old) &&
        equal('fqn', 'type', 'owner', 'maturity', 'url', 'description', 'label') &&
        sameMembers(dependsOn(node), dependsOn(old))
      )
    case 'metric':
      return sameConfig(node, old) && equal('type', 'description', 'label')
    case 'semantic_model':
      return (
        sameConfig(node, old) &&
        equal('model', 'description', 'defaults', 'entities', 'dimensions', 'measures', 'group', 'primary_entity')
      )
    case 'saved_query':
      return sameConfig(node, old) && equal('description', 'label', 'group', 'query_params', 'exports', 'tags')
    case 'unit_test':
      return equal('checksum')
    case 'test':
      if (node['test_metadata']) return sameConfig(node, old) && equal('fqn')
      break
    default:
  }
  return (
    sameBody(node, old) &&
    sameConfig(node, old) &&
    samePersistedDescriptions(node, old) &&
    equal('fqn') &&
    sameRelation(node, old) &&
    sameContract(node, old) &&
    (kind !== 'model' || equal('latest_version', 'access', 'deprecation_date'))
  )
}

function sameBody(node: Fields, old: Fields): boolean {
  if (node['resource_type'] === 'seed') return sameValue(node['checksum'], old['checksum'])
  return node['raw_code'] === old['raw_code']
}

/** Settings that other parts stand for, or that dbt does not compare. */
const UNCOMPARED = ['alias', 'schema', 'database', 'tags', 'group']
/** Of a generic or singular test only these settings are compared. */
const TEST_SETTINGS = [
  'severity',
  'where',
  'limit',
  'fail_calc',
  'warn_if',
  'error_if',
  'store_failures',
  'store_failures_as',
  'sql_header',
]

function sameConfig(node: Fields, old: Fields): boolean {
  const [mine, other] = [unrendered(node), unrendered(old)]
  const keys =
    node['resource_type'] === 'test'
      ? TEST_SETTINGS
      : [...new Set([...Object.keys(mine), ...Object.keys(other)])].filter((key) => !UNCOMPARED.includes(key))
  return keys.every((key) => key in mine === key in other && sameValue(mine[key], other[key]))
}

function sameRelation(node: Fields, old: Fields): boolean {
  if (node['resource_type'] === 'source') {
    return ['database', 'schema', 'identifier'].every((key) => node[key] === old[key])
  }
  const [mine, other] = [unrendered(node), unrendered(old)]
  return ['database', 'schema', 'alias'].every((key) => sameValue(mine[key], other[key]))
}

/** Descriptions count only where the settings say that they are kept in the database. */
function samePersistedDescriptions(node: Fields, old: Fields): boolean {
  const persist = (node['config'] as Fields | undefined)?.['persist_docs'] as Fields | undefined
  if (persist?.['relation'] === true && node['description'] !== old['description']) return false
  return persist?.['columns'] !== true || sameValue(columnDescriptions(node), columnDescriptions(old))
}

function columnDescriptions(node: Fields): Record<string, unknown> {
  const columns = (node['columns'] ?? {}) as Readonly<Record<string, Fields>>
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column['description'] ?? '']))
}

function sameContract(node: Fields, old: Fields): boolean {
  if (node['resource_type'] !== 'model') return true
  const [mine, other] = [node['contract'] as Fields | undefined, old['contract'] as Fields | undefined]
  if (mine?.['enforced'] !== true && other?.['enforced'] !== true) return true
  return mine?.['enforced'] === other?.['enforced'] && mine?.['checksum'] === other?.['checksum']
}

function unrendered(node: Fields): Fields {
  return (node['unrendered_config'] ?? {}) as Fields
}

function dependsOn(node: Fields): readonly string[] {
  return ((node['depends_on'] as Fields | undefined)?.['nodes'] ?? []) as readonly string[]
}

function sameMembers(mine: readonly string[], other: readonly string[]): boolean {
  return isDeepStrictEqual(new Set(mine), new Set(other))
}

/** Equal as JSON has them: what is not there is null. */
function sameValue(mine: unknown, other: unknown): boolean {
  return mine === other || isDeepStrictEqual(plain(mine), plain(other))
}

function plain(value: unknown): unknown {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as unknown)
}
