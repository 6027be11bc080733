import { cp, mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from './cache.ts'

const MADE = new Set(['lake', 'target', '.millrace', 'flights.duckdb', 'shop.duckdb'])

/** A copy of an example as it is in the repository, without what runs have made; says its folder. */
export async function copyExample(name: string, out: string): Promise<string> {
  const project = join(out, 'examples', name)
  await mkdir(project, { recursive: true })
  const filter = (path: string) => !MADE.has(path.slice(path.lastIndexOf('/') + 1))
  await cp(join(ROOT, 'examples', name), project, { recursive: true, filter })
  // The examples name packages and their data from the checkout.
  await symlink(join(ROOT, 'node_modules'), join(out, 'node_modules'))
  return project
}
