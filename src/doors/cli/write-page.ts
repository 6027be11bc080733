import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** Writes a page and answers where it is; its folder is made, and a reader sees the old page or the new one. */
export async function writePage(file: string, page: string): Promise<string> {
  const path = resolve(file)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.part`, page)
  await rename(`${path}.part`, path)
  return path
}
