import { hostname } from 'node:os'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { asMillraceError, MillraceError } from '../../../base/kernel/index.ts'
import type { Engine } from '../contract.ts'
import { type DuckDbOptions, openDuckDb } from '../duckdb/open.ts'
import { canonicalPath, readAddress } from './address.ts'
import { dial } from './dial.ts'
import { type OnLinger, OwnedDatabase } from './owned-database.ts'
import { RemoteEngine } from './remote-engine.ts'

const GRACE_MS = 10_000
const CLOSING_MS = 60_000

/** How a shared database file is opened. What concerns DuckDB itself counts only for the process that owns the file. */
export interface OwnedOptions extends Omit<DuckDbOptions, 'path'> {
  readonly signal?: AbortSignal
  /** How long to wait for a holder of the file that may be Millrace but does not answer yet, in milliseconds; 10 seconds by default. */
  readonly graceMs?: number
  /** Told when closing waits for other processes that still use the database. */
  readonly onLinger?: OnLinger
}

// The file may be opened once in a process: its lock would not stop a second time.
const owned = new Map<string, Promise<OwnedDatabase>>()

/**
 * Opens a DuckDB file that several Millrace processes use. The first one owns it; the others attach to that one
 * over a local socket and get an engine of the same contract. An owner that closes stays until they are done; when
 * it dies they get OWNER_LOST and open again, upon which one of them is the owner. Statements run in the owner:
 * a relative path within SQL starts from its current folder, so give absolute ones.
 * @throws MillraceError DATABASE_LOCKED when another program has the file (`data.pid` says which)
 */
export async function openOwned(path: string, options: OwnedOptions = {}): Promise<Engine> {
  const { signal, graceMs = GRACE_MS, onLinger, ...duckdb } = options
  const file = await canonicalPath(path)
  let patience = Date.now() + graceMs
  for (;;) {
    if (signal?.aborted) throw asMillraceError(signal.reason, 'CANCELLED')
    const locked = await tryToOwn(file, duckdb, onLinger)
    if (!(locked instanceof MillraceError)) return locked
    const attached = await tryToAttach(file, signal)
    if (typeof attached !== 'string') return attached
    // The owner says that it is closing, which takes as long as writing what it has in memory.
    if (attached === 'retry') patience = Math.max(patience, Date.now() + CLOSING_MS)
    if (isForeign(locked) || Date.now() > patience) throw locked
    await sleep(10 + Math.random() * 30)
  }
}

/** An engine when this process owns the file (already or from now on), otherwise who has it, as DATABASE_LOCKED. */
async function tryToOwn(
  file: string,
  duckdb: Omit<DuckDbOptions, 'path'>,
  onLinger: OnLinger | undefined,
): Promise<Engine | MillraceError> {
  let current = owned.get(file)
  while (current !== undefined) {
    const database = await current.catch(() => undefined)
    if (database && !database.closing) return database.handle(onLinger)
    await database?.closing
    current = owned.get(file)
  }
  const forget = () => {
    if (owned.get(file) === opening) owned.delete(file)
  }
  const opening = openDuckDb({ ...duckdb, path: file }).then((engine) => OwnedDatabase.serve(engine, file, forget))
  owned.set(file, opening)
  try {
    return (await opening).handle(onLinger)
  } catch (thrown) {
    forget()
    if (thrown instanceof MillraceError && thrown.code === 'DATABASE_LOCKED') return thrown
    throw thrown
  }
}

async function tryToAttach(file: string, signal: AbortSignal | undefined): Promise<Engine | 'gone' | 'retry'> {
  const address = await readAddress(file)
  if (address === undefined || address.host !== hostname()) return 'gone'
  const line = await dial(address.socket, file, 'engine', signal).catch((thrown: unknown) => {
    throw asMillraceError(thrown, 'OWNER_LOST')
  })
  return typeof line === 'string' ? line : new RemoteEngine(line, address.socket, file)
}

/** Whether the file is held by a program that cannot be Millrace, so that waiting for its address is in vain. */
function isForeign(locked: MillraceError): boolean {
  const program = /lock is held in (.+?) \(PID \d+\)/.exec(locked.message)?.[1]
  return program !== undefined && !/^(node|bun|deno|millrace)/.test(basename(program))
}
