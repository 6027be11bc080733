import { createHmac, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type AzureOptions, ObjectCache, openStore } from '../../../src/base/store/index.ts'
import { AZURE_OPTIONS, AZURITE_HINT, azureEndpoint, freshContainer, hasAzurite } from '../../services/azurite.ts'
import { type Fault, faultProxy } from '../../services/fault-proxy.ts'
import { collected, describeStore } from './conformance.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
let container = ''
let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-azure-'))
  if (hasAzurite) container = await freshContainer()
})
afterAll(() => rm(dir, { recursive: true, force: true }))

const store = (azure: AzureOptions = AZURE_OPTIONS, address = `${container}/${randomBytes(6).toString('hex')}`) =>
  openStore(address, {
    azure,
    connection: 'blobs',
    cache: new ObjectCache({ dir: join(dir, randomBytes(4).toString('hex')) }),
  })

/** A store behind a proxy that spoils the requests that `choose` names. */
async function spoiled(choose: (request: IncomingMessage) => Fault | undefined) {
  const proxy = await faultProxy(new URL(azureEndpoint).origin, choose)
  onTestFinished(() => proxy[Symbol.asyncDispose]())
  return store({ ...AZURE_OPTIONS, endpoint: `${proxy.url}/devstoreaccount1` })
}

/** A signature for all of the account for an hour (Azure Storage, "Create an account SAS"). */
function accountSas(): string {
  const [permissions, services, types] = ['rwdlc', 'b', 'sco']
  const end = `${new Date(Date.now() + 3_600_000).toISOString().slice(0, 19)}Z`
  const version = '2020-12-06'
  const fields = [AZURE_OPTIONS.account, permissions, services, types, '', end, '', '', version, '']
  const signature = createHmac('sha256', Buffer.from(AZURE_OPTIONS.account_key ?? '', 'base64'))
    .update(`${fields.join('\n')}\n`)
    .digest('base64')
  return new URLSearchParams({
    sv: version,
    ss: services,
    srt: types,
    sp: permissions,
    se: end,
    sig: signature,
  }).toString()
}

describe.skipIf(!hasAzurite)(`a container of Azure Storage (${AZURITE_HINT})`, () => {
  describeStore('azure', async () => store())

  test('a shared access signature does as well as a key', async () => {
    const { account_key: _, ...others } = AZURE_OPTIONS
    const other = store({ ...others, sas_token: `?${accountSas()}` })
    expect(await other.putIfAbsent('a/ü.json', bytes('{}'))).toBe('created')
    expect(await other.putIfAbsent('a/ü.json', bytes('[]'))).toBe('exists')
    expect((await collected(other.list('a/'))).map(({ path }) => path)).toEqual(['a/ü.json'])
  })

  test('a creation whose answer was lost is known to be its own', async () => {
    let lost = 0
    const other = await spoiled((request) => {
      if (request.method !== 'PUT' || lost > 0) return undefined
      lost += 1
      return 'lose-answer'
    })
    expect(await other.putIfAbsent('k', bytes('once'))).toBe('created')
    expect(lost).toBe(1)
    expect(await other.putIfAbsent('k', bytes('once'))).toBe('exists')
  })

  test('a service that fails now and then is asked again', async () => {
    let failed = 0
    const other = await spoiled(() => (failed++ < 2 ? { status: 503, code: 'ServerBusy' } : undefined))
    await other.put('k', bytes('x'))
    expect(await other.get('k')).toEqual(bytes('x'))
  })

  test('files are fetched into copies, of the content that was asked for', async () => {
    const here = store()
    await here.put('part.parquet', bytes('first'))
    const entry = await here.head('part.parquet')
    const [copy = ''] = await here.localize([{ path: 'part.parquet', ...(entry?.tag ? { tag: entry.tag } : {}) }])
    expect(await readFile(copy, 'utf8')).toBe('first')
    await here.put('part.parquet', bytes('second'))
    const fresh = openStore(here.url, { azure: AZURE_OPTIONS, cache: new ObjectCache({ dir: join(dir, 'other') }) })
    await expect(
      fresh.localize([{ path: 'part.parquet', ...(entry?.tag ? { tag: entry.tag } : {}) }]),
    ).rejects.toMatchObject({ code: 'STORE_NOT_FOUND', retry: 'after-reload' })
  })

  test('what is missing and who is not let in is said', async () => {
    await expect(store(AZURE_OPTIONS, 'az://nowhere-at-all').get('k')).rejects.toMatchObject({
      code: 'STORE_NOT_FOUND',
    })
    const stranger = store({ ...AZURE_OPTIONS, account_key: Buffer.from('wrong').toString('base64') })
    await expect(stranger.get('k')).rejects.toMatchObject({ code: 'STORE_DENIED' })
  })
})

test('an address without container, and an account without credentials, are refused', () => {
  expect(() => openStore('az://', { azure: AZURE_OPTIONS })).toThrowError(/names no container/)
  expect(() => openStore('az://container')).toThrowError(/which account/)
  expect(() => openStore('abfss://c@acc.dfs.core.windows.net/p')).toThrowError(/without credentials/)
})

test('an address of a data lake leads to the blob service of its account', () => {
  const there = openStore('abfss://lake@acc.dfs.core.windows.net/a/b/', {
    azure: { account_key: AZURE_OPTIONS.account_key ?? '' },
  })
  expect(there.url).toBe('abfss://lake@acc.dfs.core.windows.net/a/b')
  expect(there.locate('c/d.parquet')).toBe('abfss://lake@acc.dfs.core.windows.net/a/b/c/d.parquet')
})
