import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { MillraceError } from '../kernel/index.ts'
import { errno, storeError } from './store-error.ts'

/** How copies of objects are kept on this machine's disk. */
export interface ObjectCacheOptions {
  /** The folder; one of this user's in the system's temporary folder by default. */
  readonly dir?: string
  /** Bytes beyond which the copies go that were not used for longest; 20 GB by default. Copies in use stay. */
  readonly maxBytes?: number
}

const GIGABYTE = 1024 ** 3
/** Milliseconds for which a copy stays after it was last asked for: statements that read it may still be running. */
const RECENT_MS = 3_600_000
/** Milliseconds after which another use of a copy is noted on disk. */
const TOUCH_MS = 60_000

/**
 * Copies of objects on disk, shared by the processes of a project. A copy appears whole or not at all; its path
 * ends like the object's own, so that folder names (`date=2024-01-31`) can be read from it.
 */
export class ObjectCache {
  readonly dir: string
  readonly #maxBytes: number
  readonly #going = new Map<string, Promise<string>>()
  #added = 0
  #trimming: Promise<void> | undefined

  constructor({ dir, maxBytes = 20 * GIGABYTE }: ObjectCacheOptions = {}) {
    this.dir = resolve(dir ?? join(tmpdir(), `millrace-objects-${userInfo().username}`))
    this.#maxBytes = maxBytes
  }

  /** The path of a copy. @param key tells one content from every other @param name the object's path in its store */
  pathOf(key: string, name: string): string {
    const hash = createHash('sha256').update(key).digest('hex').slice(0, 32)
    return join(this.dir, 'copies', hash.slice(0, 2), hash, name)
  }

  /** The copy, made by `download` (which is given a path where nothing is yet) when there is none. */
  async get(key: string, name: string, download: (file: string) => Promise<void>): Promise<string> {
    const file = this.pathOf(key, name)
    const going = this.#going.get(file)
    if (going) return going
    const work = this.#fetch(file, download)
    this.#going.set(file, work)
    try {
      return await work
    } finally {
      this.#going.delete(file)
    }
  }

  /** Takes a file of `stagingFolder` as the copy of the object that it was put as. */
  async adopt(key: string, name: string, file: string): Promise<void> {
    const into = this.pathOf(key, name)
    await mkdir(dirname(into), { recursive: true })
    const { size } = await stat(file)
    await rename(file, into)
    await this.#grown(size)
  }

  /** A new path on the cache's disk, for files on their way; the folder above it is there. */
  async stagingFolder(): Promise<string> {
    const above = join(this.dir, 'staging')
    await mkdir(this.dir, { recursive: true, mode: 0o700 })
    await this.#ourOwn()
    await mkdir(above, { recursive: true, mode: 0o700 })
    await removeDead(above)
    return join(above, `${process.pid}-${randomBytes(6).toString('hex')}`)
  }

  /**
   * Says which copies something shows that lives longer than this process, such as a view: they stay until it is
   * said again with others. Paths that are no copies of this cache are left out.
   */
  async hold(holder: string, files: readonly string[]): Promise<void> {
    const folder = join(this.dir, 'held')
    const note = join(folder, `${createHash('sha256').update(holder).digest('hex').slice(0, 32)}.json`)
    const ours = files.filter((file) => file.startsWith(`${this.dir}/`))
    if (ours.length === 0) return rm(note, { force: true })
    await mkdir(folder, { recursive: true })
    const temporary = `${note}.${randomBytes(4).toString('hex')}`
    await writeFile(temporary, JSON.stringify({ holder, files: ours }))
    await rename(temporary, note)
  }

  /** Removes the copies that were not used for longest until the rest fits, those in use or held left alone. */
  async trim(now = Date.now()): Promise<void> {
    const held = await this.#held()
    const root = join(this.dir, 'copies')
    const names = await readdir(root, { recursive: true }).catch(() => [])
    const copies: { file: string; size: number; used: number }[] = []
    for (const name of names) {
      const stats = await stat(join(root, name)).catch(() => undefined)
      if (stats?.isFile()) copies.push({ file: join(root, name), size: stats.size, used: stats.mtimeMs })
    }
    let total = copies.reduce((sum, { size }) => sum + size, 0)
    for (const { file, size, used } of copies.sort((a, b) => a.used - b.used)) {
      if (total <= this.#maxBytes || used > now - RECENT_MS) return
      if (held.has(file)) continue
      await rm(file, { force: true })
      total -= size
    }
  }

  async #fetch(file: string, download: (file: string) => Promise<void>): Promise<string> {
    const there = await stat(file).catch(() => undefined)
    if (there) {
      const now = Date.now()
      if (there.mtimeMs < now - TOUCH_MS) await utimes(file, now / 1000, now / 1000).catch(() => undefined)
      return file
    }
    const temporary = await this.stagingFolder()
    try {
      await download(temporary)
      const { size } = await stat(temporary)
      await mkdir(dirname(file), { recursive: true })
      await rename(temporary, file)
      await this.#grown(size)
      return file
    } catch (thrown) {
      await rm(temporary, { force: true })
      throw errno(thrown) === undefined ? thrown : storeError(thrown, `keeping a copy in ${this.dir}`)
    }
  }

  /** In a temporary folder anybody may have made a folder of this name before us. */
  async #ourOwn(): Promise<void> {
    const own = process.getuid?.()
    const { uid } = await stat(this.dir)
    if (own === undefined || own === 0 || uid === own) return
    throw new MillraceError('STORE_DENIED', `keeping copies of objects in ${this.dir}: it is another user’s folder`, {
      hint: 'Remove it, or set TMPDIR to a folder of your own.',
    })
  }

  /** Looks for what can go once a tenth of the limit has come in. */
  async #grown(size: number): Promise<void> {
    this.#added += size
    if (this.#added < this.#maxBytes / 10) return
    this.#added = 0
    this.#trimming ??= this.trim().finally(() => {
      this.#trimming = undefined
    })
    await this.#trimming
  }

  async #held(): Promise<Set<string>> {
    const folder = join(this.dir, 'held')
    const held = new Set<string>()
    for (const name of await readdir(folder).catch(() => [])) {
      if (!name.endsWith('.json')) continue
      const text = await readFile(join(folder, name), 'utf8').catch(() => '{}')
      for (const file of (JSON.parse(text) as { files?: string[] }).files ?? []) held.add(file)
    }
    return held
  }
}

const swept = new Set<string>()

/** Removes, once in a process, what processes left on their way that are no more. */
async function removeDead(staging: string): Promise<void> {
  if (swept.has(staging)) return
  swept.add(staging)
  for (const name of await readdir(staging).catch(() => [])) {
    const pid = Number(/^(\d+)-/.exec(name)?.[1])
    if (Number.isInteger(pid) && !isAlive(pid)) await rm(join(staging, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return errno(thrown) === 'EPERM'
  }
}
