import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { MillraceError } from '../../../base/kernel/index.ts'

/** A file that a pipeline is made of. */
export interface CodeFile {
  /** Relative to the project folder, with `/` between segments; may begin with `..`. */
  readonly path: string
  readonly text: string
}

/** The name of a version of code: the same files with the same texts give the same name. */
export function codeHash(files: readonly CodeFile[]): string {
  const hash = createHash('sha256')
  for (const { path, text } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    hash.update(`${path}\0${text.length}\0${text}\0`)
  }
  return hash.digest('hex').slice(0, 16)
}

export function projectPath(projectDir: string, file: string): string {
  return relative(projectDir, file).split(sep).join('/')
}

const folderOf = (projectDir: string, hash: string): string => join(projectDir, '.millrace', 'code', hash)
/** Inside the copy, folders above the project are called `_up`. */
const copyOf = (path: string): string => join('files', path.replaceAll('../', '_up/'))

/** Whether a version was kept. */
export function hasCode(projectDir: string, hash: string): boolean {
  return existsSync(join(folderOf(projectDir, hash), 'manifest.json'))
}

/** Keeps a version of code under `.millrace/code/<hash>`, so that a run can end on the code it began with. */
export async function keepCode(projectDir: string, hash: string, files: readonly CodeFile[]): Promise<void> {
  if (hasCode(projectDir, hash)) return
  const folder = folderOf(projectDir, hash)
  const staged = `${folder}.${randomUUID()}`
  for (const { path, text } of files) {
    const copy = join(staged, copyOf(path))
    await mkdir(dirname(copy), { recursive: true })
    await writeFile(copy, text)
  }
  await mkdir(staged, { recursive: true })
  await writeFile(join(staged, 'manifest.json'), JSON.stringify({ files: files.map(({ path }) => path) }))
  try {
    await rename(staged, folder)
  } catch (thrown) {
    // Another process kept the same version first; its copy is as good.
    await rm(staged, { recursive: true, force: true })
    if (!hasCode(projectDir, hash)) throw thrown
  }
}

/**
 * The texts of a kept version by the absolute paths the files had.
 * @throws MillraceError FUNCTION_CHANGED when it is no longer there
 */
export async function readCode(projectDir: string, hash: string): Promise<Map<string, string>> {
  const folder = folderOf(projectDir, hash)
  try {
    const { files } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as { files: string[] }
    const texts = new Map<string, string>()
    for (const path of files) texts.set(resolve(projectDir, path), await readFile(join(folder, copyOf(path)), 'utf8'))
    return texts
  } catch (cause) {
    throw new MillraceError('FUNCTION_CHANGED', `looking for version ${hash} of the project's code`, {
      cause,
      hint: 'Its copy in .millrace/code is gone; start a new run in place of resuming the old one.',
    })
  }
}
