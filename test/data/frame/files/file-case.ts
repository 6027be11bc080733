import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import type { Engine } from '../../../../src/data/engine/index.ts'
import {
  type Frame,
  frameOf,
  frameSession,
  planHash,
  withSession,
  writeFrame,
} from '../../../../src/data/frame/index.ts'
import { ownAnswer } from '../spark/answer.ts'
import { difference } from '../spark/compare.ts'
import type { Answer } from '../spark/spark-case.ts'

/** Files that are read, or rows that are written, as Spark does it. */
export interface FileCase {
  readonly name: string
  readonly frame: Frame
  /** Texts, or bytes, by paths that the frame reads; `$DIR` in an option is the folder they lie in. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  readonly write?: FileWrite
}

export interface FileWrite {
  readonly format: 'csv' | 'json' | 'text'
  readonly options: Readonly<Record<string, string | number | boolean>>
  readonly partitionBy?: readonly string[]
}

/** The texts that were written, by their folders. */
export type FileAnswer = Answer | { readonly files: readonly (readonly [folder: string, text: string])[] }

/** A hash of everything that the answer depends on. */
export function caseHash({ frame, files = {}, write }: FileCase): string {
  const contents = Object.entries(files).map(([path, content]) => [path, Buffer.from(content).toString('base64')])
  return createHash('sha256')
    .update(JSON.stringify([planHash(frame.plan), contents, write ?? null]))
    .digest('hex')
    .slice(0, 16)
}

/** The case's files in a folder of their own, which `work` gets. */
export async function inFolder<T>({ files = {} }: FileCase, work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'millrace-files-'))
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(dir, path)), { recursive: true })
      await writeFile(join(dir, path), content)
    }
    return await work(dir)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** What frames answer to a case. */
export async function ownFileAnswer(one: FileCase, engine: Engine): Promise<FileAnswer> {
  return inFolder(one, async (dir) => {
    const session = await frameSession({ engine, dir })
    return withSession(session, async () => {
      const { write } = one
      const frame = frameOf(JSON.parse(JSON.stringify(one.frame.plan).replaceAll('$DIR', dir)))
      if (write === undefined) return ownAnswer({ name: one.name, frame })
      try {
        await writeFrame(session, one.frame, { ...write, path: 'written', mode: 'overwrite' })
      } catch (thrown) {
        return { error: String(thrown) }
      }
      return { files: await writtenTexts(join(dir, 'written')) }
    })
  })
}

async function writtenTexts(root: string): Promise<(readonly [string, string])[]> {
  const found: [string, string][] = []
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.startsWith('part-')) continue
    const folder = relative(root, entry.parentPath)
    found.push([folder === '' ? '.' : folder, await readFile(join(entry.parentPath, entry.name), 'utf8')])
  }
  return found.sort((a, b) => (a < b ? -1 : 1))
}

/** How two answers differ, in a few words. */
export function fileDifference(spark: FileAnswer, ours: FileAnswer, one: FileCase): string | undefined {
  if ('files' in spark && 'files' in ours) {
    // A folder may have several files, and the order of rows in them is nobody's business.
    const lines = (of: typeof spark) =>
      of.files.flatMap(([folder, text]) => text.split('\n').map((line) => `${folder}: ${line}`)).sort()
    const [theirs, mine] = [JSON.stringify(lines(spark)), JSON.stringify(lines(ours))]
    return theirs === mine ? undefined : `Spark writes ${theirs}, and we write ${mine}`
  }
  if ('files' in spark || 'files' in ours) {
    return 'error' in spark
      ? `Spark refuses (${spark.error}), and we write ${JSON.stringify(ours).slice(0, 200)}`
      : `Spark writes ${JSON.stringify(spark).slice(0, 200)}, and we refuse: ${'error' in ours ? ours.error : ''}`
  }
  return difference(spark, ours, { name: one.name, frame: one.frame })
}
