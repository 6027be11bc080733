import { MillraceError } from '../kernel/index.ts'

/** Names of files that are being written; a store neither lists nor accepts them. */
export const TEMPORARY_NAME = /^\.millrace-\d+-[0-9a-f]+\.tmp$/

/**
 * Checks that a path stays within its store and can name a file.
 * @throws MillraceError STORE_PATH_ESCAPE
 */
export function checkStorePath(path: string, url: string): void {
  const segments = path.split('/')
  const escapes =
    path === '' ||
    path.includes('\0') ||
    segments.some((segment) => segment === '' || segment === '.' || segment === '..') ||
    (process.platform === 'win32' && /[\\:]/.test(path))
  if (escapes) {
    throw new MillraceError('STORE_PATH_ESCAPE', `the path ${JSON.stringify(path)} is not a file below ${url}`, {
      hint: 'Write a relative path with single slashes and without "." or ".." segments.',
    })
  }
  if (TEMPORARY_NAME.test(segments.at(-1) ?? '')) {
    throw new MillraceError(
      'STORE_UNSUPPORTED',
      `the name ${JSON.stringify(path)} is reserved for files being written`,
      {
        hint: 'Choose a name that does not start with ".millrace-".',
      },
    )
  }
}

/** The order in which stores list: that of the UTF-8 bytes, as object stores do. */
export function comparePaths(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at += 1) {
    const [one, other] = [a.charCodeAt(at), b.charCodeAt(at)]
    if (one === other) continue
    // UTF-16 has the order of UTF-8 but for surrogates.
    return one < 0xd800 && other < 0xd800 ? one - other : Buffer.compare(Buffer.from(a), Buffer.from(b))
  }
  return a.length - b.length
}
