import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { localStore, openStore, storeError } from '../../../src/base/store/index.ts'
import { collected, describeStore } from './conformance.ts'

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'millrace-store-'))
  onTestFinished(() => rm(made, { recursive: true, force: true }))
  return made
}

describeStore('local', async () => localStore(join(await folder(), 'lake')))
describeStore('local, flushed', async () => localStore(await folder(), { sync: 'full' }))

/** Runs a script that has `store` in its hands in a process of its own. */
function child(root: string, script: string, env: Record<string, string> = {}) {
  const module = new URL('../../../src/base/store/index.ts', import.meta.url).href
  const source = `import { localStore } from '${module}'; const store = localStore(${JSON.stringify(root)}); ${script}`
  return spawn(process.execPath, ['--conditions=millrace-source', '--input-type=module', '-e', source], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

describe('a local store', () => {
  test.each(['put', 'putIfAbsent'] as const)(
    'a process killed at a random moment of %s leaves no partial file under a final name',
    async (operation) => {
      const root = await folder()
      const size = 4_000_000
      const script = `for (let n = 0; ; n++) {
        await store.${operation}('f' + ${operation === 'put' ? 'n % 3' : 'n'}, new Uint8Array(${size}).fill(1));
        if (n === 0) console.log('first')
      }`
      for (const wait of [0, 7, 23]) {
        const writer = child(join(root, `${wait}`), script)
        await once(writer.stdout, 'data')
        await sleep(wait)
        writer.kill('SIGKILL')
        await once(writer, 'exit')
        const entries = await collected(localStore(join(root, `${wait}`)).list(''))
        expect(entries.length).toBeGreaterThan(0)
        for (const entry of entries) expect(entry.size).toBe(size)
      }
    },
  )

  test.each([
    ['store.before-put', []],
    ['store.after-put', ['k']],
  ] as const)(
    'a crash at %s leaves nothing or the whole file, and no stray name is listed',
    async (failpoint, seen) => {
      const root = await folder()
      const writer = child(root, `await store.putIfAbsent('k', new Uint8Array(10))`, { MILLRACE_FAILPOINT: failpoint })
      const [, signal] = await once(writer, 'exit')
      expect(signal).toBe('SIGKILL')
      const store = localStore(root)
      expect((await collected(store.list(''))).map(({ path, size }) => [path, size])).toEqual(
        seen.map((path) => [path, 10]),
      )
      expect(await store.putIfAbsent('k', new Uint8Array(3))).toBe(seen.length ? 'exists' : 'created')
    },
  )

  test('two processes that race for the same hundred names share them out', async () => {
    const root = await folder()
    const script = `let won = 0
      for (let n = 0; n < 100; n++) if (await store.putIfAbsent('log/' + n, new Uint8Array(2)) === 'created') won++
      console.log(won)`
    const counts = await Promise.all(
      [1, 2].map(async () => {
        const racer = child(root, script)
        return Number(String((await once(racer.stdout, 'data'))[0]))
      }),
    )
    expect(counts.reduce((a, b) => a + b)).toBe(100)
  })

  test('a full disk is STORE_FULL and can be tried again', async () => {
    const thrown = await writeFile('/dev/full', 'x').catch((error: unknown) => error)
    expect(storeError(thrown, 'writing x')).toMatchObject({ code: 'STORE_FULL', retry: 'again' })
  })

  test('a file over the process limit is STORE_FULL and leaves nothing behind', async () => {
    const root = await folder()
    const module = new URL('../../../src/base/store/index.ts', import.meta.url).href
    const source = `import { localStore } from '${module}'; process.on('SIGXFSZ', () => {});
      await localStore(${JSON.stringify(root)}).put('k', new Uint8Array(3000000)).catch((e) => console.log(e.code))`
    const node = `ulimit -f 2000; exec "$0" --conditions=millrace-source --input-type=module -e "$1"`
    const writer = spawn('bash', ['-c', node, process.execPath, source], { stdio: ['ignore', 'pipe', 'inherit'] })
    expect(String((await once(writer.stdout, 'data'))[0]).trim()).toBe('STORE_FULL')
    expect(await readdir(root)).toEqual([])
  })

  test('a folder without write permission is STORE_DENIED', async () => {
    const root = await folder()
    await chmod(root, 0o555)
    const writer = child(
      join(root, 'lake'),
      `if (process.getuid() === 0) process.seteuid(65534)
      await store.put('k', new Uint8Array(1)).catch((e) => console.log(JSON.stringify(e)))`,
    )
    expect(JSON.parse(String((await once(writer.stdout, 'data'))[0]))).toMatchObject({
      code: 'STORE_DENIED',
      message: expect.stringContaining(`writing ${join(root, 'lake', 'k')}`),
    })
  })

  test('a path through a file is refused, and the temporary file is gone', async () => {
    const root = await folder()
    const store = localStore(root)
    await store.put('k', new Uint8Array(1))
    await expect(store.put('k/below', new Uint8Array(1))).rejects.toMatchObject({ code: 'STORE_UNSUPPORTED' })
    await store.put('d/x', new Uint8Array(1))
    await expect(store.put('d', new Uint8Array(1))).rejects.toMatchObject({ code: 'STORE_UNSUPPORTED' })
    expect((await readdir(root)).sort()).toEqual(['d', 'k'])
  })

  test('links to files and folders are followed, but not upward', async () => {
    const root = await folder()
    const other = await folder()
    await mkdir(join(other, 'sub'))
    await writeFile(join(other, 'sub', 'f'), 'x')
    await symlink(join(other, 'sub'), join(root, 'linked'))
    await symlink(root, join(root, 'loop'))
    await symlink(join(root, 'gone'), join(root, 'dangling'))
    const entries = await collected(localStore(root).list(''))
    expect(entries.map((entry) => entry.path)).toEqual(['linked/f'])
  })

  test('locate gives an absolute path, and never one outside', async () => {
    const root = await folder()
    const store = localStore(root)
    expect(store.locate('a/b')).toBe(join(root, 'a/b'))
    expect(store.locate('')).toBe(root)
    expect(() => store.locate('../b')).toThrow(expect.objectContaining({ code: 'STORE_PATH_ESCAPE' }))
  })
})

describe('openStore', () => {
  test('a path, a relative path and a file URL name the same folder', async () => {
    const base = join(await folder(), 'with space')
    await openStore('./lake', { base }).put('k', Buffer.from('x'))
    expect(String(await readFile(join(base, 'lake', 'k')))).toBe('x')
    for (const url of [join(base, 'lake'), pathToFileURL(join(base, 'lake')).href]) {
      expect(openStore(url).url).toBe(openStore('lake', { base }).url)
      expect(await openStore(url).head('k')).toMatchObject({ size: 1 })
    }
  })

  test('a scheme without a store is refused without its secrets', () => {
    const open = () => openStore('ftp://key:hunter2@bucket/lake?token=hunter3')
    expect(open).toThrow(expect.objectContaining({ code: 'STORE_UNSUPPORTED' }))
    expect(open).toThrow(/ftp:\/\/bucket\/lake/)
    expect(open).not.toThrow(/hunter/)
  })
})
