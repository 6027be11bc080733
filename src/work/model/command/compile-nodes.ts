import { asMillraceError, type MillraceError } from '../../../base/kernel/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import { CodeFiles } from '../artifacts/code-files.ts'
import { compileNode } from '../compile.ts'
import type { Node } from '../node.ts'
import { withoutDatabase } from './no-introspection.ts'
import { type NodeResult, resultOf } from './result.ts'
import { connectTo } from './run-node.ts'
import type { Session } from './session.ts'

/** Compiles nodes and keeps their SQL below `target/compiled`. A node that cannot be compiled is a result. */
export async function compileNodes(session: Session, nodes: readonly Node[]): Promise<NodeResult[]> {
  const { deps, invocation } = session
  // Most code says what it becomes without the database.
  let opened: Promise<EngineConnection> | undefined
  const connect = (): Promise<EngineConnection> => {
    opened ??=
      session.options.introspect === false
        ? Promise.resolve(withoutDatabase(invocation.dialect, deps.database))
        : connectTo(deps, invocation.dialect)
    return opened
  }
  await using _ = { [Symbol.asyncDispose]: async () => (await opened?.catch(() => undefined))?.[Symbol.asyncDispose]() }
  using files = new CodeFiles(invocation)
  const results: NodeResult[] = []
  for (const node of nodes) {
    const started = { at: new Date(), ms: performance.now() }
    let error: MillraceError | undefined
    try {
      const sql = await compileNode(session, node, { connect })
      if (deps.artifacts !== false && node.resource_type !== 'seed') files.keep(node, 'compiled', sql)
    } catch (thrown) {
      // That there is no connection is not the node's fault.
      await opened
      error = asMillraceError(thrown, 'MODEL_FAILED')
    }
    const [started_at, completed_at] = [started.at.toISOString(), new Date().toISOString()]
    const timing = [
      { name: 'compile', started_at, completed_at },
      { name: 'execute', started_at: completed_at, completed_at },
    ] as const
    results.push(
      resultOf(node, { startedMs: started.ms, timing, message: null, error, adapter: invocation.dialect.adapter }),
    )
  }
  return results
}
