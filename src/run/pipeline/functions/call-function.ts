import { type Json, MillraceError } from '../../../base/kernel/index.ts'
import { frameOf, type Plan } from '../../../data/frame/index.ts'
import type { UserFunction } from '../builder.ts'
import type { CallArguments, CallResult } from './protocol.ts'

/**
 * Calls a user's function with frames and values as the members of one object, and reads what it returns.
 * @throws MillraceError TASK_OUTPUT_INVALID when that can stand in no JSON; whatever the function throws
 */
export async function callFunction(fn: UserFunction, { frames = {}, values = {} }: CallArguments): Promise<CallResult> {
  const inputs = Object.entries(frames).map(([name, plan]) => [name, frameOf(plan as unknown as Plan)] as const)
  return callResult(await fn({ ...Object.fromEntries(inputs), ...values }))
}

function callResult(returned: unknown): CallResult {
  if (typeof returned === 'object' && returned !== null) {
    const { plan, expr } = returned as { plan?: { op?: unknown }; expr?: { kind?: unknown } }
    if (typeof plan?.op === 'string') return { type: 'frame', plan: plan as Json }
    if (typeof expr?.kind === 'string') return { type: 'column', expr: expr as Json }
  }
  if (returned === undefined) return { type: 'value', value: undefined }
  try {
    const text = JSON.stringify(returned, (_, part: unknown) => {
      if (typeof part === 'function' || typeof part === 'symbol') throw new TypeError(`it holds a ${typeof part}`)
      return typeof part === 'bigint' ? (Number.isSafeInteger(Number(part)) ? Number(part) : part.toString()) : part
    })
    return { type: 'value', value: JSON.parse(text) as Json }
  } catch (cause) {
    throw new MillraceError(
      'TASK_OUTPUT_INVALID',
      `a function returned what is not JSON: ${(cause as Error).message}`,
      {
        cause,
        hint: 'Return a frame, a column, or plain values.',
      },
    )
  }
}
