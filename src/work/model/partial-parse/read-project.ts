import { hash, randomUUID } from 'node:crypto'
import type { Invocation } from '../context/node-context.ts'
import type { ModelTemplates } from '../context/templates.ts'
import { noteMacroDependencies } from '../macro-dependencies.ts'
import type { DbtProject } from '../read/dbt-project.ts'
import { type ParsedProject, parseProject } from '../read/parse-project.ts'
import { readGraphEnds } from '../resources/read-graph-ends.ts'
import { checkUnitTests } from '../unit-test/check-unit-tests.ts'
import { readKept, saveProject } from './cache-file.ts'
import { codeVersion } from './code-version.ts'
import { KeptReadings } from './kept-readings.ts'
import { readsTheSame, Watch } from './outside-reads.ts'
import { restoredManifest, storedManifest } from './stored-manifest.ts'

/** Where what was read is kept, and whether it may be used. */
export interface PartialParse {
  /** Absolute path of the file. */
  readonly file: string
  readonly use: boolean
  readonly keep: boolean
}

/**
 * Reads a project and its packages into a manifest. When the last command read the same files, variables, target and
 * environment, what that one read is used again. When only files of nodes have changed, all is put together anew, but
 * nodes that are as they were are not rendered again.
 * @throws MillraceError what `parseProject` throws
 */
export async function readProject(
  given: Invocation,
  templates: ModelTemplates,
  { file, use, keep }: PartialParse,
): Promise<ParsedProject & { readonly again: boolean }> {
  const key = use || keep ? keyOf(given) : ''
  const kept = use ? readKept(file) : undefined
  const held = kept?.project(key, (reads) => readsTheSame(given, reads))
  if (held) {
    for (const [message, kind] of held.logged) {
      if (typeof kind === 'string') given.warn(kind, message)
      else given.log(message, kind)
    }
    return { manifest: restoredManifest(held.manifest, given.project), warnings: held.warnings, again: true }
  }
  const watch = new Watch(given)
  const renderedWith = use || keep ? renderingKeyOf(given) : ''
  const readings = new KeptReadings(kept?.readings(renderedWith) ?? [], () => watch.times)
  const invocation: Invocation = { ...watch.invocation, readings }
  const { manifest, warnings } = await parseProject(invocation, templates)
  manifest.ends = readGraphEnds(invocation, manifest)
  noteMacroDependencies(manifest, invocation.macros, invocation.dialect.prefixes)
  checkUnitTests(manifest)
  const reads = keep ? watch.reads(randomUUID()) : undefined
  if (reads) {
    const project = { manifest: storedManifest(manifest), warnings, logged: watch.logged }
    saveProject(file, { key, reads }, project, { key: renderedWith, all: readings.readings })
  }
  return { manifest, warnings, again: false }
}

/** A digest of all that is known before the project is read. */
function keyOf(invocation: Invocation): string {
  const seedSize = invocation.flags.named?.['maximum_seed_size_mib'] ?? null
  return hash(
    'sha256',
    JSON.stringify([settingsOf(invocation), seedSize, invocation.files.digest(projectsOf(invocation))]),
  )
}

/** A digest of what a node is rendered with, besides what is said of it and what a watch tells. */
function renderingKeyOf(invocation: Invocation): string {
  return hash(
    'sha256',
    JSON.stringify([settingsOf(invocation), invocation.files.digest(projectsOf(invocation), ['macros'])]),
  )
}

function settingsOf({ dialect, target, vars, packages, flags }: Invocation): unknown {
  return [codeVersion(), dialect.adapter, target, vars, [...packages], flags.storeFailures]
}

function projectsOf({ packages }: Invocation): readonly DbtProject[] {
  return [...packages.values()].map(({ project }) => project)
}
