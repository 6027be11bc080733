/** One file or object of a store. */
export interface StoreEntry {
  /** Relative to the store, with `/` between segments. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Milliseconds since the epoch. */
  readonly modified: number
}

/** How a read may be given up. */
export interface StoreReadOptions {
  readonly signal?: AbortSignal
}

/**
 * Named bytes below one address: a folder or, later, a bucket. Paths are relative, with `/` between
 * segments; `..`, empty segments and absolute paths are refused (STORE_PATH_ESCAPE). Folders are no
 * things of their own: they appear with their first file.
 *
 * A reader never sees half a file under its final name, whenever the writer dies.
 */
export interface Store {
  /** The address, such as `file:///data/lake`. Holds no secret. */
  readonly url: string
  /** Whether `putIfAbsent` is atomic between processes; a table log needs it. */
  readonly conditionalPut: boolean
  /** The bytes, or undefined when there is no such file. */
  get(path: string, options?: StoreReadOptions): Promise<Uint8Array | undefined>
  /** Size and time of a file, or undefined when there is none. */
  head(path: string): Promise<StoreEntry | undefined>
  /**
   * Every file whose path starts with `prefix` (as text: end it with `/` to mean a folder), in the order of
   * the UTF-8 bytes of the path, those up to and including `startAfter` left out.
   */
  list(prefix: string, options?: { readonly startAfter?: string }): AsyncIterable<StoreEntry>
  /** Writes the whole file, replacing one that is there, in one step. */
  put(path: string, bytes: Uint8Array): Promise<void>
  /** Writes the whole file only if there is none: of several writers exactly one gets `created`. */
  putIfAbsent(path: string, bytes: Uint8Array): Promise<'created' | 'exists'>
  /** Moves a file within the store, replacing one that is there. @throws MillraceError STORE_NOT_FOUND */
  rename(from: string, to: string): Promise<void>
  /** Removes a file; nothing happens when there is none. */
  delete(path: string): Promise<void>
  /** The address by which an engine reads the path: an absolute path or `s3://…`. `''` is the store itself. */
  locate(path: string): string
}
