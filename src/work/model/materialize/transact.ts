import { MillraceError } from '../../../base/kernel/index.ts'
import type { MaterializationInput } from './materialization.ts'

/** How often a node's transaction is begun when others stand in its way. */
const ATTEMPTS = 4

/**
 * Runs a node's transaction; again when the engine gave it up in favour of another one (a deadlock, a conflict):
 * replacing a table drops the views on it, which others may be reading. All of `work` is undone before it is repeated.
 */
export async function transact(
  input: Pick<MaterializationInput, 'connection' | 'log' | 'node' | 'signal'>,
  work: () => Promise<void>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await input.connection.transaction(work)
    } catch (error) {
      if (attempt === ATTEMPTS || input.signal?.aborted || !gaveWay(error)) throw error
      input.log(`${input.node.name}: ${(error as MillraceError).message}; trying again`)
    }
  }
}

/** SQLSTATE class 40, transaction rollback, of which these two go away by themselves. */
function gaveWay(error: unknown): boolean {
  if (!(error instanceof MillraceError)) return false
  const state = error.data?.['sqlState']
  return state === '40P01' || state === '40001'
}
