import { randomUUID } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Writes a file of the target folder whole or not at all. */
export async function writeArtifact(file: string, content: string | object): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const temporary = `${file}.${randomUUID()}.tmp`
  await writeFile(temporary, typeof content === 'string' ? content : JSON.stringify(content))
  await rename(temporary, file)
}
