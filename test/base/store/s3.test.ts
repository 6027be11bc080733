import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { ObjectCache, openStore, type S3Options } from '../../../src/base/store/index.ts'
import { type Fault, faultProxy } from '../../services/fault-proxy.ts'
import { freshBucket, hasMoto, MOTO_HINT, s3, s3Access, s3Endpoint } from '../../services/moto.ts'
import { collected, describeStore } from './conformance.ts'

const KEYS: S3Options = {
  region: s3Access.region,
  access_key_id: s3Access.accessKeyId,
  secret_access_key: s3Access.secretAccessKey,
}
const OPTIONS: S3Options = { ...KEYS, endpoint: s3Endpoint }
const bytes = (text: string) => new TextEncoder().encode(text)
const text = (read: Uint8Array | undefined) => (read === undefined ? undefined : new TextDecoder().decode(read))

let bucket: Awaited<ReturnType<typeof freshBucket>>
beforeAll(async () => {
  if (hasMoto) bucket = await freshBucket()
})
afterAll(async () => {
  await bucket?.[Symbol.asyncDispose]()
})

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'millrace-s3-'))
  onTestFinished(() => rm(made, { recursive: true, force: true }))
  return made
}

async function store(options: S3Options = OPTIONS) {
  const cache = new ObjectCache({ dir: await folder() })
  return openStore(`${bucket.url}/${randomBytes(6).toString('hex')}`, { s3: options, connection: 'minio', cache })
}

/** A store behind a proxy that spoils the requests that `choose` names. */
async function spoiled(choose: (request: IncomingMessage) => Fault | undefined) {
  const proxy = await faultProxy(s3Endpoint, choose)
  onTestFinished(() => proxy[Symbol.asyncDispose]())
  return { proxy, store: await store({ ...KEYS, endpoint: proxy.url }) }
}

const large = (size: number) => Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8)) % 256)
const isPutOf = (name: string) => (request: IncomingMessage) =>
  request.method === 'PUT' && (request.url ?? '').includes(name)

describe.skipIf(!hasMoto)(`a bucket (${MOTO_HINT})`, () => {
  describeStore('s3', () => store())

  test('of ten processes that create one object at once exactly one does', async () => {
    const { url } = await store()
    const module = new URL('../../../src/base/store/index.ts', import.meta.url).href
    const source = `import { openStore } from '${module}'
      const store = openStore('${url}', { s3: ${JSON.stringify(OPTIONS)} })
      await store.conditionalPut()
      console.log('ready'); process.stdin.once('data', async () => {
        console.log(await store.putIfAbsent('log/0.json', Buffer.from('writer ' + process.pid))); process.exit() })`
    const writers = Array.from({ length: 10 }, () =>
      spawn(process.execPath, ['--conditions=millrace-source', '--input-type=module', '-e', source], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    )
    await Promise.all(writers.map((writer) => once(writer.stdout, 'data')))
    const said = writers.map(async (writer) => ({
      pid: writer.pid,
      outcome: String((await once(writer.stdout, 'data'))[0]).trim(),
    }))
    for (const writer of writers) writer.stdin.write('go\n')
    const results = await Promise.all(said)
    const winners = results.filter(({ outcome }) => outcome === 'created')
    expect(winners).toHaveLength(1)
    expect(results.filter(({ outcome }) => outcome === 'exists')).toHaveLength(9)
    expect(text(await openStore(url, { s3: OPTIONS }).get('log/0.json'))).toBe(`writer ${winners[0]?.pid}`)
  }, 60_000)

  test('a list goes over its pages, in order, from a name on', async () => {
    const lake = await store()
    const names = Array.from({ length: 1100 }, (_, at) => `f${String(at).padStart(5, '0')}`)
    for (let at = 0; at < names.length; at += 50)
      await Promise.all(names.slice(at, at + 50).map((name) => lake.put(name, new Uint8Array())))
    expect((await collected(lake.list(''))).map(({ path }) => path)).toEqual(names)
    expect((await collected(lake.list('', { startAfter: 'f00049' }))).map(({ path }) => path)).toEqual(names.slice(50))
  }, 60_000)

  test('an object of several parts is put, read and copied to disk byte for byte', async () => {
    const lake = await store()
    const content = large(37 * 1024 * 1024 + 5)
    await lake.put('deep/date=2024-01-31/big.bin', content)
    expect(Buffer.compare((await lake.get('deep/date=2024-01-31/big.bin')) ?? bytes(''), content)).toBe(0)
    const [file = ''] = await lake.localize([{ path: 'deep/date=2024-01-31/big.bin' }])
    expect(file).toMatch(/\/deep\/date=2024-01-31\/big\.bin$/)
    expect(Buffer.compare(await readFile(file), content)).toBe(0)
    await lake.rename('deep/date=2024-01-31/big.bin', 'ünï code/a+b c%20.bin')
    expect(await lake.head('ünï code/a+b c%20.bin')).toMatchObject({ size: content.length })
  }, 60_000)

  test('an upload in parts that fails leaves nothing behind, neither object nor parts', async () => {
    const { store: lake } = await spoiled((request) =>
      /partNumber=2/.test(request.url ?? '') ? { status: 403, code: 'AccessDenied' } : undefined,
    )
    await expect(lake.put('big', large(40 * 1024 * 1024))).rejects.toMatchObject({ code: 'STORE_DENIED' })
    expect(await lake.head('big')).toBeUndefined()
    const open = await s3().send(new ListMultipartUploadsCommand({ Bucket: bucket.bucket }))
    expect(open.Uploads ?? []).toEqual([])
  }, 60_000)

  test('what an engine wrote to a staged folder is in the bucket once published, and read back without a request', async () => {
    const { store: lake, proxy } = await spoiled(() => undefined)
    await using stage = await lake.stage('table')
    const { mkdir } = await import('node:fs/promises')
    await mkdir(join(stage.dir, 'date=1'), { recursive: true })
    await writeFile(join(stage.dir, 'date=1/a.parquet'), 'rows')
    await stage.publish(['date=1/a.parquet'])
    expect(text(await lake.get('table/date=1/a.parquet'))).toBe('rows')
    const before = proxy.seen.length
    const [file = ''] = await lake.localize([{ path: 'table/date=1/a.parquet' }])
    expect(await readFile(file, 'utf8')).toBe('rows')
    expect(proxy.seen).toHaveLength(before)
  })

  test('a copy of an object that was replaced since it was listed is refused, not mixed up', async () => {
    const lake = await store()
    await lake.put('k', bytes('first'))
    const [listed] = await collected(lake.list(''))
    await lake.put('k', bytes('second'))
    await expect(lake.localize([listed ?? { path: '' }])).rejects.toMatchObject({
      code: 'STORE_NOT_FOUND',
      retry: 'after-reload',
    })
    const [now] = await collected(lake.list(''))
    const [file = ''] = await lake.localize([now ?? { path: '' }])
    expect(await readFile(file, 'utf8')).toBe('second')
  })
})

describe.skipIf(!hasMoto)(`a bucket behind a bad network (${MOTO_HINT})`, () => {
  test('503 SlowDown is tried again until it is over', async () => {
    let refused = 0
    const { store: lake } = await spoiled((request) =>
      isPutOf('/k')(request) && refused++ < 3 ? { status: 503, code: 'SlowDown' } : undefined,
    )
    await lake.put('k', bytes('x'))
    expect(refused).toBe(4)
    expect(text(await lake.get('k'))).toBe('x')
  }, 30_000)

  test('503 without end is STORE_FAILED with the name of the connection, and worth trying again', async () => {
    const { store: lake } = await spoiled(() => ({ status: 503, code: 'SlowDown' }))
    const failed = await lake.get('k').catch((thrown: unknown) => thrown)
    expect(failed).toMatchObject({ code: 'STORE_FAILED', retry: 'again' })
    expect(String(failed)).toContain('connection minio')
    expect(JSON.stringify(failed)).not.toContain(s3Access.secretAccessKey)
  }, 30_000)

  test('a body that breaks off is gone on with from where it broke', async () => {
    const content = large(300_000)
    let cuts = 0
    const { store: lake, proxy } = await spoiled((request) =>
      request.method === 'GET' && cuts < 3 && ++cuts ? { cutAfter: 80_000 } : undefined,
    )
    await lake.put('k', content)
    expect(Buffer.compare((await lake.get('k')) ?? bytes(''), content)).toBe(0)
    expect(proxy.seen.filter((line) => line.startsWith('GET'))).toHaveLength(4)
  }, 30_000)

  test('a body that never comes to its end is STORE_FAILED, and no half copy stays', async () => {
    const { store: lake } = await spoiled((request) => (request.method === 'GET' ? { cutAfter: 10 } : undefined))
    await lake.put('k', large(100_000))
    await expect(lake.localize([{ path: 'k' }])).rejects.toMatchObject({ code: 'STORE_FAILED', retry: 'again' })
  }, 30_000)

  test('a creation whose answer was lost is known as our own when it is tried again', async () => {
    let lost = 0
    const { store: lake } = await spoiled((request) =>
      isPutOf('0.json')(request) && lost++ < 1 ? 'lose-answer' : undefined,
    )
    expect(await lake.putIfAbsent('log/0.json', bytes('mine'))).toBe('created')
    expect(lost).toBeGreaterThan(1)
    expect(await lake.putIfAbsent('log/0.json', bytes('mine'))).toBe('exists')
  }, 30_000)

  test('409 during a creation is tried again', async () => {
    let conflicts = 0
    const { store: lake } = await spoiled((request) =>
      isPutOf('0.json')(request) && conflicts++ < 2 ? { status: 409, code: 'ConditionalRequestConflict' } : undefined,
    )
    expect(await lake.putIfAbsent('log/0.json', bytes('x'))).toBe('created')
  }, 30_000)

  test('a service that ignores If-None-Match is found out before anything is created', async () => {
    const { store: lake } = await spoiled(() => ({ dropHeader: 'if-none-match' }))
    expect(await lake.conditionalPut()).toBe(false)
    await expect(lake.putIfAbsent('log/0.json', bytes('x'))).rejects.toMatchObject({ code: 'STORE_UNSUPPORTED' })
    expect(await collected(lake.list(''))).toEqual([])
  })

  test('a bucket that is not there is named, by every operation', async () => {
    const lake = openStore('s3://no-such-bucket-here/lake', { s3: OPTIONS, connection: 'minio' })
    const missing = { code: 'STORE_NOT_FOUND', message: expect.stringContaining('no bucket "no-such-bucket-here"') }
    await expect(lake.get('k')).rejects.toMatchObject(missing)
    await expect(lake.head('k')).rejects.toMatchObject(missing)
    await expect(lake.put('k', bytes('x'))).rejects.toMatchObject(missing)
    await expect(lake.putIfAbsent('k', bytes('x'))).rejects.toMatchObject(missing)
    await expect(collected(lake.list(''))).rejects.toMatchObject(missing)
  })

  test('keys come by the usual chain, and their absence is told apart from a refusal', async () => {
    const home = await folder()
    await writeFile(join(home, 'credentials'), '[lake]\naws_access_key_id = k\naws_secret_access_key = hunter2\n')
    await writeFile(join(home, 'config'), '[profile lake]\nregion = eu-west-1\n')
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(home, 'credentials'))
    vi.stubEnv('AWS_CONFIG_FILE', join(home, 'config'))
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, undefined)
    onTestFinished(() => void vi.unstubAllEnvs())
    const lake = await store({ endpoint: s3Endpoint, profile: 'lake' })
    await lake.put('k', bytes('x'))
    expect(await lake.remote?.()).toMatchObject({
      accessKeyId: 'k',
      secretAccessKey: 'hunter2',
      pathStyle: true,
      useTls: false,
    })
    const without = await store({ endpoint: s3Endpoint })
    await expect(without.get('k')).rejects.toMatchObject({
      code: 'STORE_DENIED',
      hint: expect.stringContaining('AWS_ACCESS_KEY_ID'),
    })
  })

  test('another region is told with what to set', async () => {
    const { store: lake } = await spoiled(() => ({ status: 400, code: 'AuthorizationHeaderMalformed' }))
    await expect(lake.get('k')).rejects.toMatchObject({ code: 'STORE_FAILED', hint: expect.stringContaining('region') })
  })

  test('403 is STORE_DENIED, an endpoint that nobody answers at STORE_FAILED', async () => {
    const { store: denied } = await spoiled(() => ({ status: 403, code: 'AccessDenied' }))
    await expect(denied.put('k', bytes('x'))).rejects.toMatchObject({ code: 'STORE_DENIED', retry: 'never' })
    await expect(denied.head('k')).rejects.toMatchObject({ code: 'STORE_DENIED' })
    const nobody = await store({ ...KEYS, endpoint: 'http://127.0.0.1:9' })
    await expect(nobody.get('k')).rejects.toMatchObject({ code: 'STORE_FAILED', retry: 'again' })
  }, 30_000)
})

describe('the copies of objects', () => {
  const MINUTES = 60_000

  async function cacheOf(maxBytes: number) {
    const cache = new ObjectCache({ dir: await folder(), maxBytes })
    const made = async (name: string, ageMs: number) => {
      const file = await cache.get(name, name, (to) => writeFile(to, 'x'.repeat(100)))
      const used = (Date.now() - ageMs) / 1000
      await utimes(file, used, used)
      return file
    }
    const names = async () =>
      (await readdir(join(cache.dir, 'copies'), { recursive: true }))
        .filter((name) => /\/[a-z]$/.test(name))
        .map((name) => name.slice(-1))
        .sort()
    return { cache, made, names }
  }

  test('beyond the limit those go that were not used for longest; recent and held ones stay', async () => {
    const { cache, made, names } = await cacheOf(250)
    const held = await made('a', 500 * MINUTES)
    await cache.hold('view raw.orders', [held, '/elsewhere/file'])
    await made('b', 400 * MINUTES)
    await made('c', 300 * MINUTES)
    await made('d', 1 * MINUTES)
    await cache.trim()
    expect(await names()).toEqual(['a', 'd'])
    await cache.hold('view raw.orders', [])
    await made('e', 200 * MINUTES)
    await cache.trim()
    expect(await names()).toEqual(['d', 'e'])
  })

  test('a copy is fetched once for all who ask at once, and again after a failure', async () => {
    const cache = new ObjectCache({ dir: await folder() })
    let fetches = 0
    const fetch = async (to: string) => {
      fetches += 1
      await writeFile(to, 'x')
      if (fetches === 1) throw new Error('broke off')
    }
    await expect(cache.get('k', 'k', fetch)).rejects.toThrow('broke off')
    const files = await Promise.all([1, 2, 3].map(() => cache.get('k', 'k', fetch)))
    expect(new Set(files).size).toBe(1)
    expect(fetches).toBe(2)
    expect(await readdir(join(cache.dir, 'staging'))).toEqual([])
  })
})

test('an address without a bucket is refused, and keys in it are not repeated', () => {
  expect(() => openStore('s3://')).toThrow(expect.objectContaining({ code: 'STORE_UNSUPPORTED' }))
  let said = ''
  try {
    openStore('s3://key:secret@bucket/lake')
  } catch (thrown) {
    said = String(thrown)
  }
  expect(said).not.toContain('secret@')
})
