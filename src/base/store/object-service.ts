import type { StoreEntry, StoreReadOptions } from './contract.ts'

/** What is written: bytes, or a file of this machine. */
export type ObjectBody = Uint8Array | { readonly file: string; readonly size: number }

/**
 * The requests of an object store, by which `objectStore` is a store. Keys are what stands behind the bucket or the
 * container. Each fails with a coded error that says `act`, after it was tried some times where that can help.
 */
export interface ObjectService {
  /** Size, time and tag; undefined when there is no such object. @throws MillraceError STORE_NOT_FOUND for the bucket */
  head(act: string, key: string): Promise<Omit<StoreEntry, 'path'> | undefined>
  /** The bytes, or undefined. */
  get(act: string, key: string, options?: StoreReadOptions): Promise<Uint8Array | undefined>
  /** Copies an object into a new file; with `tag` that content only. @throws MillraceError STORE_NOT_FOUND */
  download(act: string, key: string, file: string, options: StoreReadOptions & { readonly tag?: string }): Promise<void>
  /** Objects whose keys start with a prefix, by the order of their UTF-8 bytes; `path` is the key. */
  list(act: string, prefix: string, startAfter: string): AsyncIterable<StoreEntry>
  put(act: string, key: string, body: ObjectBody): Promise<void>
  /** By the service's condition that there is no object yet; whoever created it is told so even when an answer got lost. */
  create(act: string, key: string, bytes: Uint8Array): Promise<'created' | 'exists'>
  /** Copies an object of that many bytes. @throws MillraceError STORE_NOT_FOUND */
  copy(act: string, from: string, to: string, size: number): Promise<void>
  delete(act: string, key: string): Promise<void>
}
