import { open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { S3Bucket } from './s3-bucket.ts'

/** Bytes asked for by one request when an object is copied to disk. */
const PIECE = 8 * 1024 * 1024
/** Requests at a time for one object. */
const AT_ONCE = 4
/** Times that a body is asked for again from where it broke. */
const RESUMES = 5

interface Range {
  readonly start: number
  /** Inclusive; to the end of the object when absent. */
  readonly end?: number
}

interface Piece {
  readonly bytes: Buffer
  readonly tag: string | undefined
  /** Bytes of the whole object. */
  readonly size: number
}

/** What is asked for: with `tag` only that content of the object. */
export interface S3Get {
  readonly key: string
  readonly tag?: string
  readonly signal?: AbortSignal
}

/** A whole object in memory. A body that breaks off is gone on with from where it broke, if the object is the same. */
export async function readObject(bucket: S3Bucket, act: string, get: S3Get): Promise<Uint8Array | undefined> {
  return bucket.ifThere(act, async () => (await readRange(bucket, get)).bytes)
}

/** Copies an object into a file, by several requests at a time when it is large. Returns its tag. */
export async function downloadObject(bucket: S3Bucket, act: string, get: S3Get, file: string): Promise<void> {
  await bucket.run(act, async () => {
    await using handle = await open(file, 'wx', 0o600)
    const first = await readRange(bucket, get, { start: 0, end: PIECE - 1 })
    await handle.write(first.bytes, 0, first.bytes.length, 0)
    // All pieces must be of the content that the first was of.
    const same = first.tag === undefined ? get : { ...get, tag: first.tag }
    const starts = Array.from({ length: Math.ceil(first.size / PIECE) - 1 }, (_, at) => (at + 1) * PIECE).reverse()
    const worker = async () => {
      for (let start = starts.pop(); start !== undefined; start = starts.pop()) {
        const { bytes } = await readRange(bucket, same, { start, end: Math.min(start + PIECE, first.size) - 1 })
        await handle.write(bytes, 0, bytes.length, start)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
  })
}

async function readRange(bucket: S3Bucket, { key, tag, signal }: S3Get, range?: Range): Promise<Piece> {
  const { client, sdk } = await bucket.open()
  const chunks: Buffer[] = []
  let read = 0
  let seen = tag
  let size: number | undefined
  for (let resumes = 0; ; resumes += 1) {
    const start = (range?.start ?? 0) + read
    const isWhole = range === undefined && read === 0
    const response = await client
      .send(
        new sdk.GetObjectCommand({
          Bucket: bucket.name,
          Key: key,
          ...(isWhole ? {} : { Range: `bytes=${start}-${range?.end ?? ''}` }),
          ...(seen === undefined ? {} : { IfMatch: seen }),
        }),
        signal ? { abortSignal: signal } : {},
      )
      .catch((thrown: unknown) => {
        // No byte of an empty object can be asked for.
        if ((thrown as Error).name === 'InvalidRange' && start === 0) return undefined
        throw thrown
      })
    if (!response) return { bytes: Buffer.alloc(0), tag: seen, size: 0 }
    seen ??= response.ETag
    size ??= wholeSize(response.ContentRange) ?? response.ContentLength ?? 0
    const wanted = Math.min((range?.end ?? size - 1) + 1, size) - (range?.start ?? 0)
    try {
      for await (const chunk of response.Body as unknown as AsyncIterable<Buffer>) {
        chunks.push(chunk)
        read += chunk.length
      }
      if (read >= wanted) return { bytes: Buffer.concat(chunks), tag: seen, size }
      throw Object.assign(new Error(`the body ended after ${read} of ${wanted} bytes`), { code: 'ECONNRESET' })
    } catch (broken) {
      if (signal?.aborted || resumes >= RESUMES) throw broken
      await sleep(50 * 2 ** resumes)
    }
  }
}

/** The size in `bytes 0-99/1234` (RFC 9110, section 14.4). */
function wholeSize(range: string | undefined): number | undefined {
  const size = /\/(\d+)$/.exec(range ?? '')?.[1]
  return size === undefined ? undefined : Number(size)
}
