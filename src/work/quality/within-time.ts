import { createContext, Script } from 'node:vm'
import { MillraceError } from '../../base/kernel/index.ts'

const script = new Script('work()')

/**
 * Runs work that may take for ever on some texts, such as a pattern that backtracks, and ends it after a time.
 * @throws MillraceError EXPECTATION_INVALID, naming what took so long
 */
export function withinTime<T>(work: () => T, milliseconds: number, what: string): T {
  try {
    return script.runInContext(createContext({ work }), { timeout: milliseconds }) as T
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException | undefined)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw thrown
    throw new MillraceError('EXPECTATION_INVALID', `${what} took longer than ${milliseconds / 1000} s`, {
      hint: 'A pattern such as (a+)+ tries every way to match: write it so that there is one way, without look-around.',
    })
  }
}
