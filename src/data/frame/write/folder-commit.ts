import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { failpoint, MillraceError, type Schema } from '../../../base/kernel/index.ts'
import { type Owner, thisProcess } from '../../../base/state/index.ts'
import type { Store } from '../../../base/store/index.ts'
import { isHidden, SCHEMA_FILE } from '../read/source-files.ts'
import { intentPath, isGoingOn, readIntent, stagingFolder, type WriteIntent } from './pending-write.ts'

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

/**
 * Moves staged files into a folder in place of others. It takes effect with one file (the intent): a crash before it
 * leaves the folder as it was, a crash after it is finished by the next write, and seen as finished by frames that
 * read meanwhile. Another reader can see a mixture while files are being moved; where one file replaces one file,
 * that is atomic for everybody.
 */
export async function commitFolder(store: Store, path: string, change: FolderChange): Promise<void> {
  const locked = { token: change.token, owner: thisProcess(), phase: 'locked', moves: [], deletes: [] } as const
  await lock(store, path, locked)
  const existing = (await dataFilesOf(store, path)).filter(change.replaces)
  const intent: WriteIntent = {
    ...locked,
    phase: 'committed',
    schema: change.schema,
    ...pairFiles(path, existing, change.files),
  }
  await store.put(intentPath(path), encode(intent))
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

/** Pure: new files take the names of old ones of their folder as far as there are any; the other old ones go. */
export function pairFiles(
  path: string,
  existing: readonly string[],
  files: readonly StagedFile[],
): Pick<WriteIntent, 'moves' | 'deletes'> {
  const free = new Map<string, string[]>()
  for (const relative of existing) {
    const folder = folderOf(relative)
    free.set(folder, [...(free.get(folder) ?? []), relative])
  }
  const moves = files.map(({ at, folder, name }) => {
    const old = endsAlike(free.get(folder), name)
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
  for (const { from, to } of intent.moves) {
    if (await store.head(from)) await store.rename(from, to)
    failpoint('frame.between-renames')
  }
  for (const file of intent.deletes) await store.delete(file)
  if (intent.schema) await store.put(`${path}/${SCHEMA_FILE}`, encode(intent.schema))
  failpoint('frame.after-rename')
  await dropStaging(store, path, intent.token)
  await store.delete(intentPath(path))
}

async function lock(store: Store, path: string, intent: WriteIntent): Promise<void> {
  while ((await store.putIfAbsent(intentPath(path), encode(intent))) === 'exists') {
    const other = await waited(store, path)
    if (other) await takeOver(store, path, other)
  }
}

/** The intent of a dead writer, once no living one is left. */
async function waited(store: Store, path: string): Promise<WriteIntent | undefined> {
  const until = Date.now() + WAIT_MS
  for (;;) {
    const intent = await readIntent(store, path)
    if (!intent || !isGoingOn(intent)) return intent
    if (Date.now() > until) {
      throw new MillraceError(
        'TIMEOUT',
        `writing to ${store.locate(path)}: another process has been writing to it for long`,
        {
          retry: 'again',
          hint: `Process ${intent.owner.pid} on ${intent.owner.host} is writing.`,
        },
      )
    }
    await sleep(20)
  }
}

async function takeOver(store: Store, path: string, intent: WriteIntent): Promise<void> {
  if (intent.phase === 'committed') return finish(store, path, intent)
  await store.delete(intentPath(path))
}

async function removeDead(store: Store, path: string): Promise<void> {
  const prefix = `${stagingFolder(path)}/`
  const owners = new Map<string, string>()
  for await (const entry of store.list(prefix)) {
    const [token = '', name] = entry.path.slice(prefix.length).split('/')
    if (name === 'owner.json') owners.set(token, entry.path)
  }
  for (const [token, file] of owners) {
    const bytes = await store.get(file)
    const owner = bytes && (JSON.parse(Buffer.from(bytes).toString()) as Owner)
    if (owner && !isGoingOn({ owner, token })) await dropStaging(store, path, token)
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
