import { MillraceError } from '../../base/kernel/index.ts'
import type { Store, StoreFile, StoreReadOptions } from '../../base/store/index.ts'
import type { ParquetPort } from './parquet-port.ts'

/**
 * Addresses by which an engine reads files of a store, in their order: their own where it reaches them there,
 * otherwise those of copies on this machine's disk.
 * @param port the engine's; without one only this machine's disk is reached
 * @throws MillraceError STORE_NOT_FOUND when a file is gone, and what the store throws
 */
export async function readableFiles(
  store: Store,
  files: readonly StoreFile[],
  port?: Pick<ParquetPort<never>, 'reaches'>,
  options: StoreReadOptions = {},
): Promise<readonly string[]> {
  const isReached = store.remote === undefined || ((await port?.reaches?.(store)) ?? false)
  return isReached ? files.map(({ path }) => store.locate(path)) : store.localize(files, options)
}

const TRIES = 8

/**
 * Looks anew at what there is when a file went away between the look and the read: `look` lists files and makes them
 * readable.
 */
export async function lookingAgain<T>(look: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await look()
    } catch (thrown) {
      const isGone = thrown instanceof MillraceError && thrown.code === 'STORE_NOT_FOUND'
      if (!isGone || thrown.retry !== 'after-reload' || tries === TRIES) throw thrown
    }
  }
}
