import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { failpoint, MillraceError } from '../kernel/index.ts'
import type { Stage, Store, StoreEntry, StoreFile, StoreReadOptions } from './contract.ts'
import { inParallel } from './in-parallel.ts'
import { ObjectCache } from './object-cache.ts'
import { isFile } from './object-store.ts'
import { S3Bucket } from './s3-bucket.ts'
import { createObject, honoursCreate } from './s3-create.ts'
import type { S3Options } from './s3-options.ts'
import { downloadObject, readObject } from './s3-read.ts'
import { copyObject, putBytes, putFile } from './s3-write.ts'
import { checkStorePath, comparePaths } from './store-path.ts'

/** How an S3 store is opened. */
export interface S3StoreOptions {
  readonly s3?: S3Options
  /** The name of the connection, for messages. */
  readonly connection?: string
  /** Where copies for engines without access of their own are kept. */
  readonly cache?: ObjectCache
}

/**
 * A store over a bucket, or the part of it below a prefix: Amazon S3, or a service that speaks its protocol. A write
 * is one request (or one completed upload), so that others see all of it or nothing.
 * @param address `s3://bucket/prefix`
 * @throws MillraceError STORE_UNSUPPORTED when the address names no bucket
 */
export function s3Store(address: string, { s3 = {}, connection, cache = new ObjectCache() }: S3StoreOptions): Store {
  const { name, prefix } = parseAddress(address)
  const bucket = new S3Bucket(name, s3, connection)
  const url = `s3://${name}${prefix === '' ? '' : `/${prefix.slice(0, -1)}`}`
  const keyOf = (path: string): string => {
    checkStorePath(path, url)
    return prefix + path
  }
  const addressOf = (path: string) => `${url}/${path}`
  const conditionalPut = () => honoursCreate(bucket, prefix)

  const head = async (path: string): Promise<StoreEntry | undefined> => {
    const Key = keyOf(path)
    const found = await bucket.ifThere(`looking for ${addressOf(path)}`, ({ client, sdk }) =>
      client.send(new sdk.HeadObjectCommand({ Bucket: name, Key })),
    )
    return found && entryOf(path, found.ContentLength, found.LastModified, found.ETag)
  }
  const remove = async (path: string): Promise<void> => {
    const Key = keyOf(path)
    await bucket.run(`deleting ${addressOf(path)}`, ({ client, sdk }) =>
      client.send(new sdk.DeleteObjectCommand({ Bucket: name, Key })),
    )
  }

  const copy = async (from: string, to: string, act: string): Promise<void> => {
    const [source, target] = [keyOf(from), keyOf(to)]
    const doing = `${act} ${addressOf(from)} to ${addressOf(to)}`
    const found = await head(from)
    if (!found) throw new MillraceError('STORE_NOT_FOUND', `${doing}: there is no such object`)
    if (source !== target) await copyObject(bucket, doing, source, target, found.size)
  }

  return {
    url,
    conditionalPut,
    head,
    delete: remove,
    remote: () => bucket.access(),

    locate(path: string) {
      if (path === '') return url
      checkStorePath(path.endsWith('/') ? path.slice(0, -1) : path, url)
      return addressOf(path)
    },

    async get(path: string, { signal }: StoreReadOptions = {}) {
      return readObject(bucket, `reading ${addressOf(path)}`, { key: keyOf(path), ...(signal ? { signal } : {}) })
    },

    async *list(below: string, { startAfter = '' } = {}) {
      if (below !== '') checkStorePath(`${below}x`, url)
      let token: string | undefined
      do {
        const page = await bucket.run(`listing ${addressOf(below)}`, ({ client, sdk }) =>
          client.send(
            new sdk.ListObjectsV2Command({
              Bucket: name,
              Prefix: prefix + below,
              ...(token === undefined ? {} : { ContinuationToken: token }),
              ...(startAfter === '' || token !== undefined ? {} : { StartAfter: prefix + startAfter }),
            }),
          ),
        )
        for (const object of page.Contents ?? []) {
          const path = (object.Key ?? '').slice(prefix.length)
          if (isFile(path) && comparePaths(path, startAfter) > 0)
            yield entryOf(path, object.Size, object.LastModified, object.ETag)
        }
        token = page.NextContinuationToken
      } while (token !== undefined)
    },

    async put(path: string, bytes: Uint8Array) {
      const key = keyOf(path)
      failpoint('store.before-put')
      await putBytes(bucket, `writing ${addressOf(path)}`, key, bytes)
      failpoint('store.after-put')
    },

    async putIfAbsent(path: string, bytes: Uint8Array) {
      const key = keyOf(path)
      if (!(await conditionalPut())) throw unconditional(addressOf(path), connection)
      failpoint('store.before-put')
      const outcome = await createObject(bucket, `creating ${addressOf(path)}`, key, bytes)
      failpoint('store.after-put')
      return outcome
    },

    async rename(from: string, to: string) {
      await copy(from, to, 'moving')
      if (from !== to) await remove(from)
    },

    copy: (from: string, to: string) => copy(from, to, 'copying'),

    async localize(files: readonly StoreFile[], { signal }: StoreReadOptions = {}) {
      return inParallel(files, async ({ path, tag }) => {
        const key = keyOf(path)
        const get = { key, ...(tag === undefined ? {} : { tag }), ...(signal ? { signal } : {}) }
        return cache.get(cacheKey(addressOf(path), s3, tag), path, (file) =>
          downloadObject(bucket, `reading ${addressOf(path)}`, get, file),
        )
      })
    },

    async stage(folder: string): Promise<Stage> {
      const below = folder === '' ? '' : `${folder}/`
      if (below !== '') checkStorePath(`${below}x`, url)
      const dir = await cache.stagingFolder()
      await mkdir(dir, { mode: 0o700 })
      return {
        dir,
        async publish(paths) {
          await inParallel(paths, async (relative) => {
            const path = below + relative
            failpoint('store.before-upload')
            await putFile(bucket, `writing ${addressOf(path)}`, keyOf(path), join(dir, relative))
            failpoint('store.uploaded')
            // What was just written is what is read next.
            await cache.adopt(cacheKey(addressOf(path), s3, undefined), path, join(dir, relative))
          })
        },
        [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
      }
    },

    hold: (holder, paths) => cache.hold(holder, paths),
  }
}

function parseAddress(address: string): { readonly name: string; readonly prefix: string } {
  const [, name, rest = ''] = /^s3a?:\/\/([a-z0-9][a-z0-9._-]*)(?:\/(.*))?$/i.exec(address) ?? []
  if (name === undefined) {
    throw new MillraceError('STORE_UNSUPPORTED', 'the address of an S3 store names no bucket', {
      hint: 'Write s3://bucket/prefix; keys and endpoint belong into a connection of kind s3.',
    })
  }
  const prefix = rest.replace(/\/+$/, '')
  if (prefix !== '') checkStorePath(prefix, `s3://${name}`)
  return { name, prefix: prefix === '' ? '' : `${prefix}/` }
}

function entryOf(
  path: string,
  size: number | undefined,
  modified: Date | undefined,
  tag: string | undefined,
): StoreEntry {
  return { path, size: size ?? 0, modified: modified?.getTime() ?? 0, ...(tag === undefined ? {} : { tag }) }
}

/** Buckets of one name can lie at several endpoints. */
function cacheKey(address: string, { endpoint = '' }: S3Options, tag: string | undefined): string {
  return JSON.stringify([endpoint, address, tag ?? null])
}

function unconditional(address: string, connection: string | undefined): MillraceError {
  const by = connection === undefined ? '' : ` (connection ${connection})`
  return new MillraceError('STORE_UNSUPPORTED', `creating ${address}${by}: the service ignores If-None-Match`, {
    hint: 'Two writers would overwrite each other’s commits. Use a service that honours it: AWS, MinIO, Ceph, R2.',
  })
}
