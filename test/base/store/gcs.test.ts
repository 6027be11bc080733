import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type GcsOptions, ObjectCache, openStore } from '../../../src/base/store/index.ts'
import { type Fault, faultProxy } from '../../services/fault-proxy.ts'
import { type GcsServer, gcsServer } from '../../services/gcs-server.ts'
import { describeStore } from './conformance.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
let server: GcsServer
let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-gcs-'))
  server = await gcsServer('lake')
  await writeFile(join(dir, 'key.json'), server.keyFile)
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

const store = (options?: GcsOptions, address = `gs://lake/${randomBytes(6).toString('hex')}`) =>
  openStore(address, {
    gcs: options ?? { ...server.hmac, endpoint: server.url },
    connection: 'google',
    cache: new ObjectCache({ dir: join(dir, randomBytes(4).toString('hex')) }),
  })

// A server of our own, which knows of Cloud Storage what its documentation says: it was never run against the real one.
describeStore('gcs, by an HMAC key', async () => store())
describeStore('gcs, by the key file of a service account', async () =>
  store({ key_file: join(dir, 'key.json'), endpoint: server.url }),
)

async function spoiled(choose: (request: IncomingMessage) => Fault | undefined) {
  const proxy = await faultProxy(server.url, choose)
  onTestFinished(() => proxy[Symbol.asyncDispose]())
  // What a proxy in between makes of the host would not fit the signature.
  return store({ key_file: join(dir, 'key.json'), endpoint: proxy.url })
}

test('a creation is a put on the condition that there is no generation', async () => {
  const here = store()
  await here.putIfAbsent('k', bytes('x'))
  expect(server.seen.at(-1)).toMatch(/^PUT \/lake\/[0-9a-f]+\/k generation=0$/)
})

test('a creation whose answer was lost is known to be its own', async () => {
  let lost = 0
  const here = await spoiled((request) => (request.method === 'PUT' && lost++ === 0 ? 'lose-answer' : undefined))
  expect(await here.putIfAbsent('k', bytes('once'))).toBe('created')
  expect(lost).toBe(2)
  expect(await here.putIfAbsent('k', bytes('once'))).toBe('exists')
})

test('one token serves many requests', async () => {
  const before = server.seen.filter((request) => request.includes('/token')).length
  const here = store({ key_file: join(dir, 'key.json'), endpoint: server.url })
  await Promise.all(Array.from({ length: 5 }, (_, at) => here.put(`k${at}`, bytes('x'))))
  expect(server.seen.filter((request) => request.includes('/token'))).toHaveLength(before + 1)
})

test('files are fetched into copies, of the content that was asked for', async () => {
  const here = store()
  await here.put('part.parquet', bytes('first'))
  const { tag = '' } = (await here.head('part.parquet')) ?? {}
  const [copy = ''] = await here.localize([{ path: 'part.parquet', tag }])
  expect(await readFile(copy, 'utf8')).toBe('first')
  await here.put('part.parquet', bytes('second'))
  const fresh = store(undefined, here.url)
  await expect(fresh.localize([{ path: 'part.parquet', tag }])).rejects.toMatchObject({
    code: 'STORE_NOT_FOUND',
    retry: 'after-reload',
  })
})

test('what is missing and who is not let in is said, and secrets are not', async () => {
  await expect(store(undefined, 'gs://nowhere/x').get('k')).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' })
  const wrong = { ...server.hmac, secret_access_key: 'nobody-may-see-this', endpoint: server.url }
  const refused = await store(wrong)
    .get('k')
    .catch((thrown: Error) => thrown)
  expect(refused).toMatchObject({ code: 'STORE_DENIED' })
  expect(JSON.stringify(refused)).not.toContain('nobody-may-see-this')
  await writeFile(join(dir, 'no-key.json'), '{}')
  const nameless = store({ key_file: join(dir, 'no-key.json'), endpoint: server.url })
  await expect(nameless.get('k')).rejects.toMatchObject({ code: 'STORE_DENIED' })
  expect(() => openStore('gs:///x')).toThrowError(/names no bucket/)
})
