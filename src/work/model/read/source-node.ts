import { Relation } from '../context/relation.ts'
import type { SourceNode } from '../node.ts'
import { quotePolicy } from '../node-relation.ts'
import type { SourceEntry } from './properties.ts'
import { layersOf, type Reader, unrenderedOf } from './reader.ts'
import { sourceConfig, sourceSettings } from './source-settings.ts'

/** A node for a table of a source. */
export function sourceNode(reader: Reader, entry: SourceEntry): SourceNode {
  const { invocation, owner } = reader
  const { target } = invocation
  const { project } = owner
  const fqn = [project.name, ...entry.file.path.split('/').slice(0, -1), entry.source, entry.name]
  const layers = layersOf(reader, 'sources', fqn, [sourceSettings(entry.shared, entry.own)])
  const config = sourceConfig([...layers.below, ...layers.above])
  const path = { database: entry.database ?? target.database, schema: entry.schema, identifier: entry.identifier }
  return {
    resource_type: 'source',
    unique_id: `source.${project.name}.${entry.source}.${entry.name}`,
    name: entry.name,
    source_name: entry.source,
    source_description: entry.sourceDescription,
    package_name: project.name,
    path: entry.file.originalPath,
    original_file_path: entry.file.originalPath,
    fqn,
    ...path,
    unrendered_database: entry.unrendered.database ?? null,
    unrendered_schema: entry.unrendered.schema ?? null,
    loader: entry.loader,
    loaded_at_field: config.loaded_at_field,
    loaded_at_query: config.loaded_at_query,
    freshness: config.freshness,
    quoting: { database: null, schema: null, identifier: null, column: null, ...entry.quoting },
    external: entry.external,
    config,
    unrendered_config: unrenderedOf(layers),
    tags: config.tags,
    description: entry.description,
    columns: entry.columns,
    meta: config.meta,
    source_meta: {
      ...entry.shared.meta,
      ...(entry.shared.config?.['meta'] as object | undefined),
    } as SourceNode['meta'],
    relation_name: new Relation(path, undefined, quotePolicy(invocation.project.quoting, entry.quoting)).render(),
    created_at: invocation.startedAt.getTime() / 1000,
  }
}
