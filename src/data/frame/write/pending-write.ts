import { setTimeout as sleep } from 'node:timers/promises'
import { MillraceError, type Schema } from '../../../base/kernel/index.ts'
import { mayBeAlive, type Owner, thisProcess } from '../../../base/state/index.ts'
import type { Store } from '../../../base/store/index.ts'

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
  return bytes && (JSON.parse(Buffer.from(bytes).toString()) as WriteIntent)
}

/** A folder as a committed write that died will leave it. */
export interface PendingFolder {
  /** `path` is relative to the folder, `at` where the file is now, relative to the store. */
  readonly files: readonly { readonly path: string; readonly at: string }[]
  readonly schema?: Schema
}

const WAIT_MS = 10_000

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

/**
 * What readers must see while a committed write is not finished. A living writer is waited for; a dead one's work
 * is read as if it were done. Undefined when there is no such write.
 */
export async function pendingWrite(store: Store, path: string): Promise<PendingFolder | undefined> {
  const until = Date.now() + WAIT_MS
  let intent = await readIntent(store, path)
  while (intent?.phase === 'committed' && isGoingOn(intent)) {
    if (Date.now() > until) {
      throw new MillraceError(
        'TIMEOUT',
        `reading ${store.locate(path)}: another process has been writing to it for long`,
        {
          retry: 'again',
          hint: `Process ${intent.owner.pid} on ${intent.owner.host} is writing.`,
        },
      )
    }
    await sleep(20)
    intent = await readIntent(store, path)
  }
  if (intent?.phase !== 'committed') return undefined
  const gone = new Set([...intent.deletes, ...intent.moves.map((move) => move.to)])
  const prefix = `${path}/`
  const files: { path: string; at: string }[] = []
  for await (const entry of store.list(prefix)) {
    const relative = entry.path.slice(prefix.length)
    if (!gone.has(entry.path) && !/(^|\/)[_.]/.test(relative)) files.push({ path: relative, at: entry.path })
  }
  for (const { from, to } of intent.moves) {
    files.push({ path: to.slice(prefix.length), at: (await store.head(from)) ? from : to })
  }
  return { files, ...(intent.schema ? { schema: intent.schema } : {}) }
}
