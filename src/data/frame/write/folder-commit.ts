import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { failpoint, type Schema } from '../../../base/kernel/index.ts'
import { type Owner, thisProcess } from '../../../base/state/index.ts'
import type { Store, StoreEntry } from '../../../base/store/index.ts'
import {
  busy,
  encodeIntent,
  intentPath,
  isAtWork,
  isGoingOn,
  isHidden,
  readIntent,
  stagingFolder,
  type WriteIntent,
} from '../../catalog/index.ts'
import { SCHEMA_FILE } from '../read/source-files.ts'

/** A file that was staged: where it is in the store, and the folder inside the dataset it belongs to (`date=…`, or nothing). */
export interface StagedFile {
  readonly at: string
  readonly folder: string
  /** Its name, for when it replaces no other file. */
  readonly name: string
}

export interface FolderChange {
  readonly token: string
  readonly files: readonly StagedFile[]
  /** Which of the files that are there, by paths relative to the folder, the staged ones replace. */
  readonly replaces: (relative: string) => boolean
  readonly schema: Schema
}

const WAIT_MS = 60_000
/** Milliseconds from taking the lock to the commit; a writer that was stopped for longer may have lost it. */
const LOCK_MS = 5 * 60_000
/** Requests at a time to a store elsewhere. */
const AT_ONCE = 8
/** Milliseconds after which what another machine has staged counts as left behind. */
const ABANDONED_MS = 7 * 86_400_000

/**
 * Moves staged files into a folder in place of others. It takes effect with one file (the intent): a crash before it
 * leaves the folder as it was, a crash after it is finished by the next write, and seen as finished by frames that
 * read meanwhile. Another program can see a mixture while files are being moved; where one file replaces one file on a
 * disk, that is atomic for everybody. In a store elsewhere files are copied rather than moved and keep names of their
 * own, so that whoever reads a file reads what was there when it was listed, or nothing.
 */
export async function commitFolder(store: Store, path: string, change: FolderChange): Promise<void> {
  const locked = { token: change.token, owner: thisProcess(), phase: 'locked', moves: [], deletes: [] } as const
  await lock(store, path, locked)
  const until = Date.now() + LOCK_MS
  const existing = (await dataFilesOf(store, path)).filter(change.replaces)
  const intent: WriteIntent = {
    ...locked,
    phase: 'committed',
    schema: change.schema,
    ...pairFiles(path, existing, change.files, store.remote === undefined),
  }
  if (Date.now() > until) throw busy('committing to', store, path, intent)
  await store.put(intentPath(path), encodeIntent(path, intent))
  failpoint('frame.before-rename')
  await finish(store, path, intent)
}

/** Finishes or gives up the write of a dead process, and removes what it staged. Waits for a living one. */
export async function settle(store: Store, path: string): Promise<void> {
  const intent = await waited(store, path)
  if (intent) await takeOver(store, path, intent)
  await removeDead(store, path)
}

/** Says that files are being staged under `token`, so that they are not taken for leftovers; returns their folder. */
export async function openStaging(store: Store, path: string, token: string): Promise<string> {
  const folder = `${stagingFolder(path)}/${token}`
  await store.put(`${folder}/owner.json`, encode(thisProcess()))
  return `${folder}/data`
}

export async function dropStaging(store: Store, path: string, token: string): Promise<void> {
  await removeFolder(store, `${stagingFolder(path)}/${token}`)
}

/** The files of a folder that readers see, relative to it. */
export async function dataFilesOf(store: Store, path: string): Promise<string[]> {
  const prefix = `${path}/`
  const files: string[] = []
  for await (const entry of store.list(prefix)) {
    const relative = entry.path.slice(prefix.length)
    if (!isHidden(relative)) files.push(relative)
  }
  return files
}

/** Pure: with `takesNames` new files take the names of old ones of their folder as far as there are any; the other old ones go. */
export function pairFiles(
  path: string,
  existing: readonly string[],
  files: readonly StagedFile[],
  takesNames = true,
): Pick<WriteIntent, 'moves' | 'deletes'> {
  const free = new Map<string, string[]>()
  for (const relative of existing) {
    const folder = folderOf(relative)
    free.set(folder, [...(free.get(folder) ?? []), relative])
  }
  const moves = files.map(({ at, folder, name }) => {
    const old = takesNames ? endsAlike(free.get(folder), name) : undefined
    return { from: at, to: `${path}/${old ?? (folder === '' ? name : `${folder}/${name}`)}` }
  })
  return { moves, deletes: [...free.values()].flat().map((relative) => `${path}/${relative}`) }
}

function endsAlike(free: string[] | undefined, name: string): string | undefined {
  const ending = name.slice(name.indexOf('.'))
  const i = free?.findIndex((old) => old.endsWith(ending)) ?? -1
  return i < 0 ? undefined : free?.splice(i, 1)[0]
}

export function folderOf(relative: string): string {
  return relative.slice(0, Math.max(0, relative.lastIndexOf('/')))
}

async function finish(store: Store, path: string, intent: WriteIntent): Promise<void> {
  if (store.remote) return finishElsewhere(store, path, intent)
  for (const { from, to } of intent.moves) {
    if (await store.head(from)) await store.rename(from, to)
    failpoint('frame.between-renames')
  }
  for (const file of intent.deletes) await store.delete(file)
  if (intent.schema) await store.put(`${path}/${SCHEMA_FILE}`, encode(intent.schema))
  failpoint('frame.after-rename')
  await dropStaging(store, path, intent.token)
  await unlock(store, path, intent)
}

/** As `finish`; what was staged stays until nobody is sent to it any more. */
async function finishElsewhere(store: Store, path: string, intent: WriteIntent): Promise<void> {
  await each(intent.moves, async ({ from, to }) => {
    await store.copy(from, to)
    failpoint('frame.between-renames')
  })
  const added = new Set(intent.moves.map(({ to }) => to))
  await each(
    intent.deletes.filter((file) => !added.has(file)),
    (file) => store.delete(file),
  )
  if (intent.schema) await store.put(`${path}/${SCHEMA_FILE}`, encode(intent.schema))
  failpoint('frame.after-rename')
  await unlock(store, path, intent)
  await dropStaging(store, path, intent.token)
}

/** Several may finish the write of a dead process at once: the lock that a later write took meanwhile stays. */
async function unlock(store: Store, path: string, { token }: WriteIntent): Promise<void> {
  if ((await readIntent(store, path))?.token === token) await store.delete(intentPath(path))
}

async function each<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items].reverse()
  const worker = async () => {
    for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) await work(item)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

async function lock(store: Store, path: string, intent: WriteIntent): Promise<void> {
  while ((await store.putIfAbsent(intentPath(path), encodeIntent(path, intent))) === 'exists') {
    const other = await waited(store, path)
    if (other) await takeOver(store, path, other)
  }
}

/** The intent of a dead writer, once no living one is left. */
async function waited(store: Store, path: string): Promise<WriteIntent | undefined> {
  const until = Date.now() + WAIT_MS
  for (;;) {
    const intent = await readIntent(store, path)
    if (!intent || !(await isAtWork(store, intentPath(path), intent))) return intent
    if (Date.now() > until) throw busy('writing to', store, path, intent)
    await sleep(20)
  }
}

async function takeOver(store: Store, path: string, intent: WriteIntent): Promise<void> {
  if (intent.phase === 'committed') return finish(store, path, intent)
  await unlock(store, path, intent)
}

async function removeDead(store: Store, path: string): Promise<void> {
  const prefix = `${stagingFolder(path)}/`
  const owners = new Map<string, StoreEntry>()
  for await (const entry of store.list(prefix)) {
    const [token = '', name] = entry.path.slice(prefix.length).split('/')
    if (name === 'owner.json') owners.set(token, entry)
  }
  for (const [token, { path: file, modified }] of owners) {
    const bytes = await store.get(file)
    const owner = bytes && (JSON.parse(Buffer.from(bytes).toString()) as Owner)
    const isOld = store.remote !== undefined && modified < Date.now() - ABANDONED_MS
    if (owner && (isOld || !isGoingOn({ owner, token }))) await dropStaging(store, path, token)
  }
}

async function removeFolder(store: Store, folder: string): Promise<void> {
  for await (const entry of store.list(`${folder}/`)) await store.delete(entry.path)
  // A store has no folders, but an engine makes them on a disk.
  if (store.url.startsWith('file:')) await rm(store.locate(folder), { recursive: true, force: true })
}

function encode(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value))
}
