import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type Json, MillraceError } from '../../base/kernel/index.ts'
import { findProject } from '../../base/project/index.ts'
import { openState } from '../../base/state/index.ts'
import { openCatalog } from '../../data/catalog/index.ts'
import { type Engine, openDuckDb, openOwned } from '../../data/engine/index.ts'
import type { ProjectServices } from '../../run/pipeline/index.ts'
import { type OpenOptions, readProject, targetOf } from './read-project.ts'
import type { Sections, Target } from './sections.ts'

/** An open project: what its operations need. Close it with `await using`. */
export interface Project extends ProjectServices, AsyncDisposable {
  readonly sections: Sections
  readonly targetOptions: Target
}

/**
 * Opens a project: its metadata database, and its engine, which is the one of another process when that already
 * has the database file open.
 * @throws MillraceError PROJECT_NOT_FOUND, PROJECT_INVALID, SECRET_MISSING, TARGET_UNKNOWN, DATABASE_LOCKED
 */
export async function openProject(options: OpenOptions = {}): Promise<Project> {
  const config = await readProject(options)
  return assemble(config.dir, config.name, config.sections as unknown as Sections, options)
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
    return assemble(resolve(from), 'memory', NO_PROJECT, options)
  }
  return openProject(options)
}

const NO_PROJECT: Sections = {
  targets: { memory: { engine: 'duckdb', schema: 'main', extensions: [] } },
  storage: {},
  zones: {},
  datasets: {},
  state: { path: ':memory:', sync: 'normal' },
  vars: {},
}

async function assemble(dir: string, name: string, sections: Sections, options: OpenOptions): Promise<Project> {
  const target = targetOf(sections, options.target)
  const { path: statePath, sync } = sections.state
  const stateFile = statePath === ':memory:' ? statePath : resolve(dir, statePath)
  if (stateFile !== ':memory:') await mkdir(dirname(stateFile), { recursive: true })
  const state = await openState(stateFile, { sync })
  const engine = await openEngine(dir, target.options, options).catch(async (thrown) => {
    await state[Symbol.asyncDispose]()
    throw thrown
  })
  const catalog = openCatalog({ engine, dir, config: sections })
  return {
    dir,
    config: { name, sections },
    sections,
    target: target.name,
    targetOptions: target.options,
    engine,
    catalog,
    state,
    session: { engine, catalog, place: (address) => catalog.place(address) },
    environment: process.env,
    vars: { ...sections.vars, ...options.vars } as Readonly<Record<string, Json>>,
    store: (address) => catalog.place(address).store,
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]()
      await state[Symbol.asyncDispose]()
    },
  }
}

async function openEngine(dir: string, target: Target, options: OpenOptions): Promise<Engine> {
  const settings = {
    extensions: target.extensions,
    ...(target.memory_limit === undefined ? {} : { memoryLimit: target.memory_limit }),
    ...(target.threads === undefined ? {} : { threads: target.threads }),
    ...(target.temp_directory === undefined ? {} : { tempDirectory: resolve(dir, target.temp_directory) }),
    ...(target.extension_directory === undefined
      ? {}
      : { extensionDirectory: resolve(dir, target.extension_directory) }),
  }
  if (target.path === undefined) return openDuckDb(settings)
  const { signal, onLinger } = options
  return openOwned(resolve(dir, target.path), {
    ...settings,
    ...(signal === undefined ? {} : { signal }),
    ...(onLinger === undefined ? {} : { onLinger }),
  })
}
