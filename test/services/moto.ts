import { randomBytes } from 'node:crypto'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3'
import { reachable } from './reachable.ts'

/** The stand-in for S3 of scripts/services/start-moto.sh, or the endpoint that MILLRACE_TEST_S3 names. */
export const s3Endpoint = process.env.MILLRACE_TEST_S3 ?? 'http://127.0.0.1:55000'

/** Whether the server is there; tests that need it are skipped without. One that was named must be. */
export const hasMoto =
  process.env.MILLRACE_TEST_S3 !== undefined ||
  (await reachable(new URL(s3Endpoint).hostname, Number(new URL(s3Endpoint).port || 80)))

/** Belongs into the name of such tests, so that a skipped one says how it is enabled. */
export const MOTO_HINT = 'enable: scripts/services/start-moto.sh'

/** What a client needs to use the server: any key and secret are accepted by moto. */
export const s3Access = {
  region: 'us-east-1',
  endpoint: s3Endpoint,
  accessKeyId: process.env.MILLRACE_TEST_S3_KEY ?? 'test-key',
  secretAccessKey: process.env.MILLRACE_TEST_S3_SECRET ?? 'test-secret',
} as const

/** Makes an empty bucket of its own, which is emptied and dropped when it is disposed of. */
export async function freshBucket(): Promise<{ readonly bucket: string; readonly url: string } & AsyncDisposable> {
  const bucket = `test-${randomBytes(6).toString('hex')}`
  const client = s3()
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  return {
    bucket,
    url: `s3://${bucket}`,
    [Symbol.asyncDispose]: async () => {
      for (;;) {
        const page = await client.send(new ListObjectsV2Command({ Bucket: bucket }))
        const keys = page.Contents?.map(({ Key }) => ({ Key })) ?? []
        if (keys.length > 0) await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: keys } }))
        if (!page.IsTruncated) break
      }
      await client.send(new DeleteBucketCommand({ Bucket: bucket }))
      client.destroy()
    },
  }
}

/** A client of the server, outside of what is tested. */
export function s3(): S3Client {
  const { region, endpoint, accessKeyId, secretAccessKey } = s3Access
  return new S3Client({ region, endpoint, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } })
}
