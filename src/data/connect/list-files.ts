import { createHash } from 'node:crypto'
import { glob, open, stat } from 'node:fs/promises'
import { isAbsolute, relative, resolve } from 'node:path'
import { MillraceError, type Place } from '../../base/kernel/index.ts'
import type { SourceFile } from './source.ts'

/**
 * The files that glob patterns name, in the order of their paths. Patterns are relative to `dir` (which they may
 * leave by `..`), and hidden files are matched only by patterns that name the dot.
 * @throws MillraceError SOURCE_EMPTY when nothing matches, STORE_UNSUPPORTED for addresses such as s3://
 */
export async function listFiles(dir: string, patterns: readonly string[], at?: Place): Promise<SourceFile[]> {
  const files = new Map<string, SourceFile>()
  for (const pattern of patterns) {
    if (/^[a-z][a-z0-9+]+:\/\//i.test(pattern)) {
      throw new MillraceError('STORE_UNSUPPORTED', `listing ${pattern}: sources read local files`, {
        ...(at ? { at } : {}),
        hint: 'Copy the files next to the project, or mount the bucket.',
      })
    }
    for await (const match of glob(pattern, { cwd: dir })) {
      const location = isAbsolute(match) ? match : resolve(dir, match)
      const found = await stat(location)
      if (!found.isFile()) continue
      const path = relative(dir, location).replaceAll('\\', '/')
      files.set(path, { path, location, size: found.size, modified: found.mtimeMs })
    }
  }
  if (files.size === 0) {
    throw new MillraceError('SOURCE_EMPTY', `looking for ${patterns.join(', ')} in ${dir}: no file matches`, {
      ...(at ? { at } : {}),
      hint: 'Patterns are relative to the project folder.',
    })
  }
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

const PIECE = 1024 * 1024

/**
 * A hash of what a file holds: of all of it up to 2 MiB, otherwise of its size, first and last MiB. Tells whether a
 * file with a new time was changed or only touched.
 */
export async function fingerprint(file: SourceFile): Promise<string> {
  const hash = createHash('sha256').update(String(file.size))
  await using handle = await open(file.location, 'r')
  const add = async (length: number, position: number) => {
    const buffer = Buffer.alloc(length)
    const { bytesRead } = await handle.read(buffer, 0, length, position)
    hash.update(buffer.subarray(0, bytesRead))
  }
  if (file.size <= 2 * PIECE) await add(file.size, 0)
  else {
    await add(PIECE, 0)
    await add(PIECE, file.size - PIECE)
  }
  return hash.digest('hex')
}
