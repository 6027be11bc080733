import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { PACKAGE_ROOT, RUNS_FROM_SOURCE } from './own-package.ts'

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
