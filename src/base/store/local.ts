import { randomBytes } from 'node:crypto'
import type { ReadStream } from 'node:fs'
import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { failpoint, MillraceError } from '../kernel/index.ts'
import type { Store, StoreEntry, StoreReadOptions } from './contract.ts'
import { listLocal } from './local-list.ts'
import { sweepLocal } from './local-sweep.ts'
import { errno, storeError } from './store-error.ts'
import { checkStorePath } from './store-path.ts'

/** How a local store keeps what it is given. */
export interface LocalStoreOptions {
  /**
   * `normal` (the default): what was written survives the death of the process. `full`: it also survives a
   * power loss, at the price of one or two disk flushes per write.
   */
  readonly sync?: 'normal' | 'full'
}

/**
 * A store over a folder of a disk. A write goes to a temporary file beside its place and takes the final name
 * in one step: by `rename` to replace, by `link` to create. A crash can leave a temporary file, never half a
 * file under a final name. The folder is created by the first write.
 */
export function localStore(folder: string, options: LocalStoreOptions = {}): Store {
  const root = resolve(folder)
  const url = pathToFileURL(root).href
  const flush = options.sync === 'full'
  const locate = (path: string): string => {
    if (path === '') return root
    checkStorePath(path.endsWith('/') ? path.slice(0, -1) : path, url)
    return join(root, path)
  }
  const fileOf = (path: string): string => {
    checkStorePath(path, url)
    return join(root, path)
  }

  return {
    url,
    conditionalPut: async () => true,
    locate,
    hold: async () => {},
    sweep: (folder, before) => sweepLocal(locate(folder), before),
    localize: async (files) => files.map(({ path }) => fileOf(path)),

    async stage(into: string) {
      const dir = locate(into)
      await mkdir(dir, { recursive: true }).catch((thrown: unknown) => {
        throw storeError(thrown, `creating the folder ${dir}`)
      })
      // What is written there is in the store already.
      return { dir, publish: async () => {}, [Symbol.asyncDispose]: async () => {} }
    },

    async get(path: string, { signal }: StoreReadOptions = {}) {
      const file = fileOf(path)
      try {
        return await readFile(file, { ...(signal ? { signal } : {}) })
      } catch (thrown) {
        if (isAbsent(thrown) || errno(thrown) === 'EISDIR') return undefined
        throw storeError(thrown, `reading ${file}`)
      }
    },

    async head(path: string): Promise<StoreEntry | undefined> {
      const file = fileOf(path)
      try {
        const stats = await stat(file)
        return stats.isFile() ? { path, size: stats.size, modified: stats.mtimeMs } : undefined
      } catch (thrown) {
        if (isAbsent(thrown)) return undefined
        throw storeError(thrown, `looking for ${file}`)
      }
    },

    async *list(prefix: string, { startAfter = '' } = {}) {
      // Not a file's path: it may be empty, end with a slash or be the first letters of a name.
      if (prefix !== '') checkStorePath(`${prefix}x`, url)
      try {
        yield* listLocal(root, prefix, startAfter)
      } catch (thrown) {
        throw storeError(thrown, `listing ${join(root, prefix)}`)
      }
    },

    async put(path: string, bytes: Uint8Array) {
      const file = fileOf(path)
      try {
        const temporary = await writeTemporary(file, bytes, flush)
        failpoint('store.before-put')
        await finish(temporary, () => rename(temporary, file))
        if (flush) await flushFolder(dirname(file))
        failpoint('store.after-put')
      } catch (thrown) {
        throw storeError(thrown, `writing ${file}`)
      }
    },

    async putIfAbsent(path: string, bytes: Uint8Array) {
      const file = fileOf(path)
      try {
        const temporary = await writeTemporary(file, bytes, flush)
        failpoint('store.before-put')
        try {
          await link(temporary, file)
        } catch (thrown) {
          if (errno(thrown) === 'EEXIST') return 'exists'
          throw linkError(thrown, root)
        } finally {
          failpoint('store.after-put')
          await rm(temporary, { force: true })
        }
        if (flush) await flushFolder(dirname(file))
        return 'created'
      } catch (thrown) {
        throw storeError(thrown, `creating ${file}`)
      }
    },

    async rename(from: string, to: string) {
      const [source, target] = [fileOf(from), fileOf(to)]
      try {
        await stat(source)
        await mkdir(dirname(target), { recursive: true })
        await rename(source, target)
        if (flush) await flushFolder(dirname(target))
      } catch (thrown) {
        if (isAbsent(thrown)) {
          throw new MillraceError('STORE_NOT_FOUND', `moving ${source} to ${target}: there is no such file`)
        }
        throw storeError(thrown, `moving ${source} to ${target}`)
      }
    },

    async copy(from: string, to: string) {
      const [source, target] = [fileOf(from), fileOf(to)]
      try {
        // Opened before anything reads it: a stream that fails to open before it is listened to ends the process.
        await using opened = await open(source, 'r')
        const temporary = await writeTemporary(target, opened.createReadStream({ autoClose: false }), flush)
        await finish(temporary, () => rename(temporary, target))
        if (flush) await flushFolder(dirname(target))
      } catch (thrown) {
        if (isAbsent(thrown)) {
          throw new MillraceError('STORE_NOT_FOUND', `copying ${source} to ${target}: there is no such file`)
        }
        throw storeError(thrown, `copying ${source} to ${target}`)
      }
    },

    async delete(path: string) {
      const file = fileOf(path)
      try {
        await rm(file, { force: true })
      } catch (thrown) {
        if (isAbsent(thrown)) return
        throw storeError(thrown, `deleting ${file}`)
      }
    },
  }
}

async function writeTemporary(file: string, bytes: Uint8Array | ReadStream, flush: boolean): Promise<string> {
  const folder = dirname(file)
  const temporary = join(folder, `.millrace-${process.pid}-${randomBytes(6).toString('hex')}.tmp`)
  const handle = await open(temporary, 'wx').catch(async (thrown: unknown) => {
    if (errno(thrown) !== 'ENOENT') throw thrown
    await mkdir(folder, { recursive: true })
    return open(temporary, 'wx')
  })
  return finish(temporary, async () => {
    try {
      await handle.writeFile(bytes)
      if (flush) await handle.datasync()
    } finally {
      await handle.close()
    }
    return temporary
  })
}

/** Does the last step of a write; when it cannot be done, the temporary file does not stay behind. */
async function finish<T>(temporary: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (thrown) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw thrown
  }
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function isAbsent(thrown: unknown): boolean {
  const number = errno(thrown)
  return number === 'ENOENT' || number === 'ENOTDIR'
}

function linkError(thrown: unknown, root: string): unknown {
  if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(errno(thrown) ?? '')) return thrown
  return new MillraceError('STORE_UNSUPPORTED', `the file system of ${root} cannot create a file atomically`, {
    cause: thrown,
    hint: 'It has no hard links, which safe commits need. Put this store on ext4, XFS, APFS, NTFS or the like.',
  })
}
