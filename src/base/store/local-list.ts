import { readdir, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { StoreEntry } from './contract.ts'
import { errno } from './store-error.ts'
import { comparePaths, TEMPORARY_NAME } from './store-path.ts'

const STATS_AT_ONCE = 64

interface Child {
  /** Path within the store; a folder's ends with `/`, which is what puts it at its place in the order. */
  readonly path: string
  readonly entry?: StoreEntry
}

/** Walks the files below `root` whose path starts with `prefix`, in path order, one folder in memory at a time. */
export async function* listLocal(root: string, prefix: string, startAfter: string): AsyncIterable<StoreEntry> {
  yield* walk(root, prefix.slice(0, prefix.lastIndexOf('/') + 1), prefix, startAfter)
}

async function* walk(root: string, folder: string, prefix: string, startAfter: string): AsyncIterable<StoreEntry> {
  const wanted = (path: string): boolean => {
    if (path.endsWith('/')) {
      if (!path.startsWith(prefix) && !prefix.startsWith(path)) return false
      return startAfter.startsWith(path) || comparePaths(path, startAfter) > 0
    }
    return path.startsWith(prefix) && comparePaths(path, startAfter) > 0
  }
  for (const child of await children(root, folder, wanted)) {
    if (child.entry) yield child.entry
    else yield* walk(root, child.path, prefix, startAfter)
  }
}

async function children(root: string, folder: string, wanted: (path: string) => boolean): Promise<Child[]> {
  const dirents = await unlessAbsent(readdir(join(root, folder), { withFileTypes: true }))
  if (dirents === undefined) return []
  const found: Child[] = []
  for (let at = 0; at < dirents.length; at += STATS_AT_ONCE) {
    const batch = dirents.slice(at, at + STATS_AT_ONCE).map(async (dirent): Promise<Child | undefined> => {
      const path = folder + dirent.name
      if (dirent.isDirectory()) return wanted(`${path}/`) ? { path: `${path}/` } : undefined
      if (TEMPORARY_NAME.test(dirent.name)) return undefined
      if (!wanted(path) && !dirent.isSymbolicLink()) return undefined
      const stats = await unlessAbsent(stat(join(root, path)))
      if (stats?.isDirectory()) {
        const loops = await leadsUpward(join(root, folder), join(root, path))
        return !loops && wanted(`${path}/`) ? { path: `${path}/` } : undefined
      }
      if (!stats?.isFile() || !wanted(path)) return undefined
      return { path, entry: { path, size: stats.size, modified: stats.mtimeMs } }
    })
    for (const child of await Promise.all(batch)) if (child) found.push(child)
  }
  return found.sort((a, b) => comparePaths(a.path, b.path))
}

/** A file may be deleted between the listing of its folder and the question for its size. */
async function unlessAbsent<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (thrown) {
    const number = errno(thrown)
    if (number === 'ENOENT' || number === 'ENOTDIR') return undefined
    throw thrown
  }
}

async function leadsUpward(folder: string, link: string): Promise<boolean> {
  const [from, to] = await Promise.all([realpath(folder), realpath(link)])
  return `${from}${sep}`.startsWith(`${to}${sep}`)
}
