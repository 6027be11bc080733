import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { type Json, MillraceError } from '../../base/kernel/index.ts'
import { type Connections, findProject, noConnections } from '../../base/project/index.ts'
import { openState, type State } from '../../base/state/index.ts'
import { openCatalog } from '../../data/catalog/index.ts'
import type { Target } from '../../data/engine/index.ts'
import type { ProjectServices } from '../../run/pipeline/index.ts'
import { openEngines } from './open-engines.ts'
import { type OpenOptions, readProject, targetOf } from './read-project.ts'
import type { Sections } from './sections.ts'

/** An open project: what its operations need. Close it with `await using`. */
export interface Project extends ProjectServices, AsyncDisposable {
  readonly sections: Sections
  readonly targetOptions: Target
}

/**
 * Opens a project: its metadata database, and the engine of its target. The embedded engine is the one of another
 * process when that already has the database file open.
 * @throws MillraceError PROJECT_NOT_FOUND, PROJECT_INVALID, SECRET_MISSING, TARGET_UNKNOWN, CONNECTION_…, DATABASE_LOCKED
 */
export async function openProject(options: OpenOptions = {}): Promise<Project> {
  const { dir, name, sections, connections } = await readProject(options)
  return assemble({ dir, name, sections: sections as unknown as Sections, connections }, options)
}

/** The project here or above; without one, this folder with an engine in memory. */
export async function openProjectOrFolder(options: OpenOptions = {}): Promise<Project> {
  const from = options.projectDir ?? process.cwd()
  try {
    findProject(from)
  } catch (thrown) {
    const lone =
      thrown instanceof MillraceError && thrown.code === 'PROJECT_NOT_FOUND' && options.projectDir === undefined
    if (!lone) throw thrown
    return assemble({ dir: resolve(from), sections: NO_PROJECT, connections: noConnections }, options)
  }
  return openProject(options)
}

const NO_PROJECT: Sections = {
  targets: { memory: { engine: 'duckdb', schema: 'main', extensions: [] } },
  storage: {},
  zones: {},
  datasets: {},
  state: { path: ':memory:', sync: 'normal', schema: 'millrace' },
  vars: {},
}

/** What is read of a project; without a name it is a folder only. */
interface Read {
  readonly dir: string
  readonly name?: string
  readonly sections: Sections
  readonly connections: Connections
}

async function assemble({ dir, name, sections, connections }: Read, options: OpenOptions): Promise<Project> {
  const target = targetOf(sections, options.target)
  const state = await openProjectState(dir, sections.state, connections)
  const engines = await openEngines(dir, target.options, { ...options, sections, connections }).catch(
    async (thrown) => {
      await state[Symbol.asyncDispose]()
      throw thrown
    },
  )
  const { engine, lake, database } = engines
  const catalog = openCatalog({
    engine,
    lake,
    dir,
    config: sections,
    connections,
    schema: engine.dialect === 'duckdb' ? 'main' : target.options.schema,
    ...(database === undefined ? {} : { shared: { state, database } }),
    ...(name === undefined ? {} : { cacheDir: join(dir, '.millrace/cache/objects') }),
  })
  await catalog.reach()
  return {
    dir,
    config: { name: name ?? 'memory', sections },
    sections,
    connections,
    target: target.name,
    targetOptions: target.options,
    engine,
    lake,
    catalog,
    state,
    session: { engine, lake, catalog, place: (address) => catalog.place(address) },
    environment: process.env,
    vars: { ...sections.vars, ...options.vars } as Readonly<Record<string, Json>>,
    store: (address) => catalog.place(address).store,
    async [Symbol.asyncDispose]() {
      try {
        await engines[Symbol.asyncDispose]()
      } finally {
        await state[Symbol.asyncDispose]()
      }
    },
  }
}

/** The metadata database: in PostgreSQL when the section names a connection, a file of the project otherwise. */
async function openProjectState(
  dir: string,
  { path, sync, connection, schema }: Sections['state'],
  connections: Connections,
): Promise<State> {
  if (connection !== undefined) {
    const { openPostgresState } = await import('./open-postgres.ts')
    return openPostgresState(connections, { connection, schema, sync }, dir)
  }
  const file = path === ':memory:' ? path : resolve(dir, path)
  if (file !== ':memory:') await mkdir(dirname(file), { recursive: true })
  return openState(file, { sync })
}
