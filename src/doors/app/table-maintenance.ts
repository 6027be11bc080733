import { type Field, MillraceError } from '../../base/kernel/index.ts'
import { sql, trusted } from '../../base/sql/index.ts'
import {
  checkpoint,
  DeltaTable,
  type OptimizeOptions,
  type OptimizeResult,
  optimize,
  type RestoreOptions,
  type RestoreResult,
  restore,
  shallowClone,
  type VacuumOptions,
  type VacuumResult,
  vacuum,
} from '../../data/table/index.ts'
import type { Project } from './open-project.ts'

/** Removes the files that a Delta table does not need any more: see `vacuum`. */
export async function vacuumTable(project: Project, name: string, options: VacuumOptions): Promise<VacuumResult> {
  // A view that still shows an older version would lose its files.
  if (options.dryRun !== true) await publish(project, name)
  return vacuum(await project.catalog.deltaTable(name), options)
}

/** Writes a checkpoint of a Delta table's newest version, and says which that is. */
export async function checkpointTable(project: Project, name: string): Promise<number> {
  return checkpoint(await project.catalog.deltaTable(name))
}

/** What an optimize is to do, in the words of the command line. */
export interface OptimizeRequest extends Omit<OptimizeOptions, 'connection' | 'where'> {
  /** A SQL condition on partition columns. */
  readonly where?: string
}

/** Puts small files of a Delta table together, or its rows in Z-order: see `optimize`. */
export async function optimizeTable(project: Project, name: string, request: OptimizeRequest): Promise<OptimizeResult> {
  const { where, ...options } = request
  const table = await project.catalog.deltaTable(name)
  await using connection = await project.lake.connect()
  const result = await optimize(table, {
    ...options,
    connection,
    ...(where === undefined ? {} : { where: sql`(${trusted(where)})` }),
  })
  await publish(project, name)
  return result
}

/** Brings a Delta table back to an older version: see `restore`. */
export async function restoreTable(project: Project, name: string, options: RestoreOptions): Promise<RestoreResult> {
  const result = await restore(await project.catalog.deltaTable(name), options)
  await publish(project, name)
  return result
}

/** Makes a Delta table of a folder of Parquet files at an address: see `DeltaTable.convert`. */
export async function convertTable(
  project: Project,
  address: string,
  partitionBy?: readonly Field[],
): Promise<DeltaTable> {
  const { files } = project.lake
  if (!files) {
    throw new MillraceError('ENGINE_UNSUPPORTED', `converting ${address} with the engine ${project.lake.name}`, {
      hint: 'Use a target whose engine reads Parquet files, such as duckdb.',
    })
  }
  const { store, path } = project.catalog.place(address)
  return DeltaTable.convert(store, { path, parquet: files, ...(partitionBy ? { partitionBy } : {}) })
}

/** What a clone is of, and what it begins with. */
export interface CloneResult {
  readonly version: number
  readonly sourceVersion: number
  readonly files: number
}

/** Makes a shallow clone of a Delta table at an address: see `shallowClone`. */
export async function cloneTable(
  project: Project,
  source: string,
  address: string,
  at: { readonly version?: number; readonly timestamp?: Date },
): Promise<CloneResult> {
  const table = await project.catalog.deltaTable(source)
  const { store, path, parquet } = table.log
  const isNewest = at.version === undefined && at.timestamp === undefined
  const from = isNewest ? table : await DeltaTable.open(store, path, { ...at, ...(parquet ? { parquet } : {}) })
  const place = project.catalog.place(address)
  const { snapshot } = await shallowClone(from, place.store, { path: place.path })
  return { version: snapshot.version, sourceVersion: from.snapshot.version, files: snapshot.files.length }
}

/** Moves the view of a dataset, where it has one, to the version that there is now. */
async function publish({ catalog }: Project, name: string): Promise<void> {
  if (await catalog.published(name)) await catalog.publish([name])
}
