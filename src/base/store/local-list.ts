import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { StoreEntry } from './contract.ts'
import { errno } from './store-error.ts'
import { comparePaths, TEMPORARY_NAME } from './store-path.ts'

const STATS_AT_ONCE = 64

/** What a folder holds: a folder's path ends with `/`, which is what puts it at its place in the order. */
interface Child {
  readonly path: string
  readonly isFolder: boolean
}

/**
 * Walks the files below `root` whose path starts with `prefix`, in path order: the names of one folder in memory at a
 * time, and sizes and times asked for as the walk comes to them, so that whoever stops early has not paid for the rest.
 */
export async function* listLocal(root: string, prefix: string, startAfter: string): AsyncIterable<StoreEntry> {
  yield* walk(root, prefix.slice(0, prefix.lastIndexOf('/') + 1), prefix, startAfter)
}

async function* walk(root: string, folder: string, prefix: string, startAfter: string): AsyncIterable<StoreEntry> {
  const wanted = ({ path, isFolder }: Child): boolean => {
    if (!isFolder) return path.startsWith(prefix) && comparePaths(path, startAfter) > 0
    if (!path.startsWith(prefix) && !prefix.startsWith(path)) return false
    return startAfter.startsWith(path) || comparePaths(path, startAfter) > 0
  }
  const found = (await children(root, folder, startAfter)).filter(wanted).sort((a, b) => comparePaths(a.path, b.path))
  let files: Child[] = []
  for (const child of found) {
    if (!child.isFolder) {
      files.push(child)
      if (files.length < STATS_AT_ONCE) continue
    }
    yield* entries(root, files)
    files = []
    if (child.isFolder) yield* walk(root, child.path, prefix, startAfter)
  }
  yield* entries(root, files)
}

async function children(root: string, folder: string, startAfter: string): Promise<Child[]> {
  const found: Child[] = []
  for (const { name, kind } of (await unlessAbsent(named(root, folder, startAfter))) ?? []) {
    const path = folder + name
    if (TEMPORARY_NAME.test(name)) continue
    if (kind === 'folder') found.push({ path: `${path}/`, isFolder: true })
    else if (kind === 'file') found.push({ path, isFolder: false })
    else if (!(await unlessAbsent(stat(join(root, path))))?.isDirectory()) found.push({ path, isFolder: false })
    else if (!(await leadsUpward(join(root, folder), join(root, path))))
      found.push({ path: `${path}/`, isFolder: true })
  }
  return found
}

/** Names that are few enough to be asked one by one what they are. */
const FEW = 64

/**
 * The names in a folder with what they are, those up to `startAfter` left out where that saves work: of a log of
 * thousands of commits mostly the last few are wanted.
 */
async function named(
  root: string,
  folder: string,
  startAfter: string,
): Promise<{ name: string; kind: 'file' | 'folder' | 'link' }[]> {
  const dir = join(root, folder)
  if (startAfter.startsWith(folder) && startAfter !== folder) {
    const after = startAfter.slice(folder.length)
    // A few too many: the walk leaves those out. No path is put together for the thousands that go.
    const wanted = (await readdir(dir)).filter((name) => comparePaths(name, after) > 0 || after.startsWith(name))
    if (wanted.length <= FEW) {
      const kinds = await Promise.all(wanted.map((name) => unlessAbsent(lstat(join(dir, name)))))
      return wanted.flatMap((name, at) => {
        const kind = kinds[at]
        return kind ? [{ name, kind: kindOf(kind) }] : []
      })
    }
  }
  return (await readdir(dir, { withFileTypes: true })).map((dirent) => ({ name: dirent.name, kind: kindOf(dirent) }))
}

function kindOf(of: { isDirectory(): boolean; isSymbolicLink(): boolean }): 'file' | 'folder' | 'link' {
  return of.isDirectory() ? 'folder' : of.isSymbolicLink() ? 'link' : 'file'
}

async function* entries(root: string, files: readonly Child[]): AsyncIterable<StoreEntry> {
  const stats = await Promise.all(files.map(({ path }) => unlessAbsent(stat(join(root, path)))))
  for (const [at, { path }] of files.entries()) {
    const found = stats[at]
    if (found?.isFile()) yield { path, size: found.size, modified: found.mtimeMs }
  }
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
