import { randomBytes } from 'node:crypto'
import { ObjectCache, openStore, type S3Options, type Store } from '../../src/base/store/index.ts'
import { s3Access, s3Endpoint } from './moto.ts'

/** Keys of the test server, without its address. */
export const S3_KEYS: S3Options = {
  region: s3Access.region,
  access_key_id: s3Access.accessKeyId,
  secret_access_key: s3Access.secretAccessKey,
}

/** A connection to the test server. */
export const S3_OPTIONS: S3Options = { ...S3_KEYS, endpoint: s3Endpoint }

/** The same in the words of AWS's environment variables, for processes that find them by the usual chain. */
export const S3_ENVIRONMENT: Readonly<Record<string, string>> = {
  AWS_REGION: s3Access.region,
  AWS_ACCESS_KEY_ID: s3Access.accessKeyId,
  AWS_SECRET_ACCESS_KEY: s3Access.secretAccessKey,
  AWS_ENDPOINT_URL: s3Endpoint,
  AWS_ALLOW_HTTP: 'true',
}

/** A store at an address, with copies in a new folder below `cacheDir`, as on a machine that has seen nothing yet. */
export function s3StoreAt(url: string, cacheDir: string, options: S3Options = S3_OPTIONS): Store {
  const cache = new ObjectCache({ dir: `${cacheDir}/${randomBytes(4).toString('hex')}` })
  return openStore(url, { s3: options, connection: 'minio', cache })
}

/** An address below a bucket that nothing lies at. */
export const newAddress = (bucketUrl: string): string => `${bucketUrl}/${randomBytes(6).toString('hex')}`
