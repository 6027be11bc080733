import { MillraceError, unknownName } from '../../../base/kernel/index.ts'
import { parseYaml } from '../../../base/project/index.ts'
import { yamlRenderer } from '../context/base-context.ts'
import { yamlGlobals } from '../context/invocation-globals.ts'
import type { Invocation } from '../context/node-context.ts'
import { blocksByPackage, resolveDocs } from '../docs.ts'
import { topological } from '../graph.ts'
import type { Manifest, Node } from '../node.ts'
import { descriptionsOf } from '../read/descriptions.ts'
import { hasTemplate, renderYaml } from '../read/render-yaml.ts'
import { renderedLater } from '../read/rendered-later.ts'
import { type Entry, mapping, nameOf, placed } from './entry.ts'
import { exposureOf } from './exposure.ts'
import type { GraphEnd, GraphEnds, Group } from './graph-ends.ts'
import { patchMacros } from './macro-patches.ts'
import { linkMetrics, metricOf, savedQueryOf, semanticModelOf } from './semantic-layer.ts'

const SECTIONS = ['exposures', 'metrics', 'semantic_models', 'saved_queries', 'groups', 'macros'] as const
type Section = (typeof SECTIONS)[number]

/**
 * Reads the exposures, metrics, semantic models, saved queries and groups of a project and its packages, and puts
 * them into the manifest's graph; what properties files say of macros goes to these.
 * @throws MillraceError MODEL_INVALID, MODEL_DUPLICATE, MODEL_CYCLE, REF_NOT_FOUND, SOURCE_NOT_FOUND
 */
export function readGraphEnds(invocation: Invocation, manifest: Manifest): GraphEnds {
  const entries = readEntries(invocation)
  const of = (section: Section): readonly Entry[] => entries.get(section) ?? []
  const semanticModels = byId(of('semantic_models').map((entry) => semanticModelOf(entry, manifest)))
  const metrics = byId(of('metrics').map(metricOf))
  linkMetrics(metrics, semanticModels)
  const ends: GraphEnds = {
    semanticModels,
    metrics,
    savedQueries: byId(of('saved_queries').map((entry) => savedQueryOf(entry, metrics, invocation.target))),
    exposures: byId(of('exposures').map((entry) => exposureOf(entry, manifest))),
    groups: new Map(
      of('groups')
        .map(groupOf)
        .map((group) => [group.unique_id, group]),
    ),
  }
  refuseUnknownGroups(manifest, ends)
  patchMacros(invocation, manifest, of('macros'))
  const described = [...ends.exposures.values(), ...ends.metrics.values(), ...ends.semanticModels.values()]
  for (const one of [...described, ...ends.savedQueries.values()]) describe(invocation, manifest, one)
  const { parents, children } = manifest
  for (const part of [ends.semanticModels, ends.metrics, ends.savedQueries, ends.exposures]) {
    for (const [id, { depends_on: above }] of part) {
      parents.set(id, above.nodes)
      children.set(id, [])
    }
  }
  for (const part of [ends.semanticModels, ends.metrics, ends.savedQueries, ends.exposures]) {
    for (const [id, { depends_on: above }] of part) {
      for (const parent of above.nodes) children.set(parent, [...(children.get(parent) ?? []), id])
    }
  }
  if (metrics.size > 0) topological(parents)
  return ends
}

function refuseUnknownGroups({ nodes }: Manifest, ends: GraphEnds): void {
  const names = [...ends.groups.values()].map(({ name }) => name)
  const known = new Set(names)
  const others = [...ends.metrics.values(), ...ends.semanticModels.values(), ...ends.savedQueries.values()]
  for (const { name, group, original_file_path: file } of [...nodes.values(), ...others] as readonly Grouped[]) {
    if (typeof group !== 'string' || known.has(group)) continue
    throw unknownName('MODEL_INVALID', `reading ${file}: ${name}: the group`, group, names, { at: { file } })
  }
}

type Grouped = Pick<Node, 'name' | 'original_file_path'> & { readonly group?: unknown }

/** Renders the description of an exposure or its like. */
function describe(invocation: Invocation, manifest: Manifest, end: GraphEnd): void {
  const { description, package_name: owner } = end
  if (typeof description !== 'string' || !hasTemplate(description)) return
  const node = { ...end, description, columns: {} }
  resolveDocs(
    node,
    blocksByPackage(manifest.docs ?? new Map()),
    [owner, invocation.project.name],
    descriptionsOf(invocation, owner),
  )
  Object.assign(end, { description: node.description })
}

function readEntries(invocation: Invocation): Map<Section, Entry[]> {
  const entries = new Map<Section, Entry[]>()
  for (const [name, { project, vars }] of invocation.packages) {
    for (const file of invocation.files.of(project, 'ends')) {
      if (!SECTIONS.some((section) => file.text.includes(`${section}:`))) continue
      const yaml = parseYaml(file.text.trimEnd(), file.originalPath, 'MODEL_INVALID', 'python')
      const render = yamlRenderer(
        { file: file.originalPath, vars, environment: invocation.environment },
        yamlGlobals(invocation),
      )
      for (const section of SECTIONS) {
        const written = mapping(yaml.data)[section]
        if (!Array.isArray(written)) continue
        const own = entries.get(section) ?? []
        entries.set(section, own)
        for (const [index, one] of written.entries()) {
          const rendered = renderYaml(one, render, (path) => renderedLater(section, path))
          own.push({ package: name, file, at: yaml.place([section, index]), written: mapping(rendered) })
        }
      }
    }
  }
  return entries
}

function byId(ends: readonly GraphEnd[]): Map<string, GraphEnd> {
  const found = new Map<string, GraphEnd>()
  for (const end of ends) {
    if ((end.config as { enabled?: boolean }).enabled === false) continue
    const first = found.get(end.unique_id)
    if (first) {
      throw new MillraceError(
        'MODEL_DUPLICATE',
        `reading the project: two of ${end.resource_type.replace('_', ' ')} are named "${end.name}"`,
        {
          at: { file: end.original_file_path },
          hint: `The other is in ${first.original_file_path}. Rename one of them.`,
        },
      )
    }
    found.set(end.unique_id, end)
  }
  return found
}

function groupOf(entry: Entry): Group {
  const name = nameOf(entry, 'a group')
  const { fqn: _, ...place } = placed(entry, 'group', name)
  const config = mapping(entry.written['config'])
  return {
    ...place,
    resource_type: 'group',
    owner: (entry.written['owner'] ?? {}) as Group['owner'],
    description: (entry.written['description'] as string | undefined) ?? null,
    config: { meta: mapping(config['meta']) as Group['config']['meta'] },
  }
}
