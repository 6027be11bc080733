import { createHash, hash } from 'node:crypto'
import { type Dirent, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DbtProject } from './dbt-project.ts'

/** A file of a project. */
export interface ProjectFile {
  /** Absolute. */
  readonly file: string
  /** Relative to the resource path it was found under. */
  readonly path: string
  /** Relative to the project. */
  readonly originalPath: string
  readonly text: string
  /** Of the text with all white space made one blank, as dbt hashes code; of seeds, with none around it. */
  readonly sha256: string
}

/** Where the files of one kind are: folders relative to the project, and the endings of their names. */
type Place = readonly [folders: readonly string[], endings: readonly string[]]

const YAML = ['.yml', '.yaml']

/** What is read of a project; nothing else is. */
const PARTS = {
  models: ({ modelPaths }): Place => [modelPaths, ['.sql']],
  pythonModels: ({ modelPaths }): Place => [modelPaths, ['.py']],
  seeds: ({ seedPaths }): Place => [seedPaths, ['.csv']],
  tests: ({ testPaths }): Place => [testPaths, ['.sql']],
  fixtures: ({ testPaths }): Place => [testPaths.map((path) => `${path}/fixtures`), ['.csv', '.sql']],
  snapshots: ({ snapshotPaths }): Place => [snapshotPaths, ['.sql']],
  analyses: ({ analysisPaths }): Place => [analysisPaths, ['.sql']],
  docs: ({ docsPaths }): Place => [docsPaths, ['.md']],
  properties: (project): Place => [
    [
      ...project.modelPaths,
      ...project.seedPaths,
      ...project.snapshotPaths,
      ...project.analysisPaths,
      ...project.testPaths,
    ],
    YAML,
  ],
  /** Exposures, metrics and their like, and what is said of macros. */
  ends: ({ modelPaths, seedPaths, macroPaths }): Place => [[...modelPaths, ...seedPaths, ...macroPaths], YAML],
  /** Macros, and generic tests, which are macros. */
  macros: ({ macroPaths, testPaths }): Place => [
    [...macroPaths, ...testPaths.map((path) => `${path}/generic`)],
    ['.sql'],
  ],
} satisfies Record<string, (project: DbtProject) => Place>

/** A kind of files of a project. */
export type ProjectPart = keyof typeof PARTS

const ALL = Object.keys(PARTS) as ProjectPart[]

/** The files of a project and its packages. Each is read once, so that all who ask see the same. */
export class ProjectFiles {
  readonly #folders = new Map<string, readonly Dirent[]>()
  readonly #texts = new Map<string, string>()
  readonly #parts = new Map<string, readonly ProjectFile[]>()

  /** The files of one kind, sorted by path. Missing folders are empty. */
  of(project: DbtProject, part: ProjectPart): readonly ProjectFile[] {
    const key = `${part}\0${project.dir}`
    const known = this.#parts.get(key) ?? this.#find(project.dir, PARTS[part](project))
    this.#parts.set(key, known)
    return known
  }

  /** A digest of everything that is read of these projects, or of some kinds of files: which files there are, and what stands in them. */
  digest(projects: Iterable<DbtProject>, parts: readonly ProjectPart[] = ALL): string {
    const digest = createHash('sha256')
    const seen = new Set<string>()
    for (const project of projects) {
      for (const part of parts) {
        for (const { file, path, originalPath, text } of this.of(project, part)) {
          digest.update(`\0${part}\0${file}\0${path}\0${originalPath}\0`)
          if (seen.has(file)) continue
          seen.add(file)
          digest.update(`${text.length}\0${text}`)
        }
      }
    }
    return digest.digest('hex')
  }

  #find(dir: string, [folders, endings]: Place): readonly ProjectFile[] {
    const found = folders.flatMap((folder) => {
      const base = join(dir, folder)
      return this.#list(base)
        .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.toLowerCase().endsWith(ending)))
        .map((entry) => join(entry.parentPath, entry.name))
        .map((file) => ({
          file,
          path: slashes(file.slice(base.length + 1)),
          folder: slashes(folder).replace(/^\.\/|\/$/g, ''),
        }))
    })
    found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
    return found.map(({ file, path, folder }) => projectFile(file, path, `${folder}/${path}`, this.#text(file)))
  }

  #list(folder: string): readonly Dirent[] {
    const known = this.#folders.get(folder) ?? listed(folder)
    this.#folders.set(folder, known)
    return known
  }

  #text(file: string): string {
    // At once: these are many small files, and waiting for each costs more than reading it.
    const text = this.#texts.get(file) ?? readFileSync(file, 'utf8')
    this.#texts.set(file, text)
    return text
  }
}

function projectFile(file: string, path: string, originalPath: string, text: string): ProjectFile {
  let sha256: string | undefined
  return {
    file,
    path,
    originalPath,
    text,
    get sha256() {
      sha256 ??= hash('sha256', hashed(file, text))
      return sha256
    },
  }
}

function hashed(file: string, text: string): string {
  if (file.endsWith('.csv')) {
    // To Python a byte order mark is no white space.
    const lines = text.replace(/\r\n?/g, '\n').trimEnd()
    return lines.startsWith('\uFEFF') ? lines : lines.trimStart()
  }
  return text.split(/\s+/).filter(Boolean).join(' ')
}

function listed(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function slashes(path: string): string {
  return path.replaceAll('\\', '/')
}
