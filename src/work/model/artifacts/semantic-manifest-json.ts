import type { Manifest } from '../node.ts'
import type { GraphEnd } from '../resources/graph-ends.ts'

/** The semantic layer alone, as MetricFlow reads it from target/semantic_manifest.json. */
export function semanticManifestJson({ ends }: Manifest): object {
  const picked = (map: ReadonlyMap<string, GraphEnd> | undefined, keys: readonly string[]): object[] =>
    [...(map?.values() ?? [])].map((end) => Object.fromEntries(keys.map((key) => [key, end[key] ?? null])))
  return {
    semantic_models: picked(ends?.semanticModels, [
      'name',
      'defaults',
      'description',
      'node_relation',
      'primary_entity',
      'entities',
      'measures',
      'dimensions',
      'label',
      'metadata',
      'config',
    ]),
    metrics: picked(ends?.metrics, [
      'name',
      'description',
      'type',
      'type_params',
      'filter',
      'metadata',
      'label',
      'config',
      'time_granularity',
    ]),
    project_configuration: {
      time_spine_table_configurations: [],
      metadata: null,
      dsi_package_version: { major_version: '0', minor_version: '213', patch_version: '0' },
      time_spines: [],
    },
    saved_queries: picked(ends?.savedQueries, [
      'name',
      'query_params',
      'description',
      'metadata',
      'label',
      'exports',
      'tags',
    ]),
  }
}
