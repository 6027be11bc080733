import { hash, randomUUID } from 'node:crypto'
import type { Invocation } from '../context/node-context.ts'
import type { ModelTemplates } from '../context/templates.ts'
import { noteMacroDependencies } from '../macro-dependencies.ts'
import { type ParsedProject, parseProject } from '../read/parse-project.ts'
import { readGraphEnds } from '../resources/read-graph-ends.ts'
import { loadProject, saveProject } from './cache-file.ts'
import { codeVersion } from './code-version.ts'
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
 * environment, what that one read is used again.
 * @throws MillraceError what `parseProject` throws
 */
export async function readProject(
  given: Invocation,
  templates: ModelTemplates,
  { file, use, keep }: PartialParse,
): Promise<ParsedProject & { readonly again: boolean }> {
  const key = use || keep ? keyOf(given) : ''
  const held = use ? loadProject(file, key, (reads) => readsTheSame(given, reads)) : undefined
  if (held) {
    for (const [message, kind] of held.logged) {
      if (typeof kind === 'string') given.warn(kind, message)
      else given.log(message, kind)
    }
    return { manifest: restoredManifest(held.manifest, given.project), warnings: held.warnings, again: true }
  }
  const watch = new Watch(given)
  const { invocation } = watch
  const { manifest, warnings } = await parseProject(invocation, templates)
  manifest.ends = readGraphEnds(invocation, manifest)
  noteMacroDependencies(manifest, invocation.macros, invocation.dialect.prefixes)
  const reads = keep ? watch.reads(randomUUID()) : undefined
  if (reads) saveProject(file, key, reads, { manifest: storedManifest(manifest), warnings, logged: watch.logged })
  return { manifest, warnings, again: false }
}

/** A digest of all that is known before the project is read. */
function keyOf({ dialect, target, vars, packages, flags, files }: Invocation): string {
  const seedSize = flags.named?.['maximum_seed_size_mib'] ?? null
  const projects = [...packages.values()].map(({ project }) => project)
  const inputs = [dialect.adapter, target, vars, [...packages], flags.storeFailures, seedSize, files.digest(projects)]
  return hash('sha256', JSON.stringify([codeVersion(), ...inputs]))
}
