import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { TEMPORARY_NAME } from './store-path.ts'

/**
 * Removes temporary files below a folder, however deep, that were last written before a moment: their writers died.
 * @param before milliseconds since the epoch
 * @returns how many there were
 */
export async function sweepLocal(folder: string, before: number): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  let swept = 0
  for (const entry of entries) {
    if (!entry.isFile() || !TEMPORARY_NAME.test(entry.name)) continue
    const file = join(entry.parentPath, entry.name)
    const found = await stat(file).catch(() => undefined)
    if (!found || found.mtimeMs >= before) continue
    await rm(file, { force: true })
    swept += 1
  }
  return swept
}
