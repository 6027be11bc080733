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
