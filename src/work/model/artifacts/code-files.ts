import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Invocation } from '../context/node-context.ts'
import type { Node } from '../node.ts'

/** So many files, or what came within so many milliseconds, are written together. */
const TOGETHER = { files: 1000, ms: 250 }

/**
 * Keeps the SQL of nodes below the target folder, as `target/compiled/shop/models/a.sql`. Files of a run are written
 * some at a time: a file system that has new files to note does so whenever DuckDB has a commit written to the disk,
 * which then takes twice as long. Closing it writes what is left.
 */
export class CodeFiles implements Disposable {
  readonly #invocation: Invocation
  readonly #waiting = new Map<string, string>()
  /** By path: whether it was made here. */
  readonly #folders = new Map<string, boolean>()
  #timer: NodeJS.Timeout | undefined

  constructor(invocation: Invocation) {
    this.#invocation = invocation
  }

  /** Notes in a node where its SQL is kept, and keeps it, soon or with `flush`. */
  keep(node: Node, folder: 'compiled' | 'run', sql: string): void {
    const { project } = this.#invocation
    const file = /\.ya?ml$/.test(node.original_file_path)
      ? `${node.original_file_path}/${node.path}`
      : node.original_file_path
    const path = join(project.targetPath, folder, node.package_name, file)
    if (folder === 'compiled') node.compiled_path = path
    else node.build_path = path
    this.#waiting.set(join(project.dir, path), sql)
    if (this.#waiting.size >= TOGETHER.files) this.flush()
    else this.#timer ??= setTimeout(() => this.#flushInTime(), TOGETHER.ms)
  }

  /** Writes what waits. @throws the file system's error for one that cannot be written; it waits on */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const [file, sql] of this.#waiting) {
      this.#write(file, sql)
      this.#waiting.delete(file)
    }
  }

  [Symbol.dispose](): void {
    this.flush()
  }

  #flushInTime(): void {
    try {
      this.flush()
    } catch {
      // Nobody waits for a timer: the next one to flush is told.
    }
  }

  /** At once, for these are many small files; one that a crash cuts off does no harm. */
  #write(file: string, sql: string): void {
    const folder = dirname(file)
    let isNew = this.#folders.get(folder)
    if (isNew === undefined) {
      isNew = mkdirSync(folder, { recursive: true }) !== undefined
      this.#folders.set(folder, isNew)
    }
    // In a folder of our own making there is nothing but what was written here.
    const there = isNew ? undefined : statSync(file, { throwIfNoEntry: false })
    if (there?.size === Buffer.byteLength(sql) && readFileSync(file, 'utf8') === sql) return
    // Some file systems wait for the disk when a file is written over.
    if (there) rmSync(file, { force: true })
    writeFileSync(file, sql)
  }
}
