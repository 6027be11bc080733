import { type NodeResult, resultOf } from '../command/result.ts'
import type { Session } from '../command/session.ts'
import type { Node } from '../node.ts'
import { checkColumns } from './check-columns.ts'

/**
 * `--check-columns`: the results of a run that is refused because of the columns of its nodes, the others skipped;
 * undefined when nothing speaks against running. What could not be checked is said.
 */
export async function refuseColumns(
  session: Session,
  nodes: readonly Node[],
): Promise<readonly NodeResult[] | undefined> {
  const { deps, invocation } = session
  const { adapter } = invocation.dialect
  if (adapter !== 'duckdb') {
    invocation.log(`Columns are not checked: --check-columns binds SQL of DuckDB, and this target is ${adapter}.`, true)
    return undefined
  }
  const startedMs = performance.now()
  const { checked, findings, left } = await checkColumns(session, nodes)
  const why = [...left].slice(0, SHOWN).map(([id, reason]) => `\n  ${id}: ${reason}`)
  const more = left.size > SHOWN ? `\n  and ${left.size - SHOWN} more` : ''
  const others = left.size === 0 ? '' : `; ${left.size} could not be checked:${why.join('')}${more}`
  invocation.log(`Columns of ${checked} nodes checked, ${findings.size} wrong${others}`, true)
  if (findings.size === 0) return undefined
  return nodes.map((node, at) => {
    const error = findings.get(node.unique_id)
    const told = resultOf(node, { startedMs, timing: [], message: SKIPPED, error, adapter })
    const result: NodeResult = error ? told : { ...told, status: 'skipped', executionMs: 0 }
    deps.onEvent?.({ kind: 'finished', node, result, index: at + 1, total: nodes.length })
    return result
  })
}

/** Nodes that are named with the reason why they were not checked. */
const SHOWN = 10
const SKIPPED = 'the columns of other nodes are wrong, so that nothing was run'
