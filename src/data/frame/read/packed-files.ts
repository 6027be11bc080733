import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { MillraceError } from '../../../base/kernel/index.ts'
import { contentsOf } from '../../connect/index.ts'
import { contentKey, madeOnce } from './made-files.ts'
import type { SourceFile } from './source-files.ts'

const PACKED = /\.(gz|zst)$/i

/** Files that are unpacked at the same time. */
const AT_ONCE = 4

/**
 * Unpacks files whose names end in .gz or .zst once, to see that they are whole: the engine takes one that was cut off for
 * a short one, and its rows would be missing.
 * @throws MillraceError SOURCE_MALFORMED, STORE_DENIED
 */
export async function checkPacked(files: readonly SourceFile[]): Promise<void> {
  const waiting = files.filter(({ url }) => PACKED.test(url) && !/^\w+:\/\//.test(url)).reverse()
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

/** The files that unpacked ones were made of. */
const ORIGINALS = new Map<string, string>()

/**
 * The files with those that are packed unpacked beside them, for a reader of the engine that takes files as they are.
 * @throws MillraceError SOURCE_MALFORMED, STORE_DENIED, STORE_UNSUPPORTED
 */
export async function unpackedFiles(files: readonly SourceFile[]): Promise<readonly SourceFile[]> {
  const all: SourceFile[] = []
  for (const file of files) all.push(PACKED.test(file.url) ? { ...file, url: await unpackedFile(file) } : file)
  return all
}

function unpackedFile({ url, state }: SourceFile): Promise<string> {
  return madeOnce(contentKey(url, state), '.unpacked', async (made) => {
    try {
      await pipeline(contentsOf(url), createWriteStream(made))
    } catch (thrown) {
      throw unreadable(thrown, url)
    }
    ORIGINALS.set(made, url)
    return made
  })
}

/** The file that the user knows. */
export function originalOf(file: string): string {
  return ORIGINALS.get(file) ?? file
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
