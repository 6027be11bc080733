import { reach } from '../graph.ts'
import type { Manifest, Node } from '../node.ts'
import { type SelectionGraph, selectionGraph } from '../select/selectable.ts'
import { comparison, type ModifiedPart } from '../state/compare-nodes.ts'
import type { PreviousManifest, PreviousNode } from '../state/previous-state.ts'
import { type DiffLine, lineDiff } from './line-diff.ts'

/** What became of a node since a state was written. */
export interface NodeChange {
  readonly unique_id: string
  readonly name: string
  readonly resource_type: string
  readonly file: string
  /** `indirect`: unchanged itself, but built on something that is not. */
  readonly change: 'added' | 'removed' | 'modified' | 'indirect'
  /** What was modified: `body`, `configs`, `relation`, `contract`, `descriptions`, `macros`. */
  readonly parts: readonly string[]
  /** Changed nodes that an indirect change comes from. */
  readonly because: readonly string[]
  readonly diff: readonly DiffLine[]
  /** How a run builds it; absent for what is not built. */
  readonly build?: string
}

const PARTS: readonly (readonly [ModifiedPart, string])[] = [
  ['modified.body', 'body'],
  ['modified.configs', 'configs'],
  ['modified.relation', 'relation'],
  ['modified.contract', 'contract'],
  ['modified.persisted_descriptions', 'descriptions'],
]

/** Says what changed in a project since a state, and what that changes further down. Pure. */
export function planChanges(manifest: Manifest, previous: PreviousManifest, only?: ReadonlySet<string>): NodeChange[] {
  const graph = selectionGraph(manifest)
  const compared = comparison(graph, previous)
  const changed = new Map<string, NodeChange>()
  for (const node of graph.members.values()) {
    const old = previous.members.get(node.unique_id)
    if (old && !compared.isModified(node)) continue
    if (!old && node.resource_type === 'test' && isTestOfNew(graph, previous, node.unique_id)) continue
    const parts = old ? PARTS.filter(([part]) => compared.part(node, part)).map(([, word]) => word) : []
    if (old && compared.macros(node)) parts.push('macros')
    const [before, after] = [codeOf(old), codeOf(node as unknown as Readonly<Record<string, unknown>>)]
    changed.set(node.unique_id, {
      ...said(node),
      change: old ? 'modified' : 'added',
      parts,
      because: [],
      diff: old ? lineDiff(before, after) : [],
      ...buildOf(manifest.nodes.get(node.unique_id)),
    })
  }
  const own = [...changed.keys()]
  const below = reach(own, graph.children)
  for (const id of below) {
    const node = graph.members.get(id)
    if (!node || changed.has(id)) continue
    const above = reach([id], graph.parents)
    const because = own.filter((one) => above.has(one)).map((one) => changed.get(one)?.name ?? one)
    changed.set(id, {
      ...said(node),
      change: 'indirect',
      parts: [],
      because,
      diff: [],
      ...buildOf(manifest.nodes.get(id)),
    })
  }
  const removed = [...previous.members.values()]
    .filter(({ unique_id: id }) => !graph.members.has(id))
    .map((node): NodeChange => ({ ...said(node), change: 'removed', parts: [], because: [], diff: [] }))
  const all = [...graph.members.keys()].flatMap((id) => changed.get(id) ?? [])
  return [...all, ...removed].filter(({ unique_id: id, change }) => !only || change === 'removed' || only.has(id))
}

/** A new test on a new node says nothing that the node does not. */
function isTestOfNew(graph: SelectionGraph, previous: PreviousManifest, id: string): boolean {
  const parents = graph.parents.get(id) ?? []
  return parents.length > 0 && parents.some((parent) => !previous.members.has(parent))
}

function said(node: { unique_id: string; name: string; resource_type: string; original_file_path: string }) {
  const { unique_id, name, resource_type, original_file_path: file } = node
  return { unique_id, name, resource_type, file }
}

function codeOf(node: PreviousNode | Readonly<Record<string, unknown>> | undefined): string {
  const code = node?.['raw_code' as keyof typeof node]
  return typeof code === 'string' ? code : ''
}

function buildOf(node: Node | undefined): { readonly build?: string } {
  if (!node) return {}
  if (node.resource_type === 'analysis' || node.resource_type === 'operation') return {}
  return { build: node.resource_type === 'test' ? 'test' : node.config.materialized }
}
