import { asMillraceError, MillraceError, unknownName } from '../../../base/kernel/index.ts'
import { runContext } from '../compile.ts'
import { newNode } from '../read/new-node.ts'
import { rootReader } from '../read/reader.ts'
import type { NodeResult } from './result.ts'
import { connectTo } from './run-node.ts'
import type { Session } from './session.ts'

/**
 * `run-operation`: calls a macro of the project or of a package with named arguments, in one transaction as dbt does.
 * @throws MillraceError USAGE without a name, MODEL_INVALID for a macro that is not there
 */
export async function runOperation(session: Session): Promise<NodeResult> {
  const { options, deps, invocation, templates } = session
  const { macro, args = {} } = options
  if (macro === undefined) {
    throw new MillraceError('USAGE', 'run-operation: the name of the macro is missing', {
      hint: 'Write run-operation MACRO, or run-operation PACKAGE.MACRO.',
    })
  }
  const [name = '', owner] = macro.split('.').reverse()
  const id = invocation.macros.idOf(name, owner)
  if (id === undefined || !/^\w+(\.\w+)?$/.test(macro)) {
    const known = invocation.macros.nodes().filter((one) => one.package_name === invocation.project.name)
    throw unknownName(
      'MODEL_INVALID',
      'the macro',
      macro,
      known.map((one) => one.name),
    )
  }
  await using connection = await connectTo(deps, invocation.dialect)
  const file = { file: '', path: 'operations', originalPath: 'operations', text: '', sha256: '' }
  const node = newNode(rootReader(invocation, templates), 'model', file, name, undefined)
  const started = { at: new Date().toISOString(), ms: performance.now() }
  let error: MillraceError | undefined
  try {
    const context = runContext(session, node, { connection })
    context['_arguments'] = args
    const call = () => templates.evaluate(`${macro}(**_arguments)`, `the operation ${macro}`, context)
    await call()
  } catch (thrown) {
    error = asMillraceError(thrown, 'MODEL_FAILED')
  }
  const ended = new Date().toISOString()
  return {
    unique_id: id,
    name,
    resource_type: 'operation',
    status: error ? 'error' : 'success',
    message: error?.message ?? null,
    failures: null,
    relation_name: null,
    executionMs: performance.now() - started.ms,
    thread: 1,
    timing: [
      { name: 'compile', started_at: started.at, completed_at: started.at },
      { name: 'execute', started_at: started.at, completed_at: ended },
    ],
    ...(error ? { error: error.toJSON() } : {}),
  }
}
