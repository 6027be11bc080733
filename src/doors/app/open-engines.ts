import { resolve } from 'node:path'
import type { Connections } from '../../base/project/index.ts'
import { type DuckDbTarget, type Engine, openDuckDb, openOwned, type Target } from '../../data/engine/index.ts'
import type { OpenOptions } from './read-project.ts'
import type { Sections } from './sections.ts'

/** The engines of a project. */
export interface Engines extends AsyncDisposable {
  /** Of the target. */
  readonly engine: Engine
  /** The one that reads and writes the files of the lake; the same when that of the target does. */
  readonly lake: Engine
  /** Tells the database from others, for what several processes open; absent for one in memory. */
  readonly database?: string
}

/**
 * Opens the engine of a target, and beside one that reads no files an embedded one in memory that does.
 * @throws MillraceError CONNECTION_…, SECRET_MISSING, DATABASE_LOCKED, EXTENSION_MISSING
 */
export async function openEngines(
  dir: string,
  target: Target,
  options: OpenOptions & { readonly sections: Sections; readonly connections: Connections },
): Promise<Engines> {
  if (target.engine === 'duckdb') {
    const engine = await openEmbedded(dir, target, options)
    const database = target.path === undefined ? {} : { database: resolve(dir, target.path) }
    return { engine, lake: engine, ...database, [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose]() }
  }
  // Loaded here, so that a project without a database server does not wait for it.
  const { openWarehouse } = await import('./open-postgres.ts')
  const { engine, database } = await openWarehouse(options.connections, target, dir)
  const lake = await openDuckDb(lakeSettings(dir, options.sections)).catch(async (thrown) => {
    await engine[Symbol.asyncDispose]()
    throw thrown
  })
  return {
    engine,
    lake,
    database,
    async [Symbol.asyncDispose]() {
      try {
        await lake[Symbol.asyncDispose]()
      } finally {
        await engine[Symbol.asyncDispose]()
      }
    },
  }
}

function openEmbedded(dir: string, target: DuckDbTarget, { signal, onLinger }: OpenOptions): Promise<Engine> {
  const settings = duckDbSettings(dir, target)
  if (target.path === undefined) return openDuckDb(settings)
  return openOwned(resolve(dir, target.path), {
    ...settings,
    ...(signal === undefined ? {} : { signal }),
    ...(onLinger === undefined ? {} : { onLinger }),
  })
}

/** The embedded engine beside another has the limits and extensions of the project's first embedded target. */
function lakeSettings(dir: string, { targets }: Sections) {
  const first = Object.values(targets).find((target) => target.engine === 'duckdb')
  return first === undefined ? {} : duckDbSettings(dir, first)
}

function duckDbSettings(dir: string, target: DuckDbTarget) {
  return {
    extensions: target.extensions,
    ...(target.memory_limit === undefined ? {} : { memoryLimit: target.memory_limit }),
    ...(target.threads === undefined ? {} : { threads: target.threads }),
    ...(target.temp_directory === undefined ? {} : { tempDirectory: resolve(dir, target.temp_directory) }),
    ...(target.extension_directory === undefined
      ? {}
      : { extensionDirectory: resolve(dir, target.extension_directory) }),
  }
}
