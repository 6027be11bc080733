import { MillraceError } from '../../base/kernel/index.ts'
import { downstreams, topological } from './graph.ts'
import { isReferable, isRelational, type MacroNode, type Manifest, type Node, type SourceNode } from './node.ts'
import { refNotFound, sourceNotFound } from './read/unresolved.ts'
import { REFERABLE, RefLookup } from './ref-lookup.ts'

/**
 * Resolves every `ref` and `source` of a project's nodes and makes the graph.
 * @throws MillraceError MODEL_DUPLICATE, REF_NOT_FOUND, SOURCE_NOT_FOUND, MODEL_CYCLE
 */
export function linkManifest(
  project: string,
  all: readonly Node[],
  declared: readonly SourceNode[],
  macros: readonly MacroNode[],
  restricted: ReadonlySet<string> = new Set(),
): Manifest {
  const nodes = new Map<string, Node>()
  const disabled = new Map<string, Node>()
  for (const node of all) {
    const into = node.config.enabled ? nodes : disabled
    const first = into.get(node.unique_id)
    if (first && node.config.enabled) throw duplicate(first, node)
    into.set(node.unique_id, node)
  }
  const sources = new Map(declared.filter(({ config }) => config.enabled).map((source) => [source.unique_id, source]))
  const manifest = {
    project,
    nodes,
    refs: new RefLookup(project, nodes.values()),
    sources,
    macros: new Map(macros.map((macro) => [macro.unique_id, macro])),
    disabled,
  }
  refuseSharedRelations(nodes)
  const linked = { ...manifest, restricted }
  for (const node of nodes.values()) node.depends_on.nodes = upstreamsOf(linked, node)
  const dangling = [...nodes.values()].filter(
    (node) => (node.test_metadata || node.unit_test) && node.depends_on.nodes.includes(''),
  )
  for (const node of dangling) nodes.delete(node.unique_id)
  const parents = new Map<string, readonly string[]>()
  for (const id of sources.keys()) parents.set(id, [])
  for (const [id, node] of nodes) parents.set(id, node.depends_on.nodes)
  topological(parents)
  for (const node of nodes.values()) {
    if (!node.test_metadata) continue
    node.attached_node =
      node.depends_on.nodes.find((id) => node.file_key_name?.endsWith(`.${nodes.get(id)?.name}`)) ?? null
    // A test belongs to the group of what it tests.
    node.group = (node.attached_node === null ? undefined : nodes.get(node.attached_node)?.group) ?? node.group
  }
  return { ...manifest, parents, children: downstreams(parents) }
}

type Linked = Pick<Manifest, 'nodes' | 'sources' | 'disabled' | 'project' | 'refs'> & {
  /** Packages with `restrict-access`. */
  readonly restricted: ReadonlySet<string>
}

function upstreamsOf(manifest: Linked, node: Node): string[] {
  const { nodes, sources, disabled, refs } = manifest
  const text = node.test_metadata ? '' : node.raw_code
  const place = { file: node.original_file_path, text }
  const above = node.refs.map((written) => {
    const found = refs.find(written, node.package_name)
    if (found) {
      refuseAccess(manifest, node, found)
      return found.unique_id
    }
    const owners = written.package === null ? [manifest.project, node.package_name] : [written.package]
    const off = owners.some((owner) => REFERABLE.some((kind) => disabled.has(`${kind}.${owner}.${written.name}`)))
    // dbt drops a generic test on something disabled with its subject.
    if (off && (node.test_metadata || node.unit_test)) return ''
    const names = [...nodes.values()].filter(({ resource_type }) => resource_type !== 'test').map(({ name }) => name)
    throw refNotFound(place, written, names, off)
  })
  const tables = node.sources.map(([source, table]) => {
    const found = findSource(manifest, source, table, node.package_name)
    if (found) return found.unique_id
    const names = [...sources.values()].map((one) => `${one.source_name}.${one.name}`)
    throw sourceNotFound(place, source, table, names)
  })
  return [...new Set([...above, ...tables])]
}

/**
 * A private model is for the nodes of its group, and a protected one for its project, when that restricts access. A
 * test on a model may always read it.
 */
function refuseAccess(manifest: Linked, node: Node, found: Node): void {
  if (found.access === undefined || node.test_metadata || node.unit_test) return
  const at = { file: node.original_file_path }
  if (found.access === 'private' && (node.group === null || node.group !== found.group)) {
    throw new MillraceError(
      'MODEL_ACCESS',
      `reading ${node.original_file_path}: ${found.name} is private to the group "${found.group ?? ''}"`,
      { at, hint: `Put ${node.name} into that group, or make the access of ${found.name} protected.` },
    )
  }
  const foreign = node.package_name !== found.package_name
  if (foreign && found.access !== 'public' && manifest.restricted.has(found.package_name)) {
    throw new MillraceError(
      'MODEL_ACCESS',
      `reading ${node.original_file_path}: ${found.name} is ${found.access} in the package ${found.package_name}`,
      { at, hint: 'Refer to a public model of that package.' },
    )
  }
}

/** The table that a `source` in a package means, or undefined: the root project's, its own package's, any other's. */
export function findSource(
  { sources, project }: Pick<Manifest, 'sources' | 'project'>,
  source: string,
  table: string,
  from: string,
): SourceNode | undefined {
  const own = sources.get(`source.${project}.${source}.${table}`) ?? sources.get(`source.${from}.${source}.${table}`)
  return own ?? [...sources.values()].find((one) => one.source_name === source && one.name === table)
}

function duplicate(first: Node, second: Node): MillraceError {
  return new MillraceError(
    'MODEL_DUPLICATE',
    `reading the project: two ${first.resource_type}s are named "${first.name}"`,
    {
      at: { file: second.original_file_path },
      hint: `The other is ${first.original_file_path}. Rename one of them.`,
      data: { unique_id: first.unique_id, files: [first.original_file_path, second.original_file_path] },
    },
  )
}

function refuseSharedRelations(nodes: ReadonlyMap<string, Node>): void {
  const names = new Map<string, Node>()
  const relations = new Map<string, Node>()
  for (const node of nodes.values()) {
    if (!isReferable(node)) continue
    const key = `${node.package_name}.${node.unique_id.split('.').slice(2).join('.')}`
    const sameName = names.get(key)
    if (sameName) {
      throw new MillraceError(
        'MODEL_DUPLICATE',
        `reading the project: a ${sameName.resource_type} and a ${node.resource_type} are both named "${node.name}"`,
        {
          at: { file: node.original_file_path },
          hint: `ref('${node.name}') could mean either; the other is ${sameName.original_file_path}.`,
        },
      )
    }
    names.set(key, node)
    if (!isRelational(node) || node.relation_name === null) continue
    const relation = node.relation_name.toLowerCase()
    const sameRelation = relations.get(relation)
    if (sameRelation) {
      throw new MillraceError(
        'MODEL_DUPLICATE',
        `reading the project: "${sameRelation.name}" and "${node.name}" are both built as ${node.relation_name}`,
        {
          at: { file: node.original_file_path },
          hint: 'Give one of them another alias or schema.',
        },
      )
    }
    relations.set(relation, node)
  }
}
