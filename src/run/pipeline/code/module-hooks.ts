import { existsSync, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { extname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { OWN_CODE, ownModule } from '../../../base/kernel/index.ts'

/** What the hooks saw: the text of each local module that was loaded, and which imports which. */
export interface SeenModules {
  /** Text by absolute path. */
  readonly texts: ReadonlyMap<string, string>
  /** Absolute paths of a module and of everything it imports, directly or not. */
  closure(of: string): string[]
}

/**
 * Makes this process load a project's modules: `millrace` means this very package, TypeScript is stripped, and the
 * text of a module comes from `kept` when it is there (the version a run began with) instead of from the disk.
 * Modules are local when they lie outside node_modules and outside this package. For child processes only: the
 * hooks stay for the life of the process.
 */
export function hookModules(kept: ReadonlyMap<string, string> = new Map()): SeenModules {
  const texts = new Map<string, string>()
  const imports = new Map<string, Set<string>>()

  const see = (file: string): string => {
    const known = texts.get(file)
    if (known !== undefined) return known
    const text = kept.get(file) ?? readFileSync(file, 'utf8')
    texts.set(file, text)
    for (const later of lazyImports(file, text)) {
      link(file, later)
      see(later)
    }
    return text
  }
  const link = (from: string, to: string): void => {
    const targets = imports.get(from) ?? new Set()
    imports.set(from, targets.add(to))
  }
  const isThere = (file: string): boolean => kept.has(file) || existsSync(file)
  /** Imports inside functions run later, maybe in a worker: their modules belong to the version too. */
  const lazyImports = (file: string, text: string): string[] =>
    [...text.matchAll(/\bimport\s*\(\s*(['"])(\.{1,2}\/[^'"]+)\1\s*\)/g)]
      .map(([, , specifier = '']) => fileURLToPath(new URL(specifier, pathToFileURL(file))))
      .filter(isThere)

  registerHooks({
    resolve(specifier, context, next) {
      const own = ownModule(specifier)
      if (own) return { url: own, shortCircuit: true }
      const parent = context.parentURL?.startsWith('file:') ? fileURLToPath(context.parentURL) : undefined
      const relative = /^\.{0,2}\/|^file:/.test(specifier)
      if (relative && parent !== undefined) {
        const file = fileURLToPath(new URL(specifier, context.parentURL))
        if (isLocal(file) && kept.has(file)) {
          link(parent, file)
          return { url: pathToFileURL(file).href, shortCircuit: true }
        }
      }
      const found = next(specifier, context)
      if (parent !== undefined && found.url.startsWith('file:')) {
        const file = fileURLToPath(found.url)
        if (isLocal(file) && isLocal(parent)) link(parent, file)
      }
      return found
    },
    load(url, context, next) {
      if (!url.startsWith('file:')) return next(url, context)
      const file = fileURLToPath(url)
      if (!isLocal(file)) return next(url, context)
      const source = see(file)
      const format = FORMATS[extname(file)]
      return format === undefined ? next(url, context) : { format, source, shortCircuit: true }
    },
  })

  return {
    texts,
    closure(of) {
      const found = new Set([of])
      for (const file of found) for (const imported of imports.get(file) ?? []) found.add(imported)
      return [...found].filter((file) => texts.has(file))
    },
  }
}

/** Local modules are ES modules; `.cjs` and `.cts` are left to Node. */
const FORMATS: Readonly<Record<string, string>> = {
  '.ts': 'module-typescript',
  '.mts': 'module-typescript',
  '.js': 'module',
  '.mjs': 'module',
  '.json': 'json',
}

/** Whether a file is the project's own code. */
export function isLocal(file: string): boolean {
  return !file.includes('/node_modules/') && !file.startsWith(OWN_CODE)
}
