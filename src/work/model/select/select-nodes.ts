import { MillraceError, unknownName } from '../../../base/kernel/index.ts'
import { reach } from '../graph.ts'
import { matchesGlob } from './glob.ts'
import { METHODS } from './methods/index.ts'
import type { SelectionGraph } from './selectable.ts'
import { type Criterion, type IndirectSelection, parseSelection, type SelectionSpec } from './selection-spec.ts'

/** What `--select`, `--exclude` and `--selector` say. */
export interface Selection {
  readonly select?: string | readonly string[]
  readonly exclude?: string | readonly string[]
  /** The name of a selector of selectors.yml, in place of the other two. */
  readonly selector?: string
  readonly indirect?: IndirectSelection
}

/** The selectors of selectors.yml by name. */
export type Selectors = ReadonlyMap<string, SelectionSpec>

/** What a selection found. */
export interface Selected {
  /** Unique ids in the order of the graph. */
  readonly ids: ReadonlySet<string>
  /** Parts of it, as they were written, that match nothing. */
  readonly unmatched: readonly string[]
}

interface Found {
  readonly direct: Set<string>
  /** Tests that wait for another of their upstreams to be selected. */
  readonly waiting: Set<string>
}

/**
 * The unique ids that a selection names.
 * @throws MillraceError SELECTOR_INVALID
 */
export function selectNodes(
  graph: SelectionGraph,
  selection: Selection = {},
  selectors: Selectors = new Map(),
): Selected {
  const search = new Search(graph, selectors)
  const spec = specOf(selection, selectors)
  const selected = spec === undefined ? new Set(graph.members.keys()) : search.find(spec).direct
  return {
    ids: new Set([...graph.members.keys()].filter((id) => selected.has(id))),
    unmatched: search.unmatched,
  }
}

/** A selection as one specification; undefined when it takes everything. */
function specOf({ select = [], exclude = [], selector, indirect = 'eager' }: Selection, selectors: Selectors) {
  if (selector !== undefined) {
    const named = selectors.get(selector)
    if (named) return named
    throw unknownName('SELECTOR_INVALID', 'the selector', selector, selectors.keys())
  }
  const [included, excluded] = [parseSelection(select, indirect), parseSelection(exclude, indirect)]
  if (included.parts.length + excluded.parts.length === 0) return undefined
  const all = included.parts.length > 0 ? included : parseSelection(EVERYTHING, indirect)
  const quiet =
    included.parts.length > 0 ? all : { ...all, parts: all.parts.map((part) => ({ ...part, expected: false })) }
  return { kind: 'difference', parts: [quiet, excluded], indirect: 'eager', expected: false, written: '' } as const
}

const EVERYTHING = ['fqn:*', 'source:*', 'exposure:*', 'metric:*', 'semantic_model:*']

class Search {
  readonly unmatched: string[] = []
  readonly #graph: SelectionGraph
  readonly #selectors: Selectors
  /** The selectors that are being looked up, to see a circle. */
  readonly #open: string[] = []

  constructor(graph: SelectionGraph, selectors: Selectors) {
    this.#graph = graph
    this.#selectors = selectors
  }

  find(spec: SelectionSpec): Found {
    if (spec.kind === 'criterion') return this.#findCriterion(spec)
    const parts = spec.parts.map((part) => this.find(part))
    const combine = COMBINE[spec.kind]
    const waiting = combine(parts.map(({ direct, waiting }) => new Set([...direct, ...waiting])))
    const direct = this.#settle(combine(parts.map((part) => part.direct)), waiting, spec.indirect)
    if (spec.expected && direct.size === 0) this.unmatched.push(spec.written)
    return { direct, waiting }
  }

  /** Takes in the waiting tests whose upstreams are there by now. */
  #settle(direct: Set<string>, waiting: ReadonlySet<string>, indirect: IndirectSelection): Set<string> {
    if (indirect !== 'cautious' && indirect !== 'buildable') return direct
    const there = indirect === 'cautious' ? direct : new Set([...direct, ...reach(direct, this.#graph.parents)])
    const ready = [...waiting].filter(
      (id) => this.#isDataTest(id) && this.#parentsOf(id).every((one) => there.has(one)),
    )
    return new Set([...direct, ...ready])
  }

  #findCriterion(criterion: Criterion): Found {
    const { parents, children } = this.#graph
    const matched = criterion.method === 'selector' ? this.#bySelector(criterion) : this.#byMethod(criterion)
    const selected = new Set(matched)
    const add = (ids: Iterable<string>): void => {
      for (const id of ids) selected.add(id)
    }
    if (criterion.childrensParents) {
      const below = reach(matched, children)
      add(below)
      add(reach([...matched, ...below], parents))
    }
    if (criterion.upstream > 0) add(reach(matched, parents, criterion.upstream))
    if (criterion.downstream > 0) add(reach(matched, children, criterion.downstream))
    // A selector has brought its tests itself, and may have left some out.
    if (criterion.method === 'selector' || criterion.indirect === 'empty')
      return { direct: selected, waiting: new Set() }
    return this.#withTests(selected, criterion.indirect)
  }

  #byMethod(criterion: Criterion): Set<string> {
    const method = criterion.method as keyof typeof METHODS
    const matches = METHODS[method](criterion, this.#graph)
    const found = new Set<string>()
    for (const [id, node] of this.#graph.members) if (matches(node)) found.add(id)
    return found
  }

  #bySelector(criterion: Criterion): Set<string> {
    const wanted = String(criterion.value)
    const names = [...this.#selectors.keys()].filter((name) => matchesGlob(name, wanted)).sort()
    if (names.length === 0) {
      throw unknownName('SELECTOR_INVALID', 'the selector', wanted, this.#selectors.keys())
    }
    const found = new Set<string>()
    for (const name of names) {
      if (this.#open.includes(name)) {
        throw new MillraceError('SELECTOR_INVALID', `the selectors ${[...this.#open, name].join(' → ')} are a circle`, {
          hint: 'A selector cannot be made of itself.',
        })
      }
      this.#open.push(name)
      const spec = this.#selectors.get(name)
      if (spec) for (const id of this.find(spec).direct) found.add(id)
      this.#open.pop()
    }
    return found
  }

  #withTests(selected: Set<string>, indirect: IndirectSelection): Found {
    const { parents, children, members } = this.#graph
    const direct = new Set(selected)
    const waiting = new Set<string>()
    const buildable = new Set(selected)
    if (indirect === 'buildable') {
      for (const id of reach(selected, parents)) buildable.add(id)
      for (const [id, { resource_type: type }] of members) if (type === 'source') buildable.add(id)
    }
    for (const from of selected) {
      for (const id of children.get(from) ?? []) {
        if (!this.#isDataTest(id) && members.get(id)?.resource_type !== 'unit_test') continue
        const all = (set: Set<string>): boolean => this.#parentsOf(id).every((parent) => set.has(parent))
        if (indirect === 'eager' || all(selected) || (indirect === 'buildable' && all(buildable))) direct.add(id)
        else waiting.add(id)
      }
    }
    return { direct, waiting }
  }

  #isDataTest(id: string): boolean {
    return this.#graph.members.get(id)?.resource_type === 'test'
  }

  #parentsOf(id: string): readonly string[] {
    return this.#graph.parents.get(id) ?? []
  }
}

const COMBINE = {
  union: (sets: readonly Set<string>[]) => new Set(sets.flatMap((set) => [...set])),
  intersection: ([first = new Set<string>(), ...rest]: readonly Set<string>[]) =>
    new Set([...first].filter((id) => rest.every((set) => set.has(id)))),
  difference: ([first = new Set<string>(), ...rest]: readonly Set<string>[]) =>
    new Set([...first].filter((id) => !rest.some((set) => set.has(id)))),
} as const
