import { nodeJson } from '../artifacts/manifest-json.ts'
import type { Manifest } from '../node.ts'

const graphs = new WeakMap<Manifest, Record<string, unknown>>()

/** `graph` of templates: the members of the project with the fields of the manifest, by section and unique id. */
export function graphOf(manifest: Manifest | undefined): Record<string, unknown> {
  if (!manifest) return EMPTY
  const known = graphs.get(manifest)
  if (known) return known
  const { ends } = manifest
  const all = (members: Iterable<readonly [string, unknown]> = []) => Object.fromEntries(members)
  const nodes = [...manifest.nodes].map(
    ([id, node]) => [id, nodeJson(node), node.resource_type === 'unit_test'] as const,
  )
  const graph = {
    nodes: all(nodes.filter(([, , unitTest]) => !unitTest).map(([id, node]) => [id, node])),
    unit_tests: all(nodes.filter(([, , unitTest]) => unitTest).map(([id, node]) => [id, node])),
    sources: all([...manifest.sources].map(([id, source]) => [id, nodeJson(source)])),
    exposures: all(ends?.exposures),
    metrics: all(ends?.metrics),
    groups: all(ends?.groups),
    semantic_models: all(ends?.semanticModels),
    saved_queries: all(ends?.savedQueries),
    functions: {},
  }
  // While a project is read its graph still grows.
  if (ends) graphs.set(manifest, graph)
  return graph
}

const EMPTY: Record<string, unknown> = {
  nodes: {},
  unit_tests: {},
  sources: {},
  exposures: {},
  metrics: {},
  groups: {},
  semantic_models: {},
  saved_queries: {},
  functions: {},
}
