import { open } from 'node:fs/promises'
import type { S3Bucket, S3Client } from './s3-bucket.ts'

/** Larger objects are put in parts (Amazon S3 API reference, "CreateMultipartUpload"). */
const PART = 16 * 1024 * 1024
/** Parts that an upload may have. */
const MOST_PARTS = 10_000
/** The most that one copy request takes. */
const MOST_COPIED = 5 * 1024 ** 3
const PARTS_AT_ONCE = 4

/** Bytes of the object from `start`, so many of them. */
type Slice = (start: number, length: number) => Promise<Uint8Array>

/** Puts bytes as an object; it appears at once and whole. */
export async function putBytes(bucket: S3Bucket, act: string, key: string, bytes: Uint8Array): Promise<void> {
  await put(bucket, act, key, bytes.length, async (start, length) => bytes.subarray(start, start + length))
}

/** Puts a file of this machine as an object. Memory: some parts. */
export async function putFile(bucket: S3Bucket, act: string, key: string, file: string): Promise<void> {
  await bucket.run(act, async () => {
    await using handle = await open(file)
    const { size } = await handle.stat()
    await put(bucket, act, key, size, async (start, length) => {
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, start)
      return buffer.subarray(0, bytesRead)
    })
  })
}

async function put(bucket: S3Bucket, act: string, key: string, size: number, slice: Slice): Promise<void> {
  await bucket.run(act, async (open) => {
    const { client, sdk } = open
    const at = { Bucket: bucket.name, Key: key }
    if (size <= PART) {
      await client.send(new sdk.PutObjectCommand({ ...at, Body: await slice(0, size) }))
      return
    }
    await inParts(open, at, size, PART, async (part, start, length) => {
      const Body = await slice(start, length)
      return (await client.send(new sdk.UploadPartCommand({ ...at, ...part, Body }))).ETag
    })
  })
}

/** Copies an object within the bucket, without its bytes passing through here. */
export async function copyObject(bucket: S3Bucket, act: string, from: string, to: string, size: number): Promise<void> {
  await bucket.run(act, async (open) => {
    const { client, sdk } = open
    const at = { Bucket: bucket.name, Key: to }
    const CopySource = `${bucket.name}/${from.split('/').map(encodeURIComponent).join('/')}`
    if (size <= MOST_COPIED) {
      await client.send(new sdk.CopyObjectCommand({ ...at, CopySource }))
      return
    }
    await inParts(open, at, size, 512 * 1024 ** 2, async (part, start, length) => {
      const CopySourceRange = `bytes=${start}-${start + length - 1}`
      const done = await client.send(new sdk.UploadPartCopyCommand({ ...at, ...part, CopySource, CopySourceRange }))
      return done.CopyPartResult?.ETag
    })
  })
}

interface Address {
  readonly Bucket: string
  readonly Key: string
}

/** One upload in parts; what was uploaded of it is thrown away when it fails. */
async function inParts(
  { client, sdk }: S3Client,
  at: Address,
  size: number,
  least: number,
  upload: (
    part: { UploadId: string; PartNumber: number },
    start: number,
    length: number,
  ) => Promise<string | undefined>,
): Promise<void> {
  const length = Math.max(least, Math.ceil(size / MOST_PARTS))
  const { UploadId = '' } = await client.send(new sdk.CreateMultipartUploadCommand(at))
  try {
    const numbers = Array.from({ length: Math.ceil(size / length) }, (_, index) => index + 1)
    const waiting = [...numbers].reverse()
    const tags = new Map<number, string | undefined>()
    const worker = async () => {
      for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
        const start = (number - 1) * length
        tags.set(number, await upload({ UploadId, PartNumber: number }, start, Math.min(length, size - start)))
      }
    }
    const done = await Promise.allSettled(Array.from({ length: PARTS_AT_ONCE }, worker))
    for (const result of done) if (result.status === 'rejected') throw result.reason
    const Parts = numbers.map((PartNumber) => ({ PartNumber, ETag: tags.get(PartNumber) }))
    await client.send(new sdk.CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } }))
  } catch (thrown) {
    // Its own failure matters less than what went wrong; the bucket's rules remove stale uploads.
    await client.send(new sdk.AbortMultipartUploadCommand({ ...at, UploadId })).catch(() => undefined)
    throw thrown
  }
}
