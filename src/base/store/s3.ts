import { MillraceError } from '../kernel/index.ts'
import type { Store, StoreEntry } from './contract.ts'
import { ObjectCache } from './object-cache.ts'
import type { ObjectService } from './object-service.ts'
import { objectStore } from './object-store.ts'
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
  const conditionalPut = () => honoursCreate(bucket, prefix)
  return objectStore(s3Service(bucket, conditionalPut, connection), {
    url,
    prefix,
    cache,
    // Buckets of one name can lie at several endpoints.
    cachedAs: s3.endpoint ?? '',
    conditionalPut,
    remote: () => bucket.access(),
  })
}

function s3Service(
  bucket: S3Bucket,
  conditionalPut: () => Promise<boolean>,
  connection: string | undefined,
): ObjectService {
  const at = (Key: string) => ({ Bucket: bucket.name, Key })
  return {
    async head(act, key) {
      const found = await bucket.ifThere(act, ({ client, sdk }) => client.send(new sdk.HeadObjectCommand(at(key))))
      return found && entryOf(key, found.ContentLength, found.LastModified, found.ETag)
    },
    get: (act, key, { signal } = {}) => readObject(bucket, act, { key, ...(signal ? { signal } : {}) }),
    download: (act, key, file, options) => downloadObject(bucket, act, { key, ...options }, file),

    async *list(act, prefix, startAfter) {
      let token: string | undefined
      do {
        const page = await bucket.run(act, ({ client, sdk }) =>
          client.send(
            new sdk.ListObjectsV2Command({
              Bucket: bucket.name,
              Prefix: prefix,
              ...(token === undefined ? {} : { ContinuationToken: token }),
              ...(startAfter === '' || token !== undefined ? {} : { StartAfter: startAfter }),
            }),
          ),
        )
        for (const { Key = '', Size, LastModified, ETag } of page.Contents ?? []) {
          if (startAfter === '' || comparePaths(Key, startAfter) > 0) yield entryOf(Key, Size, LastModified, ETag)
        }
        token = page.NextContinuationToken
      } while (token !== undefined)
    },

    put: (act, key, body) =>
      body instanceof Uint8Array ? putBytes(bucket, act, key, body) : putFile(bucket, act, key, body.file),

    async create(act, key, bytes) {
      if (!(await conditionalPut())) throw unconditional(act, connection)
      return createObject(bucket, act, key, bytes)
    },

    copy: (act, from, to, size) => copyObject(bucket, act, from, to, size),

    async delete(act, key) {
      await bucket.run(act, ({ client, sdk }) => client.send(new sdk.DeleteObjectCommand(at(key))))
    },
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

function unconditional(act: string, connection: string | undefined): MillraceError {
  const by = connection === undefined ? '' : ` (connection ${connection})`
  return new MillraceError('STORE_UNSUPPORTED', `${act}${by}: the service ignores If-None-Match`, {
    hint: 'Two writers would overwrite each other’s commits. Use a service that honours it: AWS, MinIO, Ceph, R2.',
  })
}
