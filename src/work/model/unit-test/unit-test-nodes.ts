import { createHash } from 'node:crypto'
import type { Node } from '../node.ts'
import { pythonRepr } from '../python-text.ts'
import { newNode } from '../read/new-node.ts'
import type { ProjectFile } from '../read/project-files.ts'
import { configOf, layersOf, type Reader, unrenderedOf } from '../read/reader.ts'
import { isUnsaid, refuseTwins, withRows } from './fixture-rows.ts'
import type { Fixture, UnitTest, UnitTestEntry } from './unit-test.ts'

/** A node for each unit test, and for each version of a model that has several. */
export function unitTestNodes(
  reader: Reader,
  entries: readonly UnitTestEntry[],
  models: readonly Node[],
  fixtures: readonly ProjectFile[],
): Node[] {
  refuseTwins(fixtures)
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
  const place = { test: name, file: file.originalPath }
  const test: UnitTest = {
    model: entry.model,
    // Rows of a seed are read when they are needed.
    given: entry.given.map((one) => (isUnsaid(one) ? one : completeFirst(withRows(one, fixtures, place)))),
    expect: completeFirst(withRows(entry.expect, fixtures, place)),
    overrides: {
      macros: entry.overrides?.macros ?? {},
      vars: entry.overrides?.vars ?? {},
      env_vars: entry.overrides?.env_vars ?? {},
    },
  }
  const layers = layersOf(reader, 'unitTests', fqn, [entry.config ?? {}])
  const config = configOf('unit_test', layers)
  return {
    ...node,
    unique_id: `unit_test.${project}.${entry.model}.${name}`,
    fqn,
    config,
    unrendered_config: unrenderedOf(layers),
    tags: [...config.tags].sort(),
    meta: config.meta,
    description: entry.description ?? '',
    refs: [{ name: entry.model, package: null, version }],
    unit_test: test,
  }
}

function listed(value: unknown): string[] {
  return value === undefined || value === null ? [] : [value].flat().map(String)
}

/** The first row without null comes first, as in dbt: some databases take a column's type from it. */
function completeFirst<T extends Fixture>(fixture: T): T {
  const { rows } = fixture
  if (!Array.isArray(rows)) return fixture
  const at = rows.findIndex((row) => Object.values(row).every((value) => value !== null))
  const [first, found] = [rows[0], rows[at]]
  if (at <= 0 || !first || !found) return fixture
  return { ...fixture, rows: rows.with(0, found).with(at, first) }
}

function fixtureJson(written: Fixture | undefined): object {
  return { rows: written?.rows ?? null, format: written?.format ?? 'dict', fixture: written?.fixture ?? null }
}

/** Null where a test overrides nothing, as in dbt. */
function overridesOf({ overrides }: UnitTest): UnitTest['overrides'] | null {
  return Object.values(overrides).some((values) => Object.keys(values).length > 0) ? overrides : null
}

/** dbt's hash of what a unit test does: of Python's text of its parts, without its description. */
function checksumOf(test: UnitTest): string {
  const FORMATS = { dict: 'Dict', csv: 'CSV', sql: 'SQL' } as const
  const members = ({ rows, format, fixture }: Fixture) =>
    `rows=${pythonRepr(rows ?? null)}, format=<UnitTestFormat.${FORMATS[format]}: '${format}'>, fixture=${pythonRepr(fixture ?? null)}`
  const given = test.given.map((one) => `UnitTestInputFixture(input=${pythonRepr(one.input)}, ${members(one)})`)
  const overrides = overridesOf(test)
  const over = overrides
    ? `UnitTestOverrides(macros=${pythonRepr(overrides.macros)}, vars=${pythonRepr(overrides.vars)}, env_vars=${pythonRepr(overrides.env_vars)})`
    : 'None'
  const expected = `UnitTestOutputFixture(${members(test.expect)})`
  const files = test.given.filter(({ fixture }) => fixture).map(({ rows }) => `-${pythonRepr(rows ?? null)}`)
  const text = `${test.model}-None-[${given.join(', ')}]-${expected}-${over}${files.join('')}`
  return createHash('sha256').update(text).digest('hex')
}

/** A unit test as dbt's manifest v12 has it. */
export function unitTestJson(node: Node): object {
  const { unit_test: test } = node
  return {
    model: test?.model,
    given: test?.given.map(({ input, rows = null, format, fixture = null }) => ({ input, rows, format, fixture })),
    expect: fixtureJson(test?.expect),
    overrides: test && overridesOf(test),
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
    checksum: test ? checksumOf(test) : null,
    schema: node.schema,
    created_at: node.created_at,
    versions: null,
    version: node.refs[0]?.version ?? null,
  }
}
