import { AsyncLocalStorage } from 'node:async_hooks'
import type { Catalog, StorePlace } from '../catalog/index.ts'
import type { Engine } from '../engine/index.ts'

/** What actions run in: an engine, and where names and addresses lead. */
export interface FrameSession {
  readonly engine: Engine
  /** The engine that reads and writes files, when `engine` does not: a DuckDB. */
  readonly lake?: Engine
  /** Resolves dataset names; without it `read.table` and `saveAsTable` mean tables of the engine. */
  readonly catalog?: Catalog
  /** Where an address (`lake://daily`, a path) leads. */
  place(address: string): StorePlace
  /** Where `show` and `explain` print; standard output when left out. */
  readonly print?: (text: string) => void
}

export interface FrameSessionOptions {
  readonly engine: Engine
  /** The engine for files, when `engine` reads none. */
  readonly lake?: Engine
  readonly catalog?: Catalog
  /** The folder that relative paths start from, when there is no catalog to ask; the current one by default. */
  readonly dir?: string
  readonly print?: (text: string) => void
}

/** A session; addresses are the catalog's when there is one. */
export async function frameSession(options: FrameSessionOptions): Promise<FrameSession> {
  const { engine, lake, catalog, dir = process.cwd(), print } = options
  return {
    engine,
    ...(lake ? { lake } : {}),
    ...(catalog ? { catalog } : {}),
    ...(print ? { print } : {}),
    place: catalog ? (address) => catalog.place(address) : await placesFrom(dir),
  }
}

/** Loaded late: files that only describe frames start without stores, engines and tables. */
async function placesFrom(dir: string): Promise<FrameSession['place']> {
  const { storagePlaces } = await import('../catalog/index.ts')
  return storagePlaces({}, dir)
}

const current = new AsyncLocalStorage<FrameSession>()
let own: Promise<FrameSession> | undefined

/** The session of `withSession`; undefined outside of one. */
export function givenSession(): FrameSession | undefined {
  return current.getStore()
}

/** Runs `work` so that the actions of frames in it, also in what it awaits, use the session. */
export function withSession<T>(session: FrameSession, work: () => T): T {
  return current.run(session, work)
}

/** The session of `withSession`, or else a private DuckDB in memory, opened now and closed when the process ends. */
export function currentSession(): Promise<FrameSession> {
  const session = current.getStore()
  if (session) return Promise.resolve(session)
  own ??= openOwn()
  return own
}

async function openOwn(): Promise<FrameSession> {
  const { openDuckDb } = await import('../engine/index.ts')
  const engine = await openDuckDb()
  process.once('beforeExit', () => {
    own = undefined
    void engine[Symbol.asyncDispose]()
  })
  return frameSession({ engine })
}
