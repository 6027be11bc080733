import { hookName, type Manifest, type Node, type NodeResult, type SourceNode } from '../../../work/model/index.ts'

/** What is worked on, in dbt's words: `sql view model main.orders`, `seed file main.codes`, `test unique_id`. */
export function describeNode(node: Node | SourceNode): string {
  switch (node.resource_type) {
    case 'source':
      return `freshness of ${node.source_name}.${node.name}`
    case 'model':
      return `${node.language} ${node.config.materialized} model ${relationWords(node)}`
    case 'seed':
      return `seed file ${relationWords(node)}`
    case 'snapshot':
      return `snapshot ${relationWords(node)}`
    case 'test':
      return `test ${node.name}`
    case 'operation':
      return `hook: ${hookName(node)}`
    default:
      return `${(node as { resource_type: string }).resource_type} ${(node as { name: string }).name}`
  }
}

function relationWords(node: Node): string {
  return `${node.schema}.${node.alias}`
}

/** How a node ended, in dbt's words, and what stands in brackets: `OK created sql view model main.a` and `OK`. */
export function describeResult(node: Node | SourceNode, result: NodeResult): { message: string; status: string } {
  const { status, message } = result
  const failed = status === 'error'
  if (status === 'skipped') {
    const what =
      node.resource_type === 'test' || node.resource_type === 'source' || node.resource_type === 'operation'
        ? describeNode(node)
        : `relation ${relationWords(node)}`
    return { message: `SKIP ${what}`, status: 'SKIP' }
  }
  const answer = failed ? 'ERROR' : (message ?? 'OK')
  switch (node.resource_type) {
    case 'source':
      return { message: `${freshWord(status)} ${describeNode(node)}`, status: freshWord(status) }
    case 'seed':
      return { message: `${failed ? 'ERROR loading' : 'OK loaded'} ${describeNode(node)}`, status: answer }
    case 'snapshot':
      return { message: `${failed ? 'ERROR snapshotting' : 'OK snapshotted'} ${relationWords(node)}`, status: answer }
    case 'operation':
      return { message: `${failed ? 'ERROR' : 'OK'} ${describeNode(node)}`, status: failed ? 'ERROR' : 'OK' }
    case 'model':
      return { message: `${failed ? 'ERROR creating' : 'OK created'} ${describeNode(node)}`, status: answer }
    default: {
      const counted = (status === 'fail' || status === 'warn') && result.failures !== null
      const word = `${status.toUpperCase()}${counted ? ` ${result.failures}` : ''}`
      return { message: `${word} ${node.name}`, status: word }
    }
  }
}

function freshWord(status: NodeResult['status']): string {
  if (status === 'error') return 'ERROR'
  if (status === 'warn') return 'WARN'
  return status === 'fail' ? 'ERROR STALE' : 'PASS'
}

/** `3 models, 2 data tests, 1 source`: what there is in a project. */
export function foundWords(manifest: Manifest): string {
  const counts = new Map<string, number>()
  const count = (type: string, by: number | undefined = 1): void => void counts.set(type, (counts.get(type) ?? 0) + by)
  for (const { resource_type: type } of manifest.nodes.values())
    count(type === 'test' ? 'data test' : type.replace('_', ' '))
  count('source', manifest.sources.size)
  const { ends } = manifest
  count('exposure', ends?.exposures.size)
  count('metric', ends?.metrics.size)
  count('macro', manifest.macros.size)
  count('group', ends?.groups.size)
  count('semantic model', ends?.semanticModels.size)
  count('saved query', ends?.savedQueries.size)
  return [...counts]
    .filter(([, number]) => number > 0)
    .map(([type, number]) => plural(number, type))
    .join(', ')
}

/** `1 seed, 2 table models, 5 data tests`: what was worked on. */
export function workedWords(nodes: readonly (Node | SourceNode)[]): string {
  const counts = new Map<string, number>()
  for (const node of nodes) {
    const kind = kindOf(node)
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return [...counts]
    .sort(([a], [b]) => (sortName(a) < sortName(b) ? -1 : 1))
    .map(([kind, number]) => plural(number, kind))
    .join(', ')
}

function kindOf(node: Node | SourceNode): string {
  if (node.resource_type === 'model') return `${node.config.materialized} model`
  if (node.resource_type === 'operation') return 'project hook'
  return node.resource_type === 'test' ? 'data test' : node.resource_type.replace('_', ' ')
}

function sortName(kind: string): string {
  return kind === 'data test' ? 'test' : kind
}

/** `1 seed`, `2 analyses`. */
export function plural(number: number, word: string): string {
  if (number === 1) return `1 ${word}`
  const many = word.endsWith('y')
    ? `${word.slice(0, -1)}ies`
    : word.endsWith('sis')
      ? `${word.slice(0, -2)}es`
      : `${word}s`
  return `${number} ${many}`
}
