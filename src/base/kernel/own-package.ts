import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'

const FROM_SOURCE = import.meta.filename.endsWith('.ts')

/** The folder of the installed package (or of the clone). */
export const PACKAGE_ROOT = rootAbove(import.meta.dirname)

/** The folder of this package's own code: `…/src/`, or `…/dist/` when it is built. */
export const OWN_CODE = join(PACKAGE_ROOT, FROM_SOURCE ? 'src' : 'dist') + sep

/** Whether this process runs the package from its TypeScript. */
export const RUNS_FROM_SOURCE = FROM_SOURCE

/** The version in the package's manifest. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as { version: string }).version
}

/** A module by its path in `src` without an ending, as this process runs it; it has to be an entry of the build. */
export function ownModulePath(path: string): string {
  return join(OWN_CODE, `${path}${FROM_SOURCE ? '.ts' : '.js'}`)
}

/** The build puts modules together, so that a module does not lie where its source did: the manifest tells. */
function rootAbove(from: string): string {
  let folder = from
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return folder
}
