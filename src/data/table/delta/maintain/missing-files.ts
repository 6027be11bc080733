import { dirname } from 'node:path'
import { localStore } from '../../../../base/store/index.ts'
import { absolutePath } from '../file-path.ts'
import type { DeltaLog } from '../log/delta-log.ts'
import type { DataFile } from '../snapshot.ts'
import { vectorAddress } from '../vectors/deletion-vector.ts'

/** Files asked for at a time. */
const AT_ONCE = 32

/** Addresses of data files and deletion vectors that are not where they should be; those in other stores count as there. */
export async function missingFiles(
  log: DeltaLog,
  files: readonly DataFile[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const above = log.path === '' ? '' : `${log.path}/`
  const locate = (relative: string) => log.store.locate(`${above}${relative}`)
  const addresses = new Set<string>()
  for (const { path, deletionVector } of files) {
    addresses.add(absolutePath(path, locate))
    if (deletionVector && deletionVector.storageType !== 'i') {
      addresses.add(vectorAddress(deletionVector, path, locate))
    }
  }
  const root = `${log.store.locate('').replace(/\/$/, '')}/`
  const waiting = [...addresses].reverse()
  const missing: string[] = []
  const worker = async () => {
    for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) {
      signal?.throwIfAborted()
      if (!(await isThere(log, root, address))) missing.push(address)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return missing.sort()
}

async function isThere({ store }: DeltaLog, root: string, address: string): Promise<boolean> {
  if (address.startsWith(root)) return (await store.head(address.slice(root.length))) !== undefined
  if (!address.startsWith('/')) return true
  const folder = dirname(address)
  return (await localStore(folder).head(address.slice(folder.length).replace(/^\//, ''))) !== undefined
}
