import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { failpoint, MillraceError } from '../kernel/index.ts'
import type { Stage, Store, StoreFile, StoreReadOptions } from './contract.ts'
import { inParallel } from './in-parallel.ts'
import type { ObjectCache } from './object-cache.ts'
import type { ObjectService } from './object-service.ts'
import { checkStorePath, TEMPORARY_NAME } from './store-path.ts'

/** Where an object store is. */
export interface ObjectStoreAt {
  /** Such as `gs://bucket/prefix`. */
  readonly url: string
  /** What stands before each path in its key; empty, or closed by a slash. */
  readonly prefix: string
  readonly cache: ObjectCache
  /** What tells it from another store of the same URL, in the cache. */
  readonly cachedAs?: string
  /** Whether `create` is kept; always when absent. */
  readonly conditionalPut?: Store['conditionalPut']
  /** What engines need that read it themselves; they read copies when absent. */
  readonly remote?: Store['remote']
}

/** A store over the requests of an object service. */
export function objectStore(service: ObjectService, at: ObjectStoreAt): Store {
  const { url, prefix, cache, cachedAs, conditionalPut = async () => true, remote = async () => undefined } = at
  const keyOf = (path: string): string => {
    checkStorePath(path, url)
    return prefix + path
  }
  const addressOf = (path: string) => `${url}/${path}`
  const cacheKey = (path: string, tag: string | undefined) =>
    JSON.stringify([...(cachedAs === undefined ? [] : [cachedAs]), addressOf(path), tag ?? null])
  const copy = async (from: string, to: string, act: string) => {
    const [source, target] = [keyOf(from), keyOf(to)]
    const doing = `${act} ${addressOf(from)} to ${addressOf(to)}`
    const found = await service.head(doing, source)
    if (!found) throw new MillraceError('STORE_NOT_FOUND', `${doing}: there is no such object`)
    if (source !== target) await service.copy(doing, source, target, found.size)
  }

  return {
    url,
    conditionalPut,
    remote,
    hold: (holder, paths) => cache.hold(holder, paths),
    copy: (from, to) => copy(from, to, 'copying'),

    locate(path) {
      if (path === '') return url
      checkStorePath(path.endsWith('/') ? path.slice(0, -1) : path, url)
      return addressOf(path)
    },

    async head(path) {
      const found = await service.head(`looking for ${addressOf(path)}`, keyOf(path))
      return found && { ...found, path }
    },

    async get(path, options: StoreReadOptions = {}) {
      return service.get(`reading ${addressOf(path)}`, keyOf(path), options)
    },

    async *list(below, { startAfter = '' } = {}) {
      if (below !== '') checkStorePath(`${below}x`, url)
      const after = startAfter === '' ? '' : prefix + startAfter
      for await (const entry of service.list(`listing ${addressOf(below)}`, prefix + below, after)) {
        const path = entry.path.slice(prefix.length)
        if (isFile(path)) yield { ...entry, path }
      }
    },

    async put(path, bytes) {
      const key = keyOf(path)
      failpoint('store.before-put')
      await service.put(`writing ${addressOf(path)}`, key, bytes)
      failpoint('store.after-put')
    },

    async putIfAbsent(path, bytes) {
      const key = keyOf(path)
      failpoint('store.before-put')
      const outcome = await service.create(`creating ${addressOf(path)}`, key, bytes)
      failpoint('store.after-put')
      return outcome
    },

    async rename(from, to) {
      await copy(from, to, 'moving')
      if (from !== to) await service.delete(`moving ${addressOf(from)}`, keyOf(from))
    },

    async delete(path) {
      await service.delete(`deleting ${addressOf(path)}`, keyOf(path))
    },

    async localize(files: readonly StoreFile[], { signal }: StoreReadOptions = {}) {
      return inParallel(files, async ({ path, tag }) => {
        const key = keyOf(path)
        const options = { ...(tag === undefined ? {} : { tag }), ...(signal ? { signal } : {}) }
        return cache.get(cacheKey(path, tag), path, (file) =>
          service.download(`reading ${addressOf(path)}`, key, file, options),
        )
      })
    },

    async stage(folder): Promise<Stage> {
      const below = folder === '' ? '' : `${folder}/`
      if (below !== '') checkStorePath(`${below}x`, url)
      const dir = await cache.stagingFolder()
      await mkdir(dir, { mode: 0o700 })
      return {
        dir,
        async publish(paths) {
          await inParallel(paths, async (relative) => {
            const path = below + relative
            const file = join(dir, relative)
            failpoint('store.before-upload')
            await service.put(`writing ${addressOf(path)}`, keyOf(path), { file, size: (await stat(file)).size })
            failpoint('store.uploaded')
            // What was just written is what is read next.
            await cache.adopt(cacheKey(path, undefined), path, file)
          })
        },
        [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
      }
    },
  }
}

/** Other tools keep empty objects as folders, and names that are no paths; what is being tried is nobody's file. */
function isFile(path: string): boolean {
  const segments = path.split('/')
  return (
    !segments.some((segment) => segment === '' || segment === '.' || segment === '..') &&
    !TEMPORARY_NAME.test(segments.at(-1) ?? '')
  )
}
