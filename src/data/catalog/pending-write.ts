import { setTimeout as sleep } from 'node:timers/promises'
import { MillraceError, type Schema } from '../../base/kernel/index.ts'
import { mayBeAlive, type Owner, thisProcess } from '../../base/state/index.ts'
import type { Store, StoreFile } from '../../base/store/index.ts'
import { isHidden } from './hidden.ts'

/**
 * The one write that is changing a folder of files. While it is only `locked`, nothing was changed; once it is
 * `committed`, the folder is what it says, and whoever finds it finishes it when its owner is dead.
 */
export interface WriteIntent {
  readonly token: string
  readonly owner: Owner
  readonly phase: 'locked' | 'committed'
  /** Files to be moved into the folder, by paths of the store; a file that is there is replaced. */
  readonly moves: readonly { readonly from: string; readonly to: string }[]
  /** Files to be removed, by paths of the store. */
  readonly deletes: readonly string[]
  readonly schema?: Schema
}

/** The folder in which writes to the folder `path` are staged: beside it, and hidden from readers. */
export function stagingFolder(path: string): string {
  const slash = path.lastIndexOf('/')
  return `${path.slice(0, slash + 1)}.millrace-staging/${path.slice(slash + 1)}`
}

/** Where the intent of a write to `path` stands. Only one write can have it. */
export function intentPath(path: string): string {
  return `${stagingFolder(path)}/commit.json`
}

/** The write that is changing the folder, if there is one. */
export async function readIntent(store: Store, path: string): Promise<WriteIntent | undefined> {
  const bytes = await store.get(intentPath(path))
  if (!bytes) return undefined
  const intent = JSON.parse(Buffer.from(bytes).toString()) as WriteIntent
  const [staging, folder] = [`${stagingFolder(path)}/`, `${path}/`]
  return {
    ...intent,
    moves: intent.moves.map(({ from, to }) => ({ from: staging + from, to: folder + to })),
    deletes: intent.deletes.map((file) => folder + file),
  }
}

/**
 * An intent as it is kept: paths are relative to the folder and to where its writes are staged, because others may
 * reach the same folder through a store that begins elsewhere.
 */
export function encodeIntent(path: string, intent: WriteIntent): Uint8Array {
  const [staging, folder] = [`${stagingFolder(path)}/`, `${path}/`]
  return Buffer.from(
    JSON.stringify({
      ...intent,
      moves: intent.moves.map(({ from, to }) => ({ from: from.slice(staging.length), to: to.slice(folder.length) })),
      deletes: intent.deletes.map((file) => file.slice(folder.length)),
    }),
  )
}

/** A file of a folder: `below` is its path relative to the folder, `path` where it is now, relative to the store. */
export interface FolderFile extends StoreFile {
  readonly below: string
  /** Bytes and milliseconds since 1970; absent for a file that is being moved. */
  readonly size?: number
  readonly modified?: number
}

/** A folder as a committed write leaves it. */
export interface FolderState {
  readonly files: readonly FolderFile[]
  /** What the write that is not finished yet says of the columns. */
  readonly schema?: Schema
}

const WAIT_MS = 60_000
/**
 * Milliseconds after which a write of another machine's process to a store elsewhere counts as dead: whether that
 * process is alive cannot be told from here.
 */
const STALE_MS = 15 * 60_000

const active = new Set<string>()

/** Runs `work` while the write of this token counts as going on in this process. */
export async function whileActive<T>(token: string, work: () => Promise<T>): Promise<T> {
  active.add(token)
  try {
    return await work()
  } finally {
    active.delete(token)
  }
}

/** Whether somebody may still be carrying out a write; one of this process that threw is not going on. */
export function isGoingOn({ owner, token }: Pick<WriteIntent, 'owner' | 'token'>): boolean {
  const own = thisProcess()
  const isOwn = owner.host === own.host && owner.pid === own.pid && owner.start === own.start
  return isOwn ? active.has(token) : mayBeAlive(owner)
}

/** Whether the write of an intent in a store may still be going on. */
export async function isAtWork(store: Store, path: string, intent: WriteIntent): Promise<boolean> {
  if (!isGoingOn(intent)) return false
  if (store.remote === undefined || intent.owner.host === thisProcess().host) return true
  const entry = await store.head(path)
  return entry !== undefined && entry.modified > Date.now() - STALE_MS
}

/**
 * The files of a folder at one moment, as its last committed write left it, even when it is not finished moving
 * them: hidden ones (a name that begins with `_` or `.`) left out, in the order of their paths.
 *
 * On a disk a living writer is waited for. In a store elsewhere what it has committed stays readable where it was
 * staged until the write is done, so that nobody has to wait.
 * @param path a folder inside the store, not the store itself
 */
export async function folderState(store: Store, path: string): Promise<FolderState> {
  for (;;) {
    const intent = await committedIntent(store, path)
    const gone = new Set(intent ? [...intent.deletes, ...intent.moves.map((move) => move.to)] : [])
    const prefix = `${path}/`
    const files: FolderFile[] = []
    for await (const entry of store.list(prefix)) {
      const below = entry.path.slice(prefix.length)
      if (!gone.has(entry.path) && !isHidden(below)) files.push({ ...entry, below })
    }
    if (!intent) {
      // What was committed while the folder was being listed shows it half.
      if (store.remote && (await readIntent(store, path))?.phase === 'committed') continue
      return { files }
    }
    for (const { from, to } of intent.moves) {
      const isStaged = store.remote !== undefined || (await store.head(from)) !== undefined
      files.push({ path: isStaged ? from : to, below: to.slice(prefix.length) })
    }
    files.sort((a, b) => (a.below < b.below ? -1 : 1))
    return { files, ...(intent.schema ? { schema: intent.schema } : {}) }
  }
}

/** The committed write that is not finished: of a dead writer on a disk, of any in a store elsewhere. */
async function committedIntent(store: Store, path: string): Promise<WriteIntent | undefined> {
  const until = Date.now() + WAIT_MS
  for (;;) {
    const intent = await readIntent(store, path)
    if (intent?.phase !== 'committed') return undefined
    if (store.remote !== undefined || !isGoingOn(intent)) return intent
    if (Date.now() > until) throw busy('reading', store, path, intent)
    await sleep(20)
  }
}

/** The error of a wait for another writer that took too long. */
export function busy(act: string, store: Store, path: string, { owner }: Pick<WriteIntent, 'owner'>): MillraceError {
  const where = store.locate(path)
  return new MillraceError('TIMEOUT', `${act} ${where}: another process has been writing to it for long`, {
    retry: 'again',
    hint: `Process ${owner.pid} on ${owner.host} is writing.`,
  })
}
