import { type ErrorCode, MillraceError, type Retry } from '../kernel/index.ts'

const CAUSES: Record<string, readonly [ErrorCode, string, Retry?]> = {
  ENOSPC: ['STORE_FULL', 'Free some space on this disk, then run the same again.', 'again'],
  EDQUOT: ['STORE_FULL', 'Your quota on this disk is used up: free some space, then run the same again.', 'again'],
  EFBIG: ['STORE_FULL', 'The file is larger than this disk or the process limit (ulimit -f) allows.'],
  EACCES: ['STORE_DENIED', 'Give this user access to the file and its folders.'],
  EPERM: ['STORE_DENIED', 'Give this user access to the file and its folders.'],
  EROFS: ['STORE_DENIED', 'This disk is mounted read-only.'],
  ENAMETOOLONG: ['STORE_UNSUPPORTED', 'The file system does not allow names this long.'],
  ENOTDIR: ['STORE_UNSUPPORTED', 'On a disk a path cannot go through a file: give one of the two another name.'],
  EISDIR: [
    'STORE_UNSUPPORTED',
    'On a disk a file cannot take the place of a folder: give one of the two another name.',
  ],
  ENOTEMPTY: ['STORE_UNSUPPORTED', 'On a disk a file cannot take the place of a folder.'],
  EMFILE: ['STORE_FAILED', 'This process has too many files open; raise the limit (ulimit -n).', 'again'],
  ENFILE: ['STORE_FAILED', 'This machine has too many files open.', 'again'],
}

/** The error number of a failed system call, such as `ENOENT`. */
export function errno(thrown: unknown): string | undefined {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  return typeof code === 'string' ? code : undefined
}

/** A failed system call as a coded error; `act` says what was being done. Coded errors pass unchanged. */
export function storeError(thrown: unknown, act: string): MillraceError {
  if (thrown instanceof MillraceError) return thrown
  const number = errno(thrown)
  if (number === 'ABORT_ERR') return new MillraceError('CANCELLED', `${act} was cancelled`, { cause: thrown })
  const [code, hint, retry] = CAUSES[number ?? ''] ?? ['STORE_FAILED', undefined]
  const words = thrown instanceof Error ? thrown.message : String(thrown)
  return new MillraceError(code, `${act}: ${words}`, {
    cause: thrown,
    retry: retry ?? 'never',
    ...(hint === undefined ? {} : { hint }),
  })
}
