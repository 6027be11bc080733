import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { MillraceError } from '../../base/kernel/index.ts'

/**
 * Writes a page and answers where it is; its folder is made, and a reader sees the old page or the new one.
 * @throws MillraceError OPTION_INVALID when no file can be there
 */
export async function writePage(file: string, page: string): Promise<string> {
  const path = resolve(file)
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(`${path}.part`, page)
    await rename(`${path}.part`, path)
  } catch (cause) {
    await rm(`${path}.part`, { force: true }).catch(() => {})
    throw new MillraceError('OPTION_INVALID', `writing a page to ${path}: it cannot be written`, {
      cause,
      hint: 'Name a file, in a folder that you may write to.',
    })
  }
  return path
}
