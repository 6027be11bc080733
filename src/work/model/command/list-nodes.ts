import { nodeJson } from '../artifacts/manifest-json.ts'
import type { Manifest } from '../node.ts'
import { type Selectable, selectionGraph } from '../select/selectable.ts'
import type { DbtOptions } from './options.ts'

/** What `ls --output json` tells of a node when no keys are asked for. */
const USUAL_KEYS = [
  'alias',
  'name',
  'package_name',
  'depends_on',
  'direct_parents',
  'tags',
  'config',
  'resource_type',
  'source_name',
  'original_file_path',
  'unique_id',
]

/** The lines of `dbt ls`: one for each node, by unique id. */
export function listNodes(
  manifest: Manifest,
  ids: readonly string[],
  options: Pick<DbtOptions, 'output' | 'outputKeys'>,
): string[] {
  const { members } = selectionGraph(manifest)
  const nodes = [...ids].sort().flatMap((id) => members.get(id) ?? [])
  switch (options.output ?? 'selector') {
    case 'name':
      return nodes.map(searchName)
    case 'path':
      return nodes.map((node) => node.original_file_path)
    case 'json':
      return nodes.map((node) => JSON.stringify(picked(nodeJson(node) as Record<string, unknown>, options.outputKeys)))
    default:
      return nodes.map(selectorOf)
  }
}

/** What `--select` would find the node by. */
function selectorOf(node: Selectable): string {
  switch (node.resource_type) {
    case 'source':
      return `source:${node.package_name}.${node.source_name}.${node.name}`
    case 'exposure':
    case 'metric':
    case 'saved_query':
    case 'semantic_model':
      return `${node.resource_type}:${node.package_name}.${node.name}`
    case 'unit_test':
      return `unit_test:${node.package_name}.${versioned(node)}`
    default:
      return node.fqn.join('.')
  }
}

function searchName(node: Selectable): string {
  if (node.resource_type === 'source') return `${node.source_name}.${node.name}`
  if (node.resource_type === 'unit_test') return versioned(node)
  return node.resource_type === 'model' && isGiven(node.version) ? `${node.name}.v${node.version}` : node.name
}

function versioned(node: Selectable): string {
  return isGiven(node.version) ? `${node.name}_v${node.version}` : node.name
}

function isGiven(version: Selectable['version']): boolean {
  return version !== null && version !== undefined
}

function picked(node: Record<string, unknown>, keys: readonly string[] = []): Record<string, unknown> {
  if (keys.length === 0) return Object.fromEntries(Object.entries(node).filter(([key]) => USUAL_KEYS.includes(key)))
  const found: Record<string, unknown> = {}
  for (const key of keys) {
    if (!key.includes('.')) {
      if (key in node) found[key] = node[key]
      continue
    }
    let value: unknown = node
    for (const part of key.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[part]
    if (value !== undefined && value !== null) found[key] = value
  }
  return found
}
