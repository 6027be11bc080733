/** One file or object of a store. */
export interface StoreEntry {
  /** Relative to the store, with `/` between segments. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Milliseconds since the epoch. */
  readonly modified: number
  /** Tells one content of the path from another, where the store keeps such a thing (an ETag). */
  readonly tag?: string
}

/** A file to be made readable: with `tag` exactly that content, without it a file that is never rewritten. */
export type StoreFile = Pick<StoreEntry, 'path' | 'tag'>

/** How a read may be given up. */
export interface StoreReadOptions {
  readonly signal?: AbortSignal
}

/** A folder of this machine's disk whose files become files of the store. */
export interface Stage extends AsyncDisposable {
  /** Absolute path of the folder, which is there; an engine writes into it. */
  readonly dir: string
  /**
   * Puts these files (relative to `dir`) below the folder that was staged for, one by one: others see each as it
   * comes. A crash leaves those that were put.
   */
  publish(paths: readonly string[]): Promise<void>
}

/** What an engine needs to read `s3://` addresses by itself. Holds secrets: never print it. */
export interface RemoteAccess {
  /** The addresses that it is for, such as `s3://bucket/`. */
  readonly scope: string
  readonly region: string
  /** `host[:port]`; absent for AWS itself. */
  readonly endpoint?: string
  readonly useTls: boolean
  readonly pathStyle: boolean
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/**
 * Named bytes below one address: a folder or a bucket (or a part of one). Paths are relative, with `/` between
 * segments; `..`, empty segments and absolute paths are refused (STORE_PATH_ESCAPE). Folders are no
 * things of their own: they appear with their first file.
 *
 * A reader never sees half a file under its final name, whenever the writer dies.
 */
export interface Store {
  /** The address, such as `file:///data/lake`. Holds no secret. */
  readonly url: string
  /** Whether `putIfAbsent` is atomic between processes; a table log needs it. Some object stores must be tried. */
  conditionalPut(): Promise<boolean>
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
  /** Writes the content of one file as another, replacing one that is there, in one step. @throws MillraceError STORE_NOT_FOUND */
  copy(from: string, to: string): Promise<void>
  /** Removes a file; nothing happens when there is none. */
  delete(path: string): Promise<void>
  /**
   * Removes what writes left that died before they were done, below a folder (`''` for the store) and from before a
   * moment (milliseconds since the epoch), and says how many files that were. Absent where nothing is left.
   */
  readonly sweep?: (folder: string, before: number) => Promise<number>
  /** The address by which an engine reads the path: an absolute path or `s3://…`. `''` is the store itself. */
  locate(path: string): string
  /**
   * Paths of this machine's disk that hold the files, in their order: on a disk their own, otherwise copies in a
   * cache, which stay for an hour after their last use or as long as a view is said to show them (`hold`).
   * @throws MillraceError STORE_NOT_FOUND (retry `after-reload`) when a file is gone or has another `tag` by now
   */
  localize(files: readonly StoreFile[], options?: StoreReadOptions): Promise<readonly string[]>
  /** Opens a folder of this machine's disk for files that shall become files below `folder`; dispose it afterwards. */
  stage(folder: string): Promise<Stage>
  /**
   * Says which paths of `localize` something shows that outlives this process, such as a view named by `holder`; they
   * stay until it is said again with others. Nothing happens on a disk.
   */
  hold(holder: string, paths: readonly string[]): Promise<void>
  /**
   * Access for engines that read by `locate` from afar, undefined where they can only be given copies; absent when
   * `locate` gives paths of this machine.
   */
  readonly remote?: () => Promise<RemoteAccess | undefined>
}
