import { createContext, Script } from 'node:vm'
import { MillraceError } from '../../base/kernel/index.ts'

const script = new Script('work()')
/** Made once: a context takes about a millisecond and half a megabyte. */
const context = createContext({ work: undefined as (() => unknown) | undefined })

/**
 * Runs work that may take for ever on some texts, such as a pattern that backtracks, and ends it after a time.
 * @throws MillraceError EXPECTATION_INVALID, naming what took so long
 */
export function withinTime<T>(work: () => T, milliseconds: number, what: string): T {
  try {
    context.work = work
    return script.runInContext(context, { timeout: milliseconds }) as T
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException | undefined)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw thrown
    throw new MillraceError('EXPECTATION_INVALID', `${what} took longer than ${milliseconds / 1000} s`, {
      hint: 'A pattern such as (a+)+ tries every way to match: write it so that there is one way, without look-around.',
    })
  } finally {
    context.work = undefined
  }
}
