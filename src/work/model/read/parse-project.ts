import type { Invocation } from '../context/node-context.ts'
import type { ModelTemplates } from '../context/templates.ts'
import { type DocBlocks, resolveDocs } from '../docs.ts'
import { linkManifest } from '../link.ts'
import type { Manifest } from '../node.ts'
import { descriptionsOf } from './descriptions.ts'
import { type ReadPackage, readPackage } from './read-package.ts'

/** A project as it was read. */
export interface ParsedProject {
  readonly manifest: Manifest
  /** Sentences about parts of the project that are not carried out here. */
  readonly warnings: readonly string[]
}

/**
 * Reads all files of a project and its packages into a manifest, without an engine.
 * @throws MillraceError MODEL_INVALID, MODEL_DUPLICATE, MODEL_CYCLE, REF_NOT_FOUND, SOURCE_NOT_FOUND, JINJA_*
 */
export async function parseProject(invocation: Invocation, templates: ModelTemplates): Promise<ParsedProject> {
  const read = new Map<string, ReadPackage>()
  for (const [name, owner] of invocation.packages) read.set(name, await readPackage({ invocation, templates, owner }))
  const root = invocation.project.name
  const blocks = new Map([...read].map(([name, { docs }]): [string, DocBlocks] => [name, docs]))
  for (const [name, { nodes, sources }] of read) {
    const render = descriptionsOf(invocation, name)
    for (const node of [...nodes, ...sources]) resolveDocs(node, blocks, [name, root], render)
  }
  const all = [...read.values()]
  const manifest = linkManifest(
    root,
    all.flatMap(({ nodes }) => nodes),
    all.flatMap(({ sources }) => sources),
    invocation.macros.nodes(),
    new Set([...invocation.packages.values()].flatMap(({ project }) => (project.restrictAccess ? [project.name] : []))),
  )
  manifest.docs = new Map([...blocks.values()].flatMap((own) => [...own.values()].map((one) => [one.unique_id, one])))
  return {
    manifest,
    warnings: [
      ...all.flatMap(({ properties }) =>
        properties.ignored.map(({ kind, file }) => `${file}: ${kind} are not carried out yet`),
      ),
    ],
  }
}
