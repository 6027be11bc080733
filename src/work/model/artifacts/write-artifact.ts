import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Invocation } from '../context/node-context.ts'
import type { Node } from '../node.ts'

/** Writes a file of the target folder whole or not at all. */
export async function writeArtifact(file: string, content: string | object): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const temporary = `${file}.${randomUUID()}.tmp`
  await writeFile(temporary, typeof content === 'string' ? content : JSON.stringify(content))
  await rename(temporary, file)
}

const made = new Set<string>()

/** Keeps a node's SQL below the target folder, as `target/compiled/shop/models/a.sql`, and notes where. */
export function keepCode(invocation: Invocation, node: Node, folder: 'compiled' | 'run', sql: string): void {
  const { project } = invocation
  const file = /\.ya?ml$/.test(node.original_file_path)
    ? `${node.original_file_path}/${node.path}`
    : node.original_file_path
  const path = join(project.targetPath, folder, node.package_name, file)
  if (folder === 'compiled') node.compiled_path = path
  else node.build_path = path
  // Written at once, for these are many small files; one that a crash cuts off does no harm.
  const whole = join(project.dir, path)
  const above = dirname(whole)
  if (!made.has(above) || !existsSync(above)) mkdirSync(above, { recursive: true })
  made.add(above)
  const there = statSync(whole, { throwIfNoEntry: false })
  if (there?.size === Buffer.byteLength(sql) && readFileSync(whole, 'utf8') === sql) return
  // Some file systems wait for the disk when a file is written over.
  if (there) rmSync(whole, { force: true })
  writeFileSync(whole, sql)
}
