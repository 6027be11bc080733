import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { localStore, type Store } from '../../../../src/base/store/index.ts'
import { DeltaTable } from '../../../../src/data/table/index.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-known-'))
  return () => rm(dir, { recursive: true, force: true })
})

type Put = Store['putIfAbsent']
/** A store whose conditional puts of commits go wrong as told. */
function storeWith(putIfAbsent: (put: Put) => Put): Store {
  const store = localStore(dir)
  return new Proxy(store, {
    get(of, name) {
      if (name === 'putIfAbsent') return putIfAbsent(of.putIfAbsent.bind(of))
      const value: unknown = Reflect.get(of, name)
      return typeof value === 'function' ? value.bind(of) : value
    },
  })
}

const schema = { fields: [{ name: 'id', type: { kind: 'long' }, nullable: true }] } as const
const later = (store: Store, version: number) =>
  DeltaTable.open(store).then((table) => table.setProperties({ note: `of version ${version}` }))
const versions = async () => (await readdir(join(dir, '_delta_log'))).filter((name) => /^\d+\.json$/.test(name))
const timeOut = () => new Error('the answer did not come in time')

test('a put that was answered with a time-out but took effect is ours, and is not done twice', async () => {
  await DeltaTable.create(localStore(dir), { schema })
  const lost = storeWith((put) => async (path, bytes) => {
    await put(path, bytes)
    throw timeOut()
  })
  expect(await later(lost, 1)).toMatchObject({ committed: true, snapshot: { version: 1 } })
  expect(await versions()).toHaveLength(2)
})

test('a put that its client sent twice is ours though it finds the version taken', async () => {
  await DeltaTable.create(localStore(dir), { schema })
  const twice = storeWith((put) => async (path, bytes) => {
    await put(path, bytes)
    return put(path, bytes)
  })
  expect(await later(twice, 1)).toMatchObject({ committed: true, snapshot: { version: 1 } })
  expect(await versions()).toHaveLength(2)
})

test('a time-out without effect is told, and another writer in the version is not taken for ours', async () => {
  await DeltaTable.create(localStore(dir), { schema })
  const dead = storeWith(() => () => Promise.reject(timeOut()))
  await expect(later(dead, 1)).rejects.toThrow('did not come in time')
  expect(await versions()).toHaveLength(1)
  let puts = 0
  const beaten = storeWith((put) => async (path, bytes) => {
    if (puts++ > 0) return put(path, bytes)
    await later(localStore(dir), 1)
    throw timeOut()
  })
  await expect(later(beaten, 1)).rejects.toThrow('did not come in time')
  expect((await DeltaTable.open(localStore(dir))).snapshot.version).toBe(1)
})
