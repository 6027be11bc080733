import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { format } from 'node:util'
import { MillraceError, unknownName } from '../../../base/kernel/index.ts'
import { isPipeline, type UserFunction } from '../builder.ts'
import { readCode } from '../code/code-version.ts'
import { hookModules } from '../code/module-hooks.ts'
import { userError } from '../code/user-error.ts'
import { parseAddress } from '../references.ts'
import { callFunction } from './call-function.ts'
import type { CallRequest, CallResult, WorkerMessage } from './protocol.ts'

/** The version of the code that this process has loaded; nothing yet, or what was evaluated here. */
let hooked: string | 'evaluated' | undefined

async function call({ projectDir, address, args, onlyLoad }: CallRequest): Promise<CallResult> {
  const { file, export: name, member, hash = '' } = parseAddress(address)
  if (hooked === undefined) {
    hookModules(await readCode(projectDir, hash))
    hooked = hash
  }
  if (hooked === 'evaluated') hooked = hash
  if (hooked !== hash) throw new MillraceError('INTERNAL', `a worker for ${hooked} was sent a function of ${hash}`)
  const exports = (await import(pathToFileURL(resolve(projectDir, file)).href)) as Record<string, unknown>
  if (onlyLoad) return { type: 'value', value: undefined }
  return callFunction(functionIn(exports, name, member, address), args)
}

function functionIn(
  exports: Record<string, unknown>,
  name: string,
  member: string | undefined,
  address: string,
): UserFunction {
  const exported = exports[name]
  if (member === undefined && typeof exported === 'function') return exported as UserFunction
  const found = member !== undefined && isPipeline(exported) ? exported.functions.get(member) : undefined
  if (found) return found
  throw unknownName('FUNCTION_UNKNOWN', 'the function', address, Object.keys(exports))
}

const send = (message: WorkerMessage): void => void process.send?.(message)

/**
 * Calls a user's functions as the parent process asks for them, one at a time. `evaluated` says that the code is
 * loaded already, of the version that the parent will name.
 */
export function serveCalls({ evaluated = false } = {}): void {
  if (evaluated) hooked = 'evaluated'
  for (const [method, level] of [
    ['debug', 'debug'],
    ['log', 'info'],
    ['info', 'info'],
    ['warn', 'warning'],
    ['error', 'error'],
  ] as const) {
    console[method] = (...said: unknown[]) => send({ log: { level, message: format(...said) } })
  }

  process.on('disconnect', () => process.exit(0))
  process.on('message', (request: CallRequest) => {
    call(request).then(
      (result) => send({ result }),
      (thrown: unknown) => {
        const { file } = parseAddress(request.address)
        send({ error: userError(thrown, 'TASK_FAILED', `a function of ${file} failed`, request.projectDir).toJSON() })
      },
    )
  })
}
