import { reach } from '../graph.ts'
import type { Manifest, Node, SourceNode } from '../node.ts'
import { pythonStr } from '../python-text.ts'
import { isGlob, matchesGlob } from './glob.ts'
import { type Criterion, parseSelection, type SelectionSpec } from './selection-spec.ts'

/** What `--select` and `--exclude` say. */
export interface Selection {
  readonly select?: string | readonly string[]
  readonly exclude?: string | readonly string[]
  /**
   * Which tests come along with a selected model: those of any selected upstream (`eager`), only those of which
   * every upstream is selected (`cautious`), those whose upstreams are selected or above a selected one
   * (`buildable`), or none (`empty`).
   */
  readonly indirect?: IndirectSelection
}

export type IndirectSelection = 'eager' | 'cautious' | 'buildable' | 'empty'

interface Found {
  readonly direct: Set<string>
  /** Tests that wait for another of their upstreams to be selected. */
  readonly waiting: Set<string>
}

/**
 * The unique ids a selection names, sources included.
 * @throws MillraceError SELECTOR_INVALID
 */
export function selectNodes(manifest: Manifest, selection: Selection = {}): Set<string> {
  const indirect = selection.indirect ?? 'eager'
  const everything = [...manifest.nodes.keys(), ...manifest.sources.keys()]
  const named = parseSelection(selection.select ?? [])
  const included = named.length === 0 ? new Set(everything) : evaluate(manifest, named, indirect)
  const excluded = evaluate(manifest, parseSelection(selection.exclude ?? []), indirect)
  return new Set(everything.filter((id) => included.has(id) && !excluded.has(id)))
}

/** Words of a selection that match nothing; a door warns about them. */
export function unmatchedWords(manifest: Manifest, written: string | readonly string[] | undefined): string[] {
  return parseSelection(written ?? [])
    .filter((criteria) => evaluate(manifest, [criteria], 'eager').size === 0)
    .map((criteria) => criteria.map((criterion) => criterion.written).join(','))
}

function evaluate(manifest: Manifest, spec: SelectionSpec, indirect: IndirectSelection): Set<string> {
  const unions = spec.map((criteria) => {
    const found = criteria.map((criterion) => findCriterion(manifest, criterion, indirect))
    return settle(manifest, {
      direct: intersection(found.map(({ direct }) => direct)),
      waiting: intersection(found.map(({ direct, waiting }) => new Set([...direct, ...waiting]))),
    })
  })
  return settle(manifest, {
    direct: new Set(unions.flatMap(({ direct }) => [...direct])),
    waiting: new Set(unions.flatMap(({ waiting }) => [...waiting])),
  }).direct
}

/** Takes in the waiting tests of which every upstream is there by now. */
function settle(manifest: Manifest, { direct, waiting }: Found): Found {
  const ready = [...waiting].filter((id) => (manifest.parents.get(id) ?? []).every((parent) => direct.has(parent)))
  return { direct: new Set([...direct, ...ready]), waiting }
}

function intersection(sets: readonly Set<string>[]): Set<string> {
  const [first = new Set<string>(), ...rest] = sets
  return new Set([...first].filter((id) => rest.every((set) => set.has(id))))
}

function findCriterion(manifest: Manifest, criterion: Criterion, indirect: IndirectSelection): Found {
  const matched = new Set<string>()
  for (const node of [...manifest.nodes.values(), ...manifest.sources.values()]) {
    if (matches(manifest, node, criterion)) matched.add(node.unique_id)
  }
  const selected = new Set(matched)
  const add = (ids: Iterable<string>): void => {
    for (const id of ids) selected.add(id)
  }
  if (criterion.childrensParents) {
    const below = reach(matched, manifest.children)
    add(below)
    add(reach([...matched, ...below], manifest.parents))
  }
  add(reach(matched, manifest.parents, criterion.upstream))
  add(reach(matched, manifest.children, criterion.downstream))
  return withTests(manifest, selected, indirect)
}

function withTests(manifest: Manifest, selected: Set<string>, indirect: IndirectSelection): Found {
  const direct = new Set(selected)
  const waiting = new Set<string>()
  if (indirect === 'empty') return { direct, waiting }
  const buildable = new Set([...selected, ...reach(selected, manifest.parents), ...manifest.sources.keys()])
  for (const id of reach(selected, manifest.children, 1)) {
    if (manifest.nodes.get(id)?.resource_type !== 'test') continue
    const parents = manifest.parents.get(id) ?? []
    const all = (set: Set<string>): boolean => parents.every((parent) => set.has(parent))
    if (indirect === 'eager' || all(selected) || (indirect === 'buildable' && all(buildable))) direct.add(id)
    else waiting.add(id)
  }
  return { direct, waiting }
}

function matches(manifest: Manifest, node: Node | SourceNode, { method, value, arguments: path }: Criterion): boolean {
  switch (method) {
    case 'fqn':
      return node.resource_type !== 'source' && matchesFqn(node.fqn, value)
    case 'tag':
      return node.tags.some((tag) => matchesGlob(tag, value))
    case 'source':
      return node.resource_type === 'source' && matchesSource(node, value)
    case 'path':
      return matchesPath(node.original_file_path, value.replace(/^\.\//, '').replace(/\/+$/, ''))
    case 'file': {
      const name = node.original_file_path.split('/').at(-1) ?? ''
      return matchesGlob(name, value) || matchesGlob(name.replace(/\.[^.]+$/, ''), value)
    }
    case 'package':
      return matchesGlob(node.package_name, value === 'this' ? manifest.project : value)
    case 'config':
      return matchesConfig(node.config, path, value)
    case 'resource_type':
      return node.resource_type === value || (value === 'data_test' && node.resource_type === 'test')
    case 'test_type':
      return node.resource_type === 'test' && matchesTestType(node, value)
    case 'test_name':
      return node.resource_type === 'test' && matchesGlob(node.test_metadata?.name ?? node.name, value)
  }
}

/** A name, a dotted path from the package or from below it, or a pattern of either. */
function matchesFqn(fqn: readonly string[], value: string): boolean {
  return [fqn, fqn.slice(1)].some((parts) => {
    const leaf = parts.at(-1) ?? ''
    if (leaf === value) return true
    const flat = parts.flatMap((part) => part.split('.'))
    const wanted = value.split('.')
    if (flat.length < wanted.length) return false
    const wild = wanted.findIndex(isGlob)
    const fixed = wild < 0 ? wanted : wanted.slice(0, wild)
    if (!fixed.every((part, index) => flat[index] === part)) return false
    if (wild < 0) return true
    return (
      matchesGlob(flat.slice(wild).join('.'), wanted.slice(wild).join('.')) ||
      (wanted.length === 1 && matchesGlob(leaf, value))
    )
  })
}

function matchesSource(node: SourceNode, value: string): boolean {
  const parts = value.split('.')
  const [source = '*', table = '*'] = parts.length === 3 ? parts.slice(1) : parts
  const [owner = '*'] = parts.length === 3 ? parts : []
  return matchesGlob(node.package_name, owner) && matchesGlob(node.source_name, source) && matchesGlob(node.name, table)
}

function matchesPath(file: string, value: string): boolean {
  const folders = file.split('/').map((_, index, all) => all.slice(0, index + 1).join('/'))
  return folders.some((folder) => matchesGlob(folder, value))
}

function matchesTestType(node: Node, value: string): boolean {
  if (value === 'data') return true
  return node.test_metadata ? value === 'generic' || value === 'schema' : value === 'singular'
}

function matchesConfig(config: object, path: readonly string[], value: string): boolean {
  let found: unknown = config
  for (const key of path) found = (found as Record<string, unknown> | null | undefined)?.[key]
  if (found === undefined || found === null) return false
  const agrees = (item: unknown): boolean =>
    pythonStr(item) === value || (typeof item === 'boolean' && String(item) === value.toLowerCase())
  if (Array.isArray(found)) return found.some(agrees)
  if (typeof found === 'object') return value in found
  return agrees(found)
}
