import type { z } from 'zod'
import { MillraceError, type Place, unknownName } from '../../../base/kernel/index.ts'
import type { Manifest, RefArgs } from '../node.ts'
import type { ProjectFile } from '../read/project-files.ts'

/** One entry of a properties file, with where it stands. */
export interface Entry {
  readonly package: string
  readonly file: ProjectFile
  readonly at: Place
  readonly written: Readonly<Record<string, unknown>>
}

/** The name of an entry. @throws MillraceError MODEL_INVALID */
export function nameOf(entry: Entry, kind: string): string {
  const { name } = entry.written
  if (typeof name === 'string' && /^\w[\w.-]*$/.test(name)) return name
  throw new MillraceError('MODEL_INVALID', `reading ${entry.file.originalPath}: ${kind} needs a \`name\``, {
    at: entry.at,
  })
}

/** A setting as a mapping; what is none counts as empty. */
export function mapping(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}

/** A setting as a list; one value alone is a list of one. */
export function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}

/** What every entry becomes in the manifest: where it stands and what it is called. */
export function placed(entry: Entry, kind: string, name: string) {
  const { package: owner, file } = entry
  return {
    name,
    resource_type: kind,
    package_name: owner,
    path: file.path,
    original_file_path: file.originalPath,
    unique_id: `${kind}.${owner}.${name}`,
    fqn: [owner, ...file.path.split('/').slice(0, -1), name],
  }
}

const REF =
  /^\s*ref\(\s*(['"])([^'"]+)\1\s*(?:,\s*(['"])([^'"]+)\3\s*)?(?:,\s*(?:v|version)\s*=\s*(['"]?)([\w.]+)\5\s*)?\)\s*$/
const SOURCE = /^\s*source\(\s*(['"])([^'"]+)\1\s*,\s*(['"])([^'"]+)\3\s*\)\s*$/
const METRIC = /^\s*metric\(\s*(['"])([^'"]+)\1\s*(?:,\s*(['"])([^'"]+)\3\s*)?\)\s*$/

/** One of `ref('…')`, `source('…', '…')` and `metric('…')` as it is written in a list of YAML. */
export type Reference =
  | { readonly kind: 'ref'; readonly ref: RefArgs }
  | { readonly kind: 'source'; readonly source: readonly [string, string] }
  | { readonly kind: 'metric'; readonly metric: readonly string[] }

/** Reads a reference. @throws MillraceError MODEL_INVALID */
export function referenceOf(text: unknown, entry: Entry): Reference {
  const written = String(text).replace(/^\s*\{\{\s*|\s*\}\}\s*$/g, '')
  const ref = REF.exec(written)
  if (ref) {
    const [, , first = '', , second, , version] = ref
    const number = version === undefined ? null : /^\d+$/.test(version) ? Number(version) : version
    return {
      kind: 'ref',
      ref: { name: second ?? first, package: second === undefined ? null : first, version: number },
    }
  }
  const source = SOURCE.exec(written)
  if (source) return { kind: 'source', source: [source[2] ?? '', source[4] ?? ''] }
  const metric = METRIC.exec(written)
  if (metric)
    return { kind: 'metric', metric: metric[4] === undefined ? [metric[2] ?? ''] : [metric[2] ?? '', metric[4]] }
  throw new MillraceError('MODEL_INVALID', `reading ${entry.file.originalPath}: "${written}" is no reference`, {
    at: entry.at,
    hint: "Write ref('model'), source('source', 'table') or metric('metric').",
  })
}

/** The unique id of the node that a `ref` of an entry means. @throws MillraceError REF_NOT_FOUND */
export function refId(manifest: Manifest, ref: RefArgs, entry: Entry): string {
  const found = manifest.refs.find(ref, entry.package)
  if (found) return found.unique_id
  const names = [...manifest.nodes.values()]
    .filter(({ resource_type: kind }) => kind !== 'test')
    .map(({ name }) => name)
  throw unknownName('REF_NOT_FOUND', `reading ${entry.file.originalPath}: the model`, ref.name, names, { at: entry.at })
}

/** The unique id of the source table that an entry means. @throws MillraceError SOURCE_NOT_FOUND */
export function sourceId(manifest: Manifest, [source, table]: readonly [string, string], entry: Entry): string {
  const found = [...manifest.sources.values()].filter((one) => one.source_name === source && one.name === table)
  const own = found.find((one) => one.package_name === entry.package) ?? found[0]
  if (own) return own.unique_id
  const names = [...manifest.sources.values()].map((one) => `${one.source_name}.${one.name}`)
  throw unknownName('SOURCE_NOT_FOUND', `reading ${entry.file.originalPath}: the source`, `${source}.${table}`, names, {
    at: entry.at,
  })
}

/** Checks the part of an entry that has to be there. @throws MillraceError MODEL_INVALID */
export function required<T>(entry: Entry, key: string, shape: z.ZodType<T>): T {
  const parsed = shape.safeParse(entry.written[key])
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new MillraceError(
    'MODEL_INVALID',
    `reading ${entry.file.originalPath}: ${String(entry.written['name'])}: \`${key}\`: ${issue?.message}`,
    {
      at: entry.at,
    },
  )
}
