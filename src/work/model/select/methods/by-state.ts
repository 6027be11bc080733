import { comparison } from '../../state/compare-nodes.ts'
import { refused, type SelectionMethodOf, textOf } from './selection-method.ts'

const STATES = [
  'modified',
  'unmodified',
  'new',
  'old',
  'modified.body',
  'modified.configs',
  'modified.relation',
  'modified.macros',
  'modified.contract',
  'modified.persisted_descriptions',
] as const

/** `state:modified` and its parts, `new`, `old`, `unmodified`: against the manifest of `--state`. */
export const byState: SelectionMethodOf = (criterion, graph) => {
  const value = textOf(criterion)
  const state = STATES.find((known) => known === value)
  if (!state) throw refused(criterion, `there is no state "${value}"`, `There are: ${STATES.join(', ')}.`)
  const previous = graph.previous?.manifest
  if (!previous) {
    const where = graph.previous ? `There is no manifest.json in ${graph.previous.folder}. ` : ''
    throw refused(
      criterion,
      'there is no manifest to compare with',
      `${where}Name the target folder of an earlier run with --state.`,
    )
  }
  const compared = comparison(graph, previous)
  const old = (id: string) => previous.members.get(id)
  switch (state) {
    case 'new':
      return ({ unique_id }) => old(unique_id) === undefined
    case 'old':
      return ({ unique_id }) => old(unique_id) !== undefined
    case 'modified':
      return (node) => compared.isModified(node)
    case 'unmodified':
      return (node) => !compared.isModified(node)
    case 'modified.macros':
      return (node) => compared.macros(node)
    default:
      return (node) => compared.part(node, state)
  }
}

/** `result:error`, `result:fail` …: how the node ended in the run whose target folder is given by `--state`. */
export const byResult: SelectionMethodOf = (criterion, graph) => {
  const results = graph.previous?.results
  if (!results) {
    throw refused(
      criterion,
      'there is no run_results.json to look into',
      'Name the target folder of an earlier run with --state.',
    )
  }
  const value = textOf(criterion)
  return (node) => results.get(node.unique_id) === value
}

/** `source_status:fresher`: sources with newer data than when the sources.json of `--state` was written. */
export const bySourceStatus: SelectionMethodOf = (criterion, graph) => {
  const { sources, currentSources } = graph.previous ?? {}
  if (!sources || !currentSources) {
    throw refused(
      criterion,
      `there is no sources.json ${sources ? 'of now' : 'of an earlier run'} to compare`,
      'Run `source freshness` now, and name the target folder of an earlier one with --state.',
    )
  }
  const fresher = new Set<string>()
  for (const [id, loaded] of currentSources) {
    if (loaded === null || sources.get(id) === null) continue
    const before = sources.get(id)
    if (before === undefined || (before !== null && Date.parse(loaded) > Date.parse(before))) fresher.add(id)
  }
  const value = textOf(criterion)
  return (node) => value === 'fresher' && fresher.has(node.unique_id)
}
