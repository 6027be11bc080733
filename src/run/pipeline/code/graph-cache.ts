import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { PipelineGraph } from '../graph.ts'
import { hasCode } from './code-version.ts'

/** Raised when what is cached changes its shape or its meaning. */
const FORMAT = 1

/** The graphs of one pipeline file, and the state of the files they were made from. */
interface Cached {
  readonly format: number
  readonly modules: readonly { path: string; size: number; modifiedMs: number; digest: string }[]
  readonly graphs: readonly PipelineGraph[]
}

const cacheFile = (projectDir: string, path: string): string =>
  join(projectDir, '.millrace', 'cache', 'graphs', `${encodeURIComponent(path)}.json`)
const digestOf = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex')

/**
 * The graphs of a pipeline file as they were when it was last evaluated, if none of its modules has changed since
 * and their code is still kept. What else the file may have read (the environment, the clock) is not watched: the
 * shape of a pipeline depends on its code alone.
 */
export function cachedGraphs(projectDir: string, path: string): readonly PipelineGraph[] | undefined {
  try {
    const cached = JSON.parse(readFileSync(cacheFile(projectDir, path), 'utf8')) as Cached
    if (cached.format !== FORMAT) return undefined
    for (const { path: module, size, modifiedMs, digest } of cached.modules) {
      const file = resolve(projectDir, module)
      const now = statSync(file)
      if (now.size === size && now.mtimeMs === modifiedMs) continue
      if (now.size !== size || digestOf(readFileSync(file)) !== digest) return undefined
    }
    return cached.graphs.every(({ hash }) => hasCode(projectDir, hash)) ? cached.graphs : undefined
  } catch {
    return undefined
  }
}

/** Remembers the graphs of a pipeline file. `modules` are the texts they were made from. */
export async function cacheGraphs(
  projectDir: string,
  path: string,
  modules: readonly { path: string; text: string }[],
  graphs: readonly PipelineGraph[],
): Promise<void> {
  const cached: Cached = {
    format: FORMAT,
    modules: modules.map(({ path: module, text }) => {
      const file = resolve(projectDir, module)
      const digest = digestOf(text)
      const { size, mtimeMs } = statSync(file)
      // A file that changed while it was evaluated keeps the old digest under no time: it will not match.
      const unchanged = digestOf(readFileSync(file)) === digest
      return { path: module, size, modifiedMs: unchanged ? mtimeMs : 0, digest }
    }),
    graphs,
  }
  const file = cacheFile(projectDir, path)
  await mkdir(dirname(file), { recursive: true })
  const staged = `${file}.${process.pid}`
  await writeFile(staged, JSON.stringify(cached))
  await rename(staged, file)
}
