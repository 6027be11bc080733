import { type DepsResult, installPackages } from '../../../work/model/index.ts'
import { type DbtPlaceOptions, dbtFolder } from './find-dbt-project.ts'

/**
 * Installs the packages of a dbt project.
 * @throws MillraceError PROJECT_NOT_FOUND, PACKAGE_INVALID, PACKAGE_NOT_FOUND, PACKAGE_CONFLICT, CONNECTION_FAILED
 */
export function installDbtPackages(
  place: DbtPlaceOptions,
  options: {
    readonly upgrade: boolean
    readonly lock: boolean
    readonly addPackage?: string
    readonly source?: 'hub' | 'git' | 'local'
    readonly signal?: AbortSignal
    readonly onEvent?: (message: string) => void
  },
): Promise<DepsResult> {
  return installPackages({ dir: dbtFolder(place), vars: place.vars ?? {}, environment: process.env, ...options })
}
