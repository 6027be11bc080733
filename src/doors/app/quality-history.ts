import {
  type ColumnScore,
  dataDocs,
  type KeptValidation,
  readColumnScores,
  readHistory,
} from '../../work/quality/index.ts'
import type { Project } from './open-project.ts'

/** What became of a dataset's validations, and of its columns in them; the latest first. */
export interface QualityHistory {
  readonly validations: readonly KeptValidation[]
  /** Of one dataset only. */
  readonly columns?: readonly ColumnScore[]
}

/** The validations a project has kept, of one dataset or of all. */
export async function qualityHistory(
  project: Project,
  { dataset, limit }: { readonly dataset?: string; readonly limit: number },
): Promise<QualityHistory> {
  const validations = await readHistory(project.state, { ...(dataset === undefined ? {} : { dataset }), limit })
  if (dataset === undefined) return { validations }
  return { validations, columns: await readColumnScores(project.state, dataset) }
}

/** The project's data docs: all validations it has kept, as one HTML file. */
export async function projectDataDocs(project: Project): Promise<string> {
  return dataDocs(await readHistory(project.state), { title: project.config.name, madeAt: new Date() })
}
