import { randomBytes } from 'node:crypto'
import { chmod, lstat, mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { MillraceError } from '../../../base/kernel/index.ts'
import { errno, storeError } from '../../../base/store/index.ts'

// A socket's path has 108 bytes on Linux, 104 on macOS, with the closing zero.
const LONGEST_SOCKET_PATH = 100

/** Where the owner of a database file answers. It stands beside the file, so that every environment finds it. */
export interface OwnerAddress {
  readonly pid: number
  readonly host: string
  readonly socket: string
}

/** The one name of a database file, whether or not it exists yet; its folder is made. */
export async function canonicalPath(path: string): Promise<string> {
  const wanted = resolve(path)
  try {
    await mkdir(dirname(wanted), { recursive: true })
    return await realpath(wanted).catch(async (thrown: unknown) => {
      if (errno(thrown) !== 'ENOENT') throw thrown
      return join(await realpath(dirname(wanted)), basename(wanted))
    })
  } catch (thrown) {
    throw storeError(thrown, `opening the database file ${wanted}`)
  }
}

/**
 * A path for a new socket, short and in a folder that only this user can enter. Never used before, so that a
 * socket left by a dead owner is in nobody's way.
 */
export async function newSocketPath(): Promise<string> {
  const name = `${randomBytes(8).toString('hex')}.sock`
  // A named pipe: by default only its creator can write to it.
  if (process.platform === 'win32') return `\\\\.\\pipe\\millrace-${name}`
  const folder = `millrace-${process.getuid?.() ?? 'user'}`
  const places = [process.env.XDG_RUNTIME_DIR || tmpdir(), tmpdir(), '/tmp']
  for (const place of places) {
    const path = join(place, folder, name)
    if (Buffer.byteLength(path) <= LONGEST_SOCKET_PATH && (await isPrivateFolder(dirname(path)))) return path
  }
  throw new MillraceError('STORE_DENIED', `no private folder for the socket of a database in ${places.join(', ')}`, {
    hint: `Set TMPDIR to a short path that this user can write to; a folder "${folder}" there must be this user's own.`,
  })
}

async function isPrivateFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 })
  } catch (thrown) {
    if (errno(thrown) !== 'EEXIST') return false
  }
  // Somebody else may have made it, in a place where all may write: their folder, or a link, is not taken.
  const stats = await lstat(folder)
  if (!stats.isDirectory() || stats.uid !== process.getuid?.()) return false
  if ((stats.mode & 0o077) !== 0) await chmod(folder, 0o700)
  return true
}

/** Tells where the owner answers, replacing what an owner that died has left. Only the owner may call it. */
export async function publishAddress(database: string, address: OwnerAddress): Promise<void> {
  const former = await readAddress(database)
  if (former && former.host === address.host) await removeSocket(former.socket)
  const temporary = `${addressFile(database)}.${process.pid}`
  try {
    await writeFile(temporary, JSON.stringify(address), { mode: 0o600 })
    await rename(temporary, addressFile(database))
  } catch (thrown) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw storeError(thrown, `writing ${addressFile(database)}`)
  }
}

/** The address that was told last; undefined when there is none that can be read. */
export async function readAddress(database: string): Promise<OwnerAddress | undefined> {
  try {
    const { pid, host, socket } = JSON.parse(await readFile(addressFile(database), 'utf8'))
    const whole = typeof pid === 'number' && typeof host === 'string' && typeof socket === 'string'
    return whole ? { pid, host, socket } : undefined
  } catch {
    return undefined
  }
}

/** Takes the address back. Only the owner may call it, while it still owns the file. */
export async function withdrawAddress(database: string, address: OwnerAddress): Promise<void> {
  await rm(addressFile(database), { force: true })
  await removeSocket(address.socket)
}

function addressFile(database: string): string {
  return `${database}.owner`
}

/** Removes a socket that an address names, if it looks like one of ours: the address is only a file. */
async function removeSocket(socket: string): Promise<void> {
  if (!/^millrace-/.test(basename(dirname(socket))) || !/^[0-9a-f]{16}\.sock$/.test(basename(socket))) return
  await rm(socket, { force: true }).catch(() => undefined)
}
