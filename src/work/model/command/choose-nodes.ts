import { unknownName } from '../../../base/kernel/index.ts'
import type { Manifest } from '../node.ts'
import { type Selected, selectNodes } from '../select/select-nodes.ts'
import { type Selectable, selectionGraph } from '../select/selectable.ts'
import type { SelectorFile } from '../select/yaml-selectors.ts'
import type { PreviousState } from '../state/previous-state.ts'
import type { DbtCommand, DbtOptions } from './options.ts'

const EXECUTABLE = ['model', 'seed', 'snapshot', 'test', 'analysis', 'operation', 'function'] as const

/** The kinds of nodes that each command works on, and those that it knows beside them. */
const KINDS: Record<DbtCommand, { readonly usual: readonly string[]; readonly more?: readonly string[] }> = {
  parse: { usual: [] },
  ls: {
    usual: [
      'model',
      'snapshot',
      'seed',
      'test',
      'source',
      'exposure',
      'metric',
      'saved_query',
      'semantic_model',
      'unit_test',
      'function',
    ],
    more: ['analysis'],
  },
  compile: { usual: EXECUTABLE },
  show: { usual: EXECUTABLE },
  run: { usual: ['model'] },
  test: { usual: ['test', 'unit_test'] },
  seed: { usual: ['seed'] },
  snapshot: { usual: ['snapshot'] },
  build: {
    usual: ['model', 'seed', 'snapshot', 'test', 'unit_test', 'function', 'saved_query', 'exposure'],
  },
  clone: { usual: ['model', 'seed', 'snapshot'] },
  'docs generate': { usual: EXECUTABLE },
  'source freshness': { usual: ['source'] },
  'run-operation': { usual: [] },
  retry: { usual: [] },
}

/**
 * The nodes that a command works on: what is selected, as far as the command knows such nodes.
 * @throws MillraceError SELECTOR_INVALID, OPTION_INVALID for an unknown type of resource
 */
export function chooseNodes(
  command: DbtCommand,
  options: DbtOptions,
  project: { readonly manifest: Manifest; readonly selectors: SelectorFile; readonly previous?: PreviousState },
): Selected {
  const { select, exclude, indirectSelection: indirect, ids } = options
  if (ids) return { ids: new Set(ids.filter((id) => project.manifest.nodes.has(id))), unmatched: [] }
  const graph = selectionGraph(project.manifest, project.previous)
  const given = [...(select ?? []), ...(exclude ?? [])].length > 0
  const selector = options.selector ?? (given ? undefined : project.selectors.byDefault)
  const found = selectNodes(
    graph,
    {
      ...(select === undefined ? {} : { select }),
      ...(exclude === undefined ? {} : { exclude }),
      ...(selector === undefined ? {} : { selector }),
      ...(indirect === undefined ? {} : { indirect }),
    },
    project.selectors.selectors,
  )
  const kinds = chooseKinds(command, options)
  const wanted = (node: Selectable | undefined): boolean => node !== undefined && kinds.has(node.resource_type)
  // A file without code is listed, but there is nothing to run.
  const empty = (id: string): boolean => {
    const node = project.manifest.nodes.get(id)
    return node !== undefined && node.resource_type === 'model' && node.raw_code.trim() === ''
  }
  const works = command === 'ls' || command === 'docs generate' ? () => true : (id: string) => !empty(id)
  return { ...found, ids: new Set([...found.ids].filter((id) => wanted(graph.members.get(id)) && works(id))) }
}

/** The kinds of nodes of a command, as far as the flags leave them. @throws MillraceError OPTION_INVALID */
export function chooseKinds(
  command: DbtCommand,
  { resourceTypes = [], excludeResourceTypes = [] }: Pick<DbtOptions, 'resourceTypes' | 'excludeResourceTypes'>,
): Set<string> {
  const { usual, more = [] } = KINDS[command]
  const all = [...usual, ...more]
  const expand = (words: readonly string[]): string[] =>
    words.flatMap((word) => {
      if (word === 'all') return all
      if (word === 'default') return [...usual]
      const name = word === 'data_test' ? 'test' : word
      if (RESOURCE_TYPES.includes(name)) return [name]
      throw unknownName('OPTION_INVALID', 'the type of resource', word, [...RESOURCE_TYPES, 'all', 'default'])
    })
  const wanted = resourceTypes.length > 0 ? expand(resourceTypes).filter((kind) => all.includes(kind)) : usual
  const unwanted = new Set(expand(excludeResourceTypes))
  return new Set(wanted.filter((kind) => !unwanted.has(kind)))
}

const RESOURCE_TYPES: readonly string[] = [...KINDS.ls.usual, ...(KINDS.ls.more ?? [])]
