import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A file of a project. */
export interface ProjectFile {
  /** Absolute. */
  readonly file: string
  /** Relative to the resource path it was found under. */
  readonly path: string
  /** Relative to the project. */
  readonly originalPath: string
  readonly text: string
  /** Of the text without white space around it, as dbt hashes it. */
  readonly sha256: string
}

/** The files with one of the given endings under resource paths of a project, sorted by path. Missing folders are empty. */
export async function readFiles(
  dir: string,
  folders: readonly string[],
  endings: readonly string[],
): Promise<ProjectFile[]> {
  const found = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(join(dir, folder), { recursive: true, withFileTypes: true }).catch(ignoreMissing)
      const base = join(dir, folder)
      return entries
        .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
        .map((entry) => join(entry.parentPath, entry.name))
        .map((file) => ({
          file,
          path: slashes(file.slice(base.length + 1)),
          folder: slashes(folder).replace(/^\.\/|\/$/g, ''),
        }))
    }),
  )
  const sorted = found.flat().sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  return Promise.all(
    sorted.map(async ({ file, path, folder }) => {
      const text = await readFile(file, 'utf8')
      return {
        file,
        path,
        originalPath: `${folder}/${path}`,
        text,
        sha256: createHash('sha256').update(text.trim()).digest('hex'),
      }
    }),
  )
}

function ignoreMissing(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return []
  throw error
}

function slashes(path: string): string {
  return path.replaceAll('\\', '/')
}
