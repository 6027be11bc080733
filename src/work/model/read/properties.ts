import { z } from 'zod'
import { type Json, once, type Place } from '../../../base/kernel/index.ts'
import { checked, parseYaml, type YamlFile } from '../../../base/project/index.ts'
import type { ColumnInfo } from '../node.ts'
import { type UnitTestEntry, unitTestShape } from '../unit-test/unit-test.ts'
import { isTree } from './config-tree.ts'
import { dateText, type PatchVersion, versionPatches } from './model-versions.ts'
import type { ProjectFile } from './project-files.ts'
import { type RenderText, renderYaml } from './render-yaml.ts'
import { renderedLater } from './rendered-later.ts'
import type { SourcePart } from './source-settings.ts'

/** A data test as written, not yet taken apart. */
export interface TestEntry {
  readonly entry: unknown
  readonly column: string | undefined
  /** Tags of the column it stands under. */
  readonly tags: readonly string[]
  readonly at: Place
}

/** What a properties file says about a model, seed or snapshot. */
export interface Patch {
  readonly kind: 'model' | 'seed' | 'snapshot' | 'analysis'
  readonly name: string
  readonly file: ProjectFile
  readonly at: Place
  readonly description: string
  readonly config: Readonly<Record<string, unknown>>
  /** The same with the texts of `config` as they were before they were rendered. */
  readonly written: Readonly<Record<string, unknown>>
  readonly columns: Record<string, ColumnInfo>
  readonly tests: readonly TestEntry[]
  readonly constraints: readonly Json[]
  readonly deprecationDate: string | null
  /** `time_spine:` of a model whose rows are the days or hours that metrics are told by. */
  readonly timeSpine: Json
  readonly version?: PatchVersion
  /** What a snapshot without a file of its own is taken of: `ref('orders')`. */
  readonly relation?: string
}

/** A table of a source as a properties file declares it. */
export interface SourceEntry {
  readonly file: ProjectFile
  readonly at: Place
  readonly source: string
  readonly name: string
  readonly database: string | undefined
  readonly schema: string
  /** As they were written, before they were rendered. */
  readonly unrendered: { readonly database?: string; readonly schema?: string }
  readonly identifier: string
  readonly loader: string
  /** What all tables of the source share, and what this one has. */
  readonly shared: SourcePart
  readonly own: SourcePart
  readonly quoting: Readonly<Record<string, boolean | null>>
  /** `external:`, for packages that make tables of files. */
  readonly external: Json
  readonly description: string
  readonly sourceDescription: string
  readonly columns: Record<string, ColumnInfo>
  readonly tests: readonly TestEntry[]
}

/** All that the properties files of a project say. */
export interface Properties {
  readonly patches: readonly Patch[]
  readonly sources: readonly SourceEntry[]
  readonly unitTests: readonly UnitTestEntry[]
  /** Kinds of entries that are not carried out here, each with its file. */
  readonly ignored: readonly { readonly kind: string; readonly file: string }[]
}

const shapes = once(() => {
  const tags = z.union([z.string(), z.array(z.string())]).nullish()
  const json = z.record(z.string(), z.json()).nullish()
  const tests = z.array(z.unknown()).nullish()
  const text = z.string().nullish()
  const config = z.record(z.string(), z.unknown()).nullish()
  const limit = z.object({ count: z.number().nullish(), period: z.enum(['minute', 'hour', 'day']).nullish() }).nullish()
  const freshness = z.object({ warn_after: limit, error_after: limit, filter: text }).nullish()
  const quoting = z.record(z.string(), z.boolean().nullable()).nullish()

  const column = z.looseObject({
    name: z.string(),
    description: text,
    data_type: text,
    quote: z.boolean().nullish(),
    meta: json,
    tags,
    config,
    constraints: z.array(z.json()).nullish(),
    tests,
    data_tests: tests,
  })
  const columns = z.array(column).nullish()
  const resource = z.looseObject({
    name: z.string(),
    description: text,
    config,
    meta: json,
    tags,
    docs: json,
    columns,
    tests,
    data_tests: tests,
  })
  const loaded = {
    description: text,
    loader: text,
    loaded_at_field: text,
    loaded_at_query: text,
    freshness,
    quoting,
    config,
    meta: json,
    tags,
  }
  const table = z.looseObject({
    name: z.string(),
    identifier: text,
    ...loaded,
    columns,
    tests,
    data_tests: tests,
  })
  const source = z.looseObject({
    name: z.string(),
    database: text,
    schema: text,
    ...loaded,
    tables: z.array(table).nullish(),
  })
  const snapshot = resource.extend({ relation: text })
  const shape = z.looseObject({
    models: z.array(resource).nullish(),
    seeds: z.array(resource).nullish(),
    snapshots: z.array(snapshot).nullish(),
    analyses: z.array(resource).nullish(),
    sources: z.array(source).nullish(),
    unit_tests: z.array(unitTestShape()).nullish(),
  })
  return { tags, tests, columns, column, resource, table, source, snapshot, file: shape }
})

type Shapes = ReturnType<typeof shapes>

/** Sections that are read here; those of the graph's ends are read and rendered by themselves. */
const OWN: ReadonlySet<PropertyKey | undefined> = new Set([
  'models',
  'seeds',
  'snapshots',
  'analyses',
  'sources',
  'unit_tests',
])
const IGNORED = ['functions']

/**
 * Reads the properties files (`schema.yml`) of a project.
 * @throws MillraceError MODEL_INVALID with file, line and column
 */
export function readProperties(files: readonly ProjectFile[], renderFor: (file: string) => RenderText): Properties {
  const patches: Patch[] = []
  const sources: SourceEntry[] = []
  const unitTests: UnitTestEntry[] = []
  const ignored: { kind: string; file: string }[] = []
  for (const file of files) {
    const raw = parseYaml(file.text.trimEnd(), file.originalPath, 'MODEL_INVALID', 'python')
    const data = renderYaml(
      raw.data,
      renderFor(file.originalPath),
      ([section, , ...path]) => !OWN.has(section) || renderedLater(String(section), path),
    )
    const yaml: YamlFile = { ...raw, data }
    const found = checked(yaml, shapes().file, 'MODEL_INVALID')
    for (const kind of IGNORED) if (found[kind]) ignored.push({ kind, file: file.originalPath })
    for (const [section, kind] of [
      ['models', 'model'],
      ['seeds', 'seed'],
      ['snapshots', 'snapshot'],
      ['analyses', 'analysis'],
    ] as const) {
      found[section]?.forEach((entry, index) => {
        patches.push(...patchesOf(kind, entry, file, yaml, [section, index], raw.data))
      })
    }
    found.unit_tests?.forEach((entry, index) => {
      unitTests.push({ entry, file, at: yaml.place(['unit_tests', index]) })
    })
    found.sources?.forEach((entry, index) => {
      entry.tables?.forEach((item, at) => {
        sources.push(
          sourceOf(entry, item, file, yaml, ['sources', index, 'tables', at], valueAt(raw.data, ['sources', index])),
        )
      })
    })
  }
  return { patches, sources, unitTests, ignored }
}

function patchesOf(
  kind: Patch['kind'],
  entry: z.output<Shapes['resource']>,
  file: ProjectFile,
  yaml: YamlFile,
  path: PropertyKey[],
  raw: unknown,
): Patch[] {
  const settings = valueAt(raw, [...path, 'config'])
  const one = patchOf(kind, entry, file, yaml, path)
  const patch = isTree(settings) ? { ...one, written: { ...one.config, ...settings } } : one
  const written = entry['versions']
  if (kind !== 'model' || !Array.isArray(written) || written.length === 0) return [patch]
  const partOf = (index: number) => {
    const given = written[index] as { columns?: { name?: string }[]; tests?: unknown[]; data_tests?: unknown[] }
    // `- include: all` stands among the columns without being one.
    return { ...given, columns: (given.columns ?? []).filter(({ name }) => name) as z.output<Shapes['columns']> }
  }
  return versionPatches(
    patch,
    { versions: written, latest: entry['latest_version'] },
    {
      columns: (index) => columnsOf(partOf(index).columns),
      tests: (index) => testsOf(partOf(index), yaml, [...path, 'versions', index]),
    },
    patch.at,
  )
}

function timeSpineOf(written: unknown): Json {
  return isTree(written) ? ({ custom_granularities: [], ...written } as Json) : null
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key], data)
}

function patchOf(
  kind: Patch['kind'],
  entry: z.output<Shapes['resource']> & { relation?: string | null | undefined },
  file: ProjectFile,
  yaml: YamlFile,
  path: PropertyKey[],
): Patch {
  const own: Record<string, unknown> = { ...entry.config }
  for (const key of ['meta', 'tags', 'docs', 'group', 'access'] as const) {
    if (entry[key] !== undefined && entry[key] !== null && own[key] === undefined) own[key] = entry[key]
  }
  return {
    kind,
    name: entry.name,
    file,
    at: yaml.place(path),
    description: entry.description ?? '',
    config: own,
    written: own,
    columns: columnsOf(entry.columns),
    tests: testsOf(entry, yaml, path),
    constraints: (entry['constraints'] as Json[] | undefined) ?? [],
    deprecationDate: dateText(entry['deprecation_date']),
    timeSpine: timeSpineOf(entry['time_spine']),
    ...(entry.relation ? { relation: entry.relation } : {}),
  }
}

function sourceOf(
  owner: z.output<Shapes['source']>,
  entry: z.output<Shapes['table']>,
  file: ProjectFile,
  yaml: YamlFile,
  path: PropertyKey[],
  written: unknown,
): SourceEntry {
  const { database, schema } = (written ?? {}) as { database?: string; schema?: string }
  return {
    file,
    at: yaml.place(path),
    source: owner.name,
    name: entry.name,
    database: owner.database ?? undefined,
    schema: owner.schema ?? owner.name,
    unrendered: { ...(database ? { database } : {}), ...(schema ? { schema } : {}) },
    identifier: entry.identifier ?? entry.name,
    loader: entry.loader ?? owner.loader ?? '',
    shared: owner,
    own: entry,
    quoting: { ...owner.quoting, ...entry.quoting },
    external: (entry['external'] as Json | undefined) ?? null,
    description: entry.description ?? '',
    sourceDescription: owner.description ?? '',
    columns: columnsOf(entry.columns),
    tests: testsOf(entry, yaml, path),
  }
}

function columnsOf(written: z.output<Shapes['columns']>): Record<string, ColumnInfo> {
  return Object.fromEntries(
    (written ?? []).map((entry) => [
      entry.name,
      {
        name: entry.name,
        description: entry.description ?? '',
        meta: { ...entry.meta, ...(entry.config?.['meta'] as Record<string, Json> | undefined) },
        data_type: entry.data_type ?? null,
        quote: entry.quote ?? null,
        tags: [...listOf(entry.tags), ...listOf(entry.config?.['tags'] as string[] | undefined)],
        constraints: entry.constraints ?? [],
        granularity: (entry['granularity'] as string | undefined) ?? null,
      },
    ]),
  )
}

function testsOf(
  entry: {
    tests?: z.output<Shapes['tests']>
    data_tests?: z.output<Shapes['tests']>
    columns?: z.output<Shapes['columns']>
  },
  yaml: YamlFile,
  path: PropertyKey[],
): TestEntry[] {
  const at = (
    part: typeof entry | z.output<Shapes['column']>,
    where: PropertyKey[],
    name?: string,
    inherited: string[] = [],
  ) =>
    (['data_tests', 'tests'] as const).flatMap((key) =>
      (part[key] ?? []).map((item, index) => ({
        entry: item,
        column: name,
        tags: inherited,
        at: yaml.place([...where, key, index]),
      })),
    )
  const own = at(entry, path)
  const ofColumns = (entry.columns ?? []).flatMap((part, index) =>
    at(
      part,
      [...path, 'columns', index],
      part.quote ? `"${part.name.replaceAll('"', '""')}"` : part.name,
      listOf(part.tags),
    ),
  )
  return [...own, ...ofColumns]
}

function listOf(written: z.output<Shapes['tags']>): string[] {
  return written === undefined || written === null ? [] : [written].flat()
}
