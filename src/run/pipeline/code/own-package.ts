import { readFileSync } from 'node:fs'
import { getCompileCacheDir } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { PACKAGE_ROOT, RUNS_FROM_SOURCE } from '../../../base/kernel/index.ts'

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

let exported: Map<string, string> | undefined

/**
 * The file behind `millrace` or `millrace/delta`: always this package's own, whatever lies in the project's
 * node_modules, so that a pipeline and the process that runs it are of one version. Undefined for other names.
 */
export function ownModule(specifier: string): string | undefined {
  exported ??= readExports()
  return exported.get(specifier)
}

function readExports(): Map<string, string> {
  const manifest = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as {
    name: string
    exports: Record<string, string | Record<string, string>>
  }
  const files = new Map<string, string>()
  for (const [key, target] of Object.entries(manifest.exports)) {
    const path = typeof target === 'string' ? target : RUNS_FROM_SOURCE ? target['millrace-source'] : target['default']
    if (path) files.set(manifest.name + key.slice(1), pathToFileURL(join(PACKAGE_ROOT, path)).href)
  }
  return files
}
