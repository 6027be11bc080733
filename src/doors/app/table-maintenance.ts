import { checkpoint, type VacuumOptions, type VacuumResult, vacuum } from '../../data/table/index.ts'
import type { Project } from './open-project.ts'

/** Removes the files that a Delta table does not need any more: see `vacuum`. */
export async function vacuumTable(project: Project, name: string, options: VacuumOptions): Promise<VacuumResult> {
  return vacuum(await project.catalog.deltaTable(name), options)
}

/** Writes a checkpoint of a Delta table's newest version, and says which that is. */
export async function checkpointTable(project: Project, name: string): Promise<number> {
  return checkpoint(await project.catalog.deltaTable(name))
}
