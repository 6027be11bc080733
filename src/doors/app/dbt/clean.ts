import { rm } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { MillraceError } from '../../../base/kernel/index.ts'
import { readDbtPaths } from '../../../work/model/index.ts'
import { type DbtPlaceOptions, dbtFolder } from './find-dbt-project.ts'

/**
 * Deletes the folders of `clean-targets` in dbt_project.yml (the target folder when it names none) and answers them.
 * @throws MillraceError PROJECT_NOT_FOUND, MODEL_INVALID for a folder outside the project or one with its sources
 */
export async function cleanDbtProject(
  place: DbtPlaceOptions,
  options: { readonly targetPath?: string; readonly projectOnly: boolean },
): Promise<string[]> {
  const dir = dbtFolder(place)
  const paths = await readDbtPaths(dir, { environment: process.env, vars: place.vars ?? {} })
  const targets = (paths.cleanTargets ?? [paths.targetPath]).map((path) =>
    path === paths.targetPath && options.targetPath !== undefined ? options.targetPath : path,
  )
  const folders = targets.map((path) => resolve(dir, path))
  for (const folder of folders) {
    const inside = relative(dir, folder)
    const outside = inside === '' || inside.startsWith('..')
    const holdsSources = paths.sources.some((source) => !relative(folder, resolve(dir, source)).startsWith('..'))
    if ((outside && options.projectOnly) || holdsSources) {
      throw new MillraceError(
        'MODEL_INVALID',
        `cleaning ${folder}: it ${holdsSources ? 'holds files of the project' : 'is not inside the project'}`,
        { hint: 'Change `clean-targets` in dbt_project.yml; for folders elsewhere use --no-clean-project-files-only.' },
      )
    }
  }
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
  return folders
}
