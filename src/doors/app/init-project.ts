import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { MillraceError, PACKAGE_ROOT, packageVersion } from '../../base/kernel/index.ts'

/**
 * Makes a project that runs at once and passes its own tests. Returns the files written, relative to it.
 * @throws MillraceError FOLDER_NOT_EMPTY, OPTION_INVALID; nothing is written then
 */
export async function initProject(folder: string): Promise<{ dir: string; files: string[] }> {
  const dir = resolve(folder)
  const name = basename(dir)
  if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name)) {
    throw new MillraceError('OPTION_INVALID', `"${name}" cannot be the name of a project`, {
      hint: 'Use letters, digits, "_" and "-"; start with a letter.',
    })
  }
  if (existsSync(dir) && (await readdir(dir)).some((entry) => entry !== '.git')) {
    throw new MillraceError('FOLDER_NOT_EMPTY', `making a project in ${dir}: the folder holds files`, {
      hint: 'Name a new folder, or an empty one.',
    })
  }
  await mkdir(dir, { recursive: true })
  await cp(join(PACKAGE_ROOT, 'templates', 'project'), dir, { recursive: true })
  // npm leaves out files of this name from a package, so it travels under another.
  await rename(join(dir, 'gitignore'), join(dir, '.gitignore'))
  await cp(join(PACKAGE_ROOT, 'AGENTS.md'), join(dir, 'AGENTS.md'))
  const files = (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  for (const file of files) {
    const text = await readFile(file, 'utf8')
    const filled = text
      .replaceAll('__NAME__', name)
      .replaceAll('__IDENTIFIER__', name.replaceAll('-', '_'))
      .replaceAll('__VERSION__', packageVersion())
    if (filled !== text) await writeFile(file, filled)
  }
  return { dir, files: files.map((file) => file.slice(dir.length + 1)).sort() }
}
