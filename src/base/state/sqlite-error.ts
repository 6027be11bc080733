import { type ErrorCode, type ErrorDetails, MillraceError } from '../kernel/index.ts'

// Primary result codes, https://www.sqlite.org/rescode.html
const BUSY = 5
const LOCKED = 6
const CAUSES: Record<number, readonly [ErrorCode, ErrorDetails]> = {
  3: ['STORE_DENIED', { hint: 'Give this user access to the metadata database and its folder.' }],
  8: ['STORE_DENIED', { hint: 'The metadata database or its folder cannot be written by this user.' }],
  10: ['STORE_FAILED', { hint: 'The disk reported an error; look at the system log.', retry: 'again' }],
  11: ['STATE_CORRUPT', { hint: 'Restore the file from a backup, or move it away to start with an empty one.' }],
  13: ['STORE_FULL', { hint: 'Free some space on this disk, then run the same again.', retry: 'again' }],
  14: ['STORE_DENIED', { hint: 'The file cannot be opened: look at its path and its permissions.' }],
  19: ['STATE_CONSTRAINT', {}],
  26: ['STATE_CORRUPT', { hint: 'The file is no SQLite database. Is the path right?' }],
}

function resultCode(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('errcode' in thrown) || typeof thrown.errcode !== 'number') return undefined
  return thrown.errcode & 0xff
}

/** Whether another connection stands in the way, so that waiting helps. */
export function isBusy(thrown: unknown): boolean {
  const code = resultCode(thrown)
  return code === BUSY || code === LOCKED
}

/** An error of SQLite with a code; other errors pass unchanged. `act` says what was being done. */
export function sqliteError(thrown: unknown, act: string): unknown {
  const code = resultCode(thrown)
  if (code === undefined || !(thrown instanceof Error)) return thrown
  if (isBusy(thrown)) {
    return new MillraceError('STATE_BUSY', `${act}: another process is writing for too long`, {
      cause: thrown,
      retry: 'again',
      hint: 'Wait for the other Millrace process, or stop it if it hangs.',
    })
  }
  const [as, details] = CAUSES[code] ?? ['INTERNAL', {}]
  return new MillraceError(as, `${act}: ${thrown.message}`, { ...details, cause: thrown })
}
