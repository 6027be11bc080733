import { MillraceError } from '../../base/kernel/index.ts'

/**
 * Turns a statement that a server refused into SOURCE_REFUSED, naming what was read; any other error is left as it is.
 * @param origin as `originName` gives it
 */
export function refusedBy(origin: string): (thrown: unknown) => never {
  return (thrown) => {
    if (!(thrown instanceof MillraceError) || thrown.code !== 'ENGINE_SQL') throw thrown
    const { code: _, ...data } = thrown.data ?? {}
    throw new MillraceError('SOURCE_REFUSED', `reading ${origin}: ${thrown.message}`, {
      cause: thrown,
      hint: thrown.hint ?? 'Check that the table and its columns exist, and that the user may read them.',
      retry: thrown.retry,
      data,
    })
  }
}
