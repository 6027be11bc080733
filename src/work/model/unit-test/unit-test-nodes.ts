import type { Node } from '../node.ts'
import { newNode } from '../read/new-node.ts'
import type { ProjectFile } from '../read/project-files.ts'
import { configOf, layersOf, type Reader } from '../read/reader.ts'
import type { UnitTest, UnitTestEntry } from './unit-test.ts'

/** A node for each unit test, and for each version of a model that has several. */
export function unitTestNodes(
  reader: Reader,
  entries: readonly UnitTestEntry[],
  models: readonly Node[],
  fixtures: readonly ProjectFile[],
): Node[] {
  return entries.flatMap((one) => {
    const { include, exclude } = one.entry.versions ?? {}
    const versions = models
      .filter(
        ({ resource_type: kind, name, version }) =>
          kind === 'model' && name === one.entry.model && (version ?? null) !== null,
      )
      .map(({ version }) => version as string | number)
      .filter(
        (v) =>
          include === undefined ||
          include === null ||
          include === 'all' ||
          include === '*' ||
          listed(include).includes(String(v)),
      )
      .filter((v) => !listed(exclude).includes(String(v)))
    return versions.length === 0
      ? [unitTestNode(reader, one, null, fixtures)]
      : versions.map((v) => unitTestNode(reader, one, v, fixtures))
  })
}

function unitTestNode(
  reader: Reader,
  { entry, file }: UnitTestEntry,
  version: string | number | null,
  fixtures: readonly ProjectFile[],
): Node {
  const name = version === null ? entry.name : `${entry.name}_v${version}`
  const node = newNode(reader, 'unit_test', { ...file, text: '' }, name, undefined)
  const { name: project } = reader.owner.project
  const fqn = [project, ...file.path.split('/').slice(0, -1), entry.model, name]
  const test: UnitTest = {
    model: entry.model,
    given: entry.given,
    expect: entry.expect,
    overrides: {
      macros: entry.overrides?.macros ?? {},
      vars: entry.overrides?.vars ?? {},
      env_vars: entry.overrides?.env_vars ?? {},
    },
  }
  const config = configOf('unit_test', layersOf(reader, 'unitTests', fqn, [entry.config ?? {}]))
  return {
    ...node,
    unique_id: `unit_test.${project}.${entry.model}.${name}`,
    fqn,
    config,
    unrendered_config: { ...entry.config },
    tags: [...config.tags].sort(),
    meta: config.meta,
    description: entry.description ?? '',
    refs: [{ name: entry.model, package: null, version }],
    unit_test: test,
    fixtures,
  }
}

function listed(value: unknown): string[] {
  return value === undefined || value === null ? [] : [value].flat().map(String)
}

/** A unit test as dbt's manifest v12 has it. */
export function unitTestJson(node: Node): object {
  const { unit_test: test } = node
  return {
    model: test?.model,
    given: test?.given,
    expect: test?.expect,
    overrides: test?.overrides,
    name: node.name,
    resource_type: node.resource_type,
    package_name: node.package_name,
    path: node.path,
    original_file_path: node.original_file_path,
    unique_id: node.unique_id,
    fqn: node.fqn,
    description: node.description,
    depends_on: node.depends_on,
    config: { tags: node.config.tags, meta: node.config.meta, enabled: node.config.enabled, static_analysis: null },
    checksum: null,
    schema: node.schema,
    created_at: node.created_at,
    versions: null,
    version: node.refs[0]?.version ?? null,
  }
}
