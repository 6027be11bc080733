import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A temporary project folder, removed when disposed of. */
export interface Folder extends AsyncDisposable {
  readonly dir: string
  write(path: string, content: string | Uint8Array): Promise<void>
}

export async function folder(): Promise<Folder> {
  const dir = await mkdtemp(join(tmpdir(), 'millrace-project-'))
  return {
    dir,
    async write(path, content) {
      await mkdir(dirname(join(dir, path)), { recursive: true })
      await writeFile(join(dir, path), content)
    },
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  }
}
