import { MillraceError } from '../../../base/kernel/index.ts'
import { contentsOf } from '../../connect/index.ts'
import type { SourceFile } from './source-files.ts'

/** Files that are unpacked at the same time. */
const AT_ONCE = 4

/**
 * Unpacks files whose names end in .gz or .zst once, to see that they are whole: the engine takes one that was cut off for
 * a short one, and its rows would be missing.
 * @throws MillraceError SOURCE_MALFORMED, STORE_DENIED
 */
export async function checkPacked(files: readonly SourceFile[]): Promise<void> {
  const waiting = files.filter(({ url }) => /\.(gz|zst)$/i.test(url) && !/^\w+:\/\//.test(url)).reverse()
  const worker = async () => {
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) await unpacked(file.url)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

async function unpacked(file: string): Promise<void> {
  const stream = contentsOf(file)
  try {
    for await (const _piece of stream);
  } catch (thrown) {
    throw unreadable(thrown, file)
  } finally {
    stream.destroy()
  }
}

/** That a file cannot be opened or unpacked; other errors unchanged. */
export function unreadable(thrown: unknown, file: string): unknown {
  const { code = '' } = thrown as { code?: string }
  if (code === 'EACCES' || code === 'EPERM') {
    return new MillraceError('STORE_DENIED', `reading: access to ${file} was denied`, { cause: thrown, at: { file } })
  }
  if (!/^(Z_|ERR_ZSTD|ZSTD|ERR_ZLIB)/.test(code)) return thrown
  return new MillraceError('SOURCE_MALFORMED', `reading: ${file} cannot be unpacked: ${(thrown as Error).message}`, {
    cause: thrown,
    at: { file },
    hint: 'The file is damaged or cut off, or its name says that it is packed and it is not.',
  })
}
