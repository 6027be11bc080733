import { getCompileCacheDir } from 'node:module'
import { dirname, join } from 'node:path'
import { RUNS_FROM_SOURCE } from '../../../base/kernel/index.ts'

/** Options for Node so that a child runs this package the way this process does, without warnings of Node's own. */
export const CHILD_FLAGS: readonly string[] = [
  ...(RUNS_FROM_SOURCE ? ['--conditions=millrace-source'] : []),
  '--disable-warning=ExperimentalWarning',
  '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
]

/**
 * The environment of a child: this process's, and a place to keep compiled code, which halves the start: the one that
 * this process uses, or else a folder of the project.
 */
export function childEnvironment(projectDir: string): Record<string, string | undefined> {
  const ours = getCompileCacheDir?.()
  // Node keeps the code of each of its versions in a folder of its own below the one it is told.
  const cache = ours === undefined ? join(projectDir, '.millrace', 'cache', 'node') : dirname(ours)
  return { NODE_COMPILE_CACHE: cache, ...process.env }
}
