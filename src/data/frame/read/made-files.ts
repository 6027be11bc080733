import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FileState } from './source-files.ts'

/** A file that was changed so lately may be changed again without its time or size telling. */
const SETTLED_MS = 3000

/** What tells the content of a file; undefined when it may still change unseen. */
export function contentKey(url: string, state: FileState | undefined): string | undefined {
  if (state === undefined || state.modified <= 0 || state.modified > Date.now() - SETTLED_MS) return undefined
  return `${url}\n${state.size} ${state.modified} ${state.tag ?? ''}`
}

const MADE = new Map<string, Promise<unknown>>()

/**
 * What `make` gives, which writes a file that lasts until the end of the program, made once of what `key` tells; each
 * time when there is no key.
 * @param make gets the path of the file to write
 */
export function madeOnce<T>(key: string | undefined, ending: string, make: (file: string) => Promise<T>): Promise<T> {
  const hash = key === undefined ? undefined : createHash('sha256').update(`${ending}\n${key}`).digest('base64')
  const known = hash === undefined ? undefined : MADE.get(hash)
  if (known) return known as Promise<T>
  const made = freshFile(ending).then(make)
  if (hash !== undefined) {
    MADE.set(hash, made)
    // What failed is tried again by the next action.
    made.catch(() => MADE.delete(hash))
  }
  return made
}

let folder: Promise<string> | undefined
let count = 0

async function freshFile(ending: string): Promise<string> {
  folder ??= madeFolder()
  count += 1
  return join(await folder, `${count}${ending}`)
}

async function madeFolder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'millrace-read-'))
  process.once('exit', () => rmSync(made, { recursive: true, force: true }))
  return made
}
