import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Node } from '../node.ts'
import type { Invocation } from '../node-context.ts'

/** Writes a file of the target folder whole or not at all. */
export async function writeArtifact(file: string, content: string | object): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const temporary = `${file}.${process.pid}.tmp`
  await writeFile(temporary, typeof content === 'string' ? content : JSON.stringify(content))
  await rename(temporary, file)
}

/** Keeps a node's SQL below the target folder, as `target/compiled/shop/models/a.sql`, and notes where. */
export async function keepCode(
  invocation: Invocation,
  node: Node,
  folder: 'compiled' | 'run',
  sql: string,
): Promise<void> {
  const { project } = invocation
  const file = node.test_metadata ? `${node.original_file_path}/${node.path}` : node.original_file_path
  const path = join(project.targetPath, folder, node.package_name, file)
  if (folder === 'compiled') node.compiled_path = path
  else node.build_path = path
  await writeArtifact(join(project.dir, path), sql)
}
