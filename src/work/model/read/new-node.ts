import { quoteId } from '../../../base/sql/index.ts'
import { yamlRenderer } from '../context/base-context.ts'
import type { Node, NodeType, SourceNode } from '../node.ts'
import { readGenericTest, type TestTarget } from './generic-test.ts'
import { mergeConfig } from './node-config.ts'
import type { ProjectFile } from './project-files.ts'
import type { Patch, SourceEntry, TestEntry } from './properties.ts'
import { layersOf, type Reader } from './reader.ts'
import { genericTestCode } from './test-arguments.ts'

/** A node for a file, with nothing but what the file's place and its patch say. */
export function newNode(
  { invocation, owner }: Reader,
  kind: NodeType,
  file: ProjectFile,
  name: string,
  patch: Patch | undefined,
): Node {
  const { target } = invocation
  const { project } = owner
  const seed = kind === 'seed'
  const version = patch?.version
  return {
    resource_type: kind,
    unique_id: `${kind}.${project.name}.${name}${version ? `.v${version.v}` : ''}`,
    name,
    package_name: project.name,
    path: file.path,
    original_file_path: file.originalPath,
    // A file may hold several snapshots.
    fqn:
      kind === 'snapshot'
        ? fqnOf(project.name, `${withoutEnding(file.path)}/`, name)
        : [...fqnOf(project.name, file.path, name), ...(version ? [`v${version.v}`] : [])],
    alias: name,
    database: target.database,
    schema: target.schema,
    checksum: { name: 'sha256', checksum: file.sha256 },
    config: mergeConfig(kind, []),
    unrendered_config: { ...patch?.config },
    tags: [],
    description: patch?.description ?? '',
    columns: patch?.columns ?? {},
    meta: {},
    group: null,
    docs: { show: true, node_color: null },
    patch_path: patch ? `${project.name}://${patch.file.originalPath}` : null,
    build_path: null,
    compiled_path: null,
    created_at: invocation.startedAt.getTime() / 1000,
    relation_name: null,
    raw_code: seed ? '' : file.text.trim(),
    language: 'sql',
    refs: [],
    sources: [],
    depends_on: { macros: [], nodes: [] },
    compiled: false,
    compiled_code: null,
    extra_ctes_injected: false,
    extra_ctes: [],
    ...(seed ? { root_path: project.dir } : {}),
    ...(kind === 'model'
      ? {
          version: version?.v ?? null,
          latest_version: version?.latest ?? null,
          access: 'protected' as const,
          constraints: [...(patch?.constraints ?? [])],
          deprecation_date: patch?.deprecationDate ?? null,
        }
      : {}),
  }
}

function withoutEnding(path: string): string {
  return path.replace(/\.[^./]+$/, '')
}

function fqnOf(project: string, path: string, name: string): string[] {
  return [project, ...path.split('/').slice(0, -1), name]
}

/** A node for one entry of `data_tests:`. Its own settings stand in `unrendered_config` until they are merged. */
export function testNode(reader: Reader, entry: TestEntry, file: ProjectFile, target: TestTarget): Node {
  const { invocation, owner } = reader
  const { project, vars } = owner
  const outside = { file: file.originalPath, vars, environment: invocation.environment }
  const test = readGenericTest(
    entry.entry,
    { ...target, ...(entry.column === undefined ? {} : { column: entry.column }) },
    entry.at,
    (text, path) => yamlRenderer(outside, { target: invocation.target })(text, path),
  )
  const node = newNode(reader, 'test', { ...file, path: `${test.shortName}.sql`, sha256: '' }, test.name, undefined)
  const own = test.config
  const code = genericTestCode(test.metadata, own)
  return {
    ...node,
    unique_id: `test.${project.name}.${test.name}.${test.hash}`,
    fqn: fqnOf(project.name, file.path, test.name),
    checksum: { name: 'none', checksum: '' },
    unrendered_config: own,
    description: test.description,
    raw_code: code,
    refs: target.kind === 'ref' ? [{ name: target.name, package: null, version: target.version ?? null }] : [],
    sources: target.kind === 'source' ? [[target.source ?? '', target.name]] : [],
    test_metadata: test.metadata,
    column_name: entry.column ?? null,
    attached_node: null,
    file_key_name: target.kind === 'ref' ? `${target.section ?? 'models'}.${target.name}` : `sources.${target.source}`,
  }
}

/** A node for a table of a source. */
export function sourceNode(reader: Reader, entry: SourceEntry): SourceNode {
  const { invocation, owner } = reader
  const { target } = invocation
  const { project } = owner
  const fqn = fqnOf(project.name, entry.file.path, `${entry.source}.${entry.name}`).slice(0, -1)
  fqn.push(entry.source, entry.name)
  const { below, above } = layersOf(reader, 'sources', fqn, [{ tags: entry.tags, meta: entry.meta }, entry.config])
  const config = mergeConfig('model', [...below, ...above])
  const database = entry.database ?? target.database
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
    database,
    schema: entry.schema,
    identifier: entry.identifier,
    loader: entry.loader,
    loaded_at_field: entry.loadedAtField,
    freshness: entry.freshness,
    quoting: { database: null, schema: null, identifier: null, column: null },
    config: {
      ...(typeof config['event_time'] === 'string' ? { event_time: config['event_time'] } : {}),
      enabled: config.enabled,
      tags: config.tags,
      meta: config.meta,
    },
    tags: config.tags,
    description: entry.description,
    columns: entry.columns,
    meta: config.meta,
    source_meta: entry.sourceMeta,
    relation_name: [database, entry.schema, entry.identifier].map((part) => quoteId(part, 'duckdb')).join('.'),
    created_at: invocation.startedAt.getTime() / 1000,
  }
}
