import { yamlRenderer } from '../context/base-context.ts'
import { yamlGlobals } from '../context/invocation-globals.ts'
import type { Node, NodeType } from '../node.ts'
import { readGenericTest, type TestTarget } from './generic-test.ts'
import { mergeConfig } from './node-config.ts'
import type { ProjectFile } from './project-files.ts'
import type { Patch, TestEntry } from './properties.ts'
import type { Reader } from './reader.ts'
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
          time_spine: patch?.timeSpine ?? null,
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
    yamlRenderer(outside, yamlGlobals(invocation)),
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
