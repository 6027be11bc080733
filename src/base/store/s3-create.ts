import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { S3Bucket } from './s3-bucket.ts'
import { s3ErrorName } from './s3-error.ts'
import { readObject } from './s3-read.ts'

/** Metadata by which a writer knows an object that it created itself, though the answer got lost. */
const WRITER = 'millrace-writer'
const TRIES = 8

/** Whether endpoints honour `If-None-Match: *`, by endpoint and bucket; asked once in a process. */
const probed = new Map<string, Promise<boolean>>()

/**
 * Creates an object unless it is there, by `If-None-Match: *` (RFC 9110, section 13.1.2; Amazon S3 user guide,
 * "Conditional writes"). A request whose answer was lost, and which then finds the object there, was its own writer.
 */
export async function createObject(
  bucket: S3Bucket,
  act: string,
  key: string,
  bytes: Uint8Array,
): Promise<'created' | 'exists'> {
  const writer = randomUUID()
  for (let tries = 1; ; tries += 1) {
    const outcome = await attempt(bucket, act, key, bytes, writer, tries === TRIES)
    if (outcome !== 'again') return outcome
    await sleep(20 * 2 ** tries * Math.random())
  }
}

async function attempt(
  bucket: S3Bucket,
  act: string,
  key: string,
  bytes: Uint8Array,
  writer: string,
  isLast: boolean,
): Promise<'created' | 'exists' | 'again'> {
  const { client, sdk } = await bucket.run(act, async (open) => open)
  try {
    await client.send(
      new sdk.PutObjectCommand({
        Bucket: bucket.name,
        Key: key,
        Body: bytes,
        IfNoneMatch: '*',
        Metadata: { [WRITER]: writer },
      }),
    )
    return 'created'
  } catch (thrown) {
    const status = (thrown as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0
    const isConflict = thrown instanceof Error && s3ErrorName(thrown) === 'PreconditionFailed'
    const isUnknown = status === 0 || status >= 500
    if (isConflict || isUnknown) {
      const there = await owner(bucket, act, key, bytes, writer).catch(() => 'unknown' as const)
      if (there === 'ours') return 'created'
      if (isConflict && there === 'others') return 'exists'
      // Whoever was there before has removed it meanwhile.
      if (isConflict && there === 'absent' && !isLast) return 'again'
    }
    // 409: another conditional request for this key was going on at the same time.
    if (status === 409 && !isLast) return 'again'
    throw bucket.error(thrown, act)
  }
}

async function owner(
  bucket: S3Bucket,
  act: string,
  key: string,
  bytes: Uint8Array,
  writer: string,
): Promise<'ours' | 'others' | 'absent'> {
  const found = await bucket.ifThere(act, ({ client, sdk }) =>
    client.send(new sdk.HeadObjectCommand({ Bucket: bucket.name, Key: key })),
  )
  if (!found) return 'absent'
  const by = found.Metadata?.[WRITER]
  if (by !== undefined) return by === writer ? 'ours' : 'others'
  // A service that keeps no metadata: what a log or a lock says is never said twice in the same words.
  if (found.ContentLength !== bytes.length) return 'others'
  const content = await readObject(bucket, act, { key })
  return content !== undefined && Buffer.compare(content, bytes) === 0 ? 'ours' : 'others'
}

/**
 * Whether `createObject` can be relied on. AWS itself has honoured the header since August 2024; any other endpoint
 * is tried with an object of its own below `prefix`, because some overwrite what is there without a word.
 */
export async function honoursCreate(bucket: S3Bucket, prefix: string): Promise<boolean> {
  const act = `trying If-None-Match at s3://${bucket.name}`
  const endpoint = await bucket.run(act, () => bucket.customEndpoint())
  if (endpoint === undefined) return true
  const name = `${endpoint} ${bucket.name}`
  let asked = probed.get(name)
  if (!asked) {
    asked = probe(bucket, act, `${prefix}.millrace-${process.pid}-${randomBytes(6).toString('hex')}.tmp`)
    probed.set(name, asked)
    asked.catch(() => probed.delete(name))
  }
  return asked
}

async function probe(bucket: S3Bucket, act: string, key: string): Promise<boolean> {
  return bucket.run(act, async ({ client, sdk }) => {
    const at = { Bucket: bucket.name, Key: key }
    try {
      await client.send(new sdk.PutObjectCommand({ ...at, Body: 'probe' }))
      await client.send(new sdk.PutObjectCommand({ ...at, Body: 'overwritten', IfNoneMatch: '*' }))
      return false
    } catch (thrown) {
      const name = thrown instanceof Error ? s3ErrorName(thrown) : ''
      if (name === 'NotImplemented') return false
      if (name !== 'PreconditionFailed') throw thrown
      return true
    } finally {
      await client.send(new sdk.DeleteObjectCommand(at)).catch(() => undefined)
    }
  })
}
