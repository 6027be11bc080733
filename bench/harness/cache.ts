import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

/** The folder of this checkout. */
export const ROOT = resolve(import.meta.dirname, '../..')

/** Where data and peers are kept, outside of the tree. */
export const CACHE = join(process.env.MILLRACE_CACHE ?? join(homedir(), '.cache/millrace'))

/** A folder of generated data, made once: half of it never has the final name. */
export async function cached(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(CACHE, 'bench-data', name)
  if (existsSync(folder)) return folder
  const half = `${folder}.half`
  await rm(half, { recursive: true, force: true })
  await mkdir(half, { recursive: true })
  console.error(`preparing ${name} …`)
  await make(half)
  await rename(half, folder)
  return folder
}

/** The Python of a peer, installed when it is not there (scripts/peers/install-python.sh). */
export async function peerPython(peer: string): Promise<string> {
  console.error(`installing ${peer}, unless it is there …`)
  const script = join(ROOT, 'scripts/peers/install-python.sh')
  const { stdout } = await promisify(execFile)('bash', [script, peer], { maxBuffer: 1 << 26 })
  return stdout.trim().split('\n').at(-1) ?? ''
}

/** The folder of DuckDB extensions, which are put there when they are not (scripts/services). */
export async function duckdbExtension(name: string): Promise<string> {
  const script = join(ROOT, 'scripts/services/install-duckdb-extension.sh')
  const { stdout } = await promisify(execFile)('bash', [script, name], { maxBuffer: 1 << 26 })
  return stdout.trim().split('\n').at(-1) ?? ''
}

/** The URL of a test server that is started when it does not run (scripts/services). */
export async function service(name: 'postgres' | 'mariadb' | 'moto'): Promise<string> {
  const script = join(ROOT, `scripts/services/start-${name}.sh`)
  const { stdout } = await promisify(execFile)('bash', [script], { maxBuffer: 1 << 26 })
  return stdout.trim().split('\n').at(-1) ?? ''
}
