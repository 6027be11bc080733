import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Store, StoreEntry } from '../../../src/base/store/index.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (read: Uint8Array | undefined) => (read === undefined ? undefined : new TextDecoder().decode(read))

async function listed(entries: AsyncIterable<StoreEntry>): Promise<string[]> {
  return (await collected(entries)).map((entry) => entry.path)
}

export async function collected(entries: AsyncIterable<StoreEntry>): Promise<StoreEntry[]> {
  const all: StoreEntry[] = []
  for await (const entry of entries) all.push(entry)
  return all
}

/** What every store must do. `open` gives an empty store, new at each call. */
export function describeStore(name: string, open: () => Promise<Store>): void {
  describe(`the store ${name}`, () => {
    test('what is put is read back, byte for byte, with its size and time', async () => {
      const store = await open()
      const content = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 31) % 256)
      const before = Date.now()
      await store.put('a/b/c.bin', content)
      expect(Buffer.compare(Buffer.from((await store.get('a/b/c.bin')) ?? []), content)).toBe(0)
      const entry = await store.head('a/b/c.bin')
      expect(entry).toMatchObject({ path: 'a/b/c.bin', size: 70_000 })
      expect(Math.abs((entry?.modified ?? 0) - before)).toBeLessThan(60_000)
    })

    test('an empty file is a file', async () => {
      const store = await open()
      await store.put('empty', new Uint8Array())
      expect(await store.get('empty')).toHaveLength(0)
      expect(await store.head('empty')).toMatchObject({ size: 0 })
    })

    test('what is absent, or only a folder, reads as undefined and lists as nothing', async () => {
      const store = await open()
      expect(await store.get('none')).toBeUndefined()
      expect(await store.head('none/at/all')).toBeUndefined()
      expect(await listed(store.list(''))).toEqual([])
      await store.put('folder/file', bytes('x'))
      expect(await store.get('folder')).toBeUndefined()
      expect(await store.head('folder')).toBeUndefined()
      expect(await store.get('folder/file/below')).toBeUndefined()
    })

    test('put replaces; putIfAbsent does not', async () => {
      const store = await open()
      await store.put('k', bytes('first, and longer'))
      await store.put('k', bytes('second'))
      expect(await store.putIfAbsent('k', bytes('third'))).toBe('exists')
      expect(text(await store.get('k'))).toBe('second')
      expect(await store.putIfAbsent('deep/k', bytes('new'))).toBe('created')
      expect(text(await store.get('deep/k'))).toBe('new')
    })

    test('of twenty writers that create one name exactly one wins, and its bytes are the ones kept', async () => {
      const store = await open()
      for (const round of [1, 2, 3]) {
        const path = `log/${round}.json`
        const results = await Promise.all(
          Array.from({ length: 20 }, (_, writer) => store.putIfAbsent(path, bytes(`writer ${writer}`))),
        )
        expect(results.filter((result) => result === 'created')).toHaveLength(1)
        expect(text(await store.get(path))).toBe(`writer ${results.indexOf('created')}`)
      }
    })

    test('a writer never hands its own buffer to the store for keeps', async () => {
      const store = await open()
      const content = bytes('before')
      await store.put('k', content)
      content.fill(0)
      expect(text(await store.get('k'))).toBe('before')
    })

    test('rename moves, replaces, and refuses what is absent', async () => {
      const store = await open()
      await store.put('from', bytes('moved'))
      await store.put('to/there', bytes('old'))
      await store.rename('from', 'to/there')
      expect(await store.head('from')).toBeUndefined()
      expect(text(await store.get('to/there'))).toBe('moved')
      await expect(store.rename('from', 'to/there')).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' })
      expect(text(await store.get('to/there'))).toBe('moved')
    })

    test('copy keeps what it copies, replaces, and refuses what is absent', async () => {
      const store = await open()
      await store.put('from', bytes('copied'))
      await store.put('to/there', bytes('old'))
      await store.copy('from', 'to/there')
      await store.copy('from', 'from')
      expect(text(await store.get('from'))).toBe('copied')
      expect(text(await store.get('to/there'))).toBe('copied')
      await expect(store.copy('none', 'to/there')).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' })
      expect(text(await store.get('to/there'))).toBe('copied')
      expect(await listed(store.list(''))).toEqual(['from', 'to/there'])
    })

    test('delete removes, and is content when there is nothing to remove', async () => {
      const store = await open()
      await store.put('a/k', bytes('x'))
      await store.delete('a/k')
      await store.delete('a/k')
      await store.delete('never/was')
      expect(await store.get('a/k')).toBeUndefined()
      expect(await listed(store.list(''))).toEqual([])
    })

    test('list goes by the bytes of the path through all folders, from a prefix, after a name', async () => {
      const store = await open()
      const paths = ['a/1', 'a.txt', 'a/b/2', 'ab', 'a/10', 'B', 'é', '𝄞', '\uffee', 'date=2024-01-01/x y%20z.parquet']
      for (const path of paths) await store.put(path, bytes(path))
      const sorted = [...paths].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      expect(await listed(store.list(''))).toEqual(sorted)
      expect(await listed(store.list('a/'))).toEqual(['a/1', 'a/10', 'a/b/2'])
      expect(await listed(store.list('a'))).toEqual(['a.txt', 'a/1', 'a/10', 'a/b/2', 'ab'])
      expect(await listed(store.list('a/1'))).toEqual(['a/1', 'a/10'])
      expect(await listed(store.list('', { startAfter: 'a/10' }))).toEqual(sorted.slice(sorted.indexOf('a/10') + 1))
      expect(await listed(store.list('a/', { startAfter: 'a/b' }))).toEqual(['a/b/2'])
      expect(await listed(store.list('none/'))).toEqual([])
    })

    test('for any names, listing equals filtering and sorting them all', async () => {
      const segment = fc.string({ minLength: 1, maxLength: 2, unit: fc.constantFrom('a', 'b', '-', '0', '~', 'é') })
      const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'))
      const noFolderIsAFile = (all: string[]) => all.every((one) => !all.some((other) => other.startsWith(`${one}/`)))
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(path, { maxLength: 8 }).filter(noFolderIsAFile),
          fc.oneof(fc.constant(''), path),
          fc.oneof(fc.constant(''), path),
          async (paths, prefix, startAfter) => {
            const store = await open()
            for (const one of paths) await store.put(one, new Uint8Array())
            const after = (one: string) => Buffer.compare(Buffer.from(one), Buffer.from(startAfter)) > 0
            const wanted = paths
              .filter((one) => one.startsWith(prefix) && after(one))
              .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
            expect(await listed(store.list(prefix, { startAfter }))).toEqual(wanted)
          },
        ),
        { numRuns: 60 },
      )
    })

    test('files are made readable on this disk, and files of this disk are made those of the store', async () => {
      const store = await open()
      await store.put('a/date=2024-01-31/1.txt', bytes('one'))
      await using stage = await store.stage('a')
      await mkdir(join(stage.dir, 'date=2024-02-01'), { recursive: true })
      await writeFile(join(stage.dir, 'date=2024-02-01/2.txt'), 'two')
      await stage.publish(['date=2024-02-01/2.txt'])
      expect(text(await store.get('a/date=2024-02-01/2.txt'))).toBe('two')
      const entries = await collected(store.list('a/'))
      const files = await store.localize(entries)
      expect(await Promise.all(files.map((file) => readFile(file, 'utf8')))).toEqual(['one', 'two'])
      expect(files.map((file, at) => file.endsWith(`/${entries[at]?.path}`))).toEqual([true, true])
      expect(await store.localize([])).toEqual([])
    })

    test.each(['../up', '/etc/passwd', 'a/../../up', 'a//b', './a', 'a/.', 'nul\0byte', ''])(
      'the path %j is refused by every operation',
      async (path) => {
        const store = await open()
        await store.put('kept', bytes('x'))
        const refused = { code: 'STORE_PATH_ESCAPE' }
        await expect(store.get(path)).rejects.toMatchObject(refused)
        await expect(store.head(path)).rejects.toMatchObject(refused)
        await expect(store.put(path, bytes('x'))).rejects.toMatchObject(refused)
        await expect(store.putIfAbsent(path, bytes('x'))).rejects.toMatchObject(refused)
        await expect(store.delete(path)).rejects.toMatchObject(refused)
        await expect(store.rename(path, 'b')).rejects.toMatchObject(refused)
        await expect(store.rename('kept', path)).rejects.toMatchObject(refused)
        expect(await listed(store.list(''))).toEqual(['kept'])
      },
    )

    test('a read that is given up ends as CANCELLED', async () => {
      const store = await open()
      await store.put('k', bytes('x'))
      await expect(store.get('k', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CANCELLED' })
    })
  })
}
