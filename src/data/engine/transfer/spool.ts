import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { cancelled } from '../duckdb/engine-error.ts'
import { RowEnds } from './row-ends.ts'
import { SpoolFile } from './spool-file.ts'

/** Big enough that DuckDB reads it with several threads, small enough that two of them are little. */
const MAX_BYTES = 96 * 1024 * 1024

/** A row may have so many bytes where pieces do not end with rows, or more where one of them was long. */
const ROW_BYTES = 8_000_000
const LONG_ROW_BYTES = 64_000_000
const LONG_PIECE_BYTES = 4 * 1024 * 1024

/** How to spool. */
export interface SpoolOptions {
  /** The folder for the files; made when it is missing, for this user only. */
  readonly dir: string
  /** A file is ended at the first row that reaches this size; 96 MB. */
  readonly maxBytes?: number
  /** A file holds at most so many rows. They are counted then, which takes a second a gigabyte. */
  readonly maxRows?: number
  /** Every piece of the stream ends at the end of a row (as `BulkPort.unload` promises), so nothing is searched for. */
  readonly wholeRows?: boolean
  readonly signal?: AbortSignal
}

/** A file of rows; disposing of it deletes it. */
export interface SpooledFile extends AsyncDisposable {
  readonly path: string
  readonly bytes: number
  /** Known with `maxRows` only. */
  readonly rows?: number
  /** No row is longer: what reads it needs buffers of that size (`spooledRelation`'s option of that name). */
  readonly rowBytes: number
}

let spooled = 0

/**
 * Cuts a stream of CSV into files that end at row ends, for an engine that reads files. One file is written ahead while
 * the one before is used; more only when that is asked for, so that disk and memory stay bounded. Who takes a file
 * disposes of it; leaving the loop ends the stream.
 * @throws MillraceError STORE_FULL, STORE_DENIED, and whatever the stream throws
 */
export async function* spool(
  bytes: AsyncIterable<Uint8Array>,
  options: SpoolOptions,
): AsyncGenerator<SpooledFile, void, undefined> {
  await mkdir(options.dir, { recursive: true, mode: 0o700 })
  const pieces = bytes[Symbol.asyncIterator]()
  const cutter = new Cutter(pieces, options)
  let ahead = start(cutter)
  try {
    for (;;) {
      const file = await ahead
      if (file === undefined) return
      ahead = start(cutter)
      yield file
    }
  } finally {
    cutter.stop()
    const left = await ahead.catch(() => undefined)
    await left?.[Symbol.asyncDispose]()
    await pieces.return?.()
  }
}

function start(cutter: Cutter): Promise<SpooledFile | undefined> {
  const next = cutter.next()
  // It fails while the file before is still used: whoever asks for the next is told.
  next.catch(() => undefined)
  return next
}

/** Writes one file after the other. */
class Cutter {
  readonly #pieces: AsyncIterator<Uint8Array>
  readonly #options: SpoolOptions
  #rest: Uint8Array | undefined
  #stopped = false

  constructor(pieces: AsyncIterator<Uint8Array>, options: SpoolOptions) {
    this.#pieces = pieces
    this.#options = options
  }

  stop(): void {
    this.#stopped = true
  }

  /** The next file, once it is whole. */
  async next(): Promise<SpooledFile | undefined> {
    const { dir, maxRows } = this.#options
    let piece = await this.#piece()
    if (piece === undefined) return undefined
    spooled += 1
    const path = join(dir, `spool-${process.pid}-${spooled}.csv`)
    const file = await SpoolFile.create(path)
    const ends = new RowEnds()
    let longest = 0
    try {
      while (piece !== undefined) {
        longest = Math.max(longest, piece.length)
        const cut = this.#cut(piece, file.bytes, ends)
        await file.add(cut < 0 ? piece : piece.subarray(0, cut))
        if (cut >= 0) {
          if (cut < piece.length) this.#rest = piece.subarray(cut)
          break
        }
        piece = await this.#piece()
      }
      await file.close()
    } catch (thrown) {
      await file.close().catch(() => undefined)
      await rm(path, { force: true })
      throw thrown
    }
    return {
      path,
      bytes: file.bytes,
      rowBytes: this.#rowBytes(longest),
      ...(maxRows === undefined ? {} : { rows: ends.rows }),
      [Symbol.asyncDispose]: () => rm(path, { force: true }),
    }
  }

  /** Streams of databases come in small pieces of whole rows, or in one of a row where that is longer. */
  #rowBytes(longest: number): number {
    if (this.#options.wholeRows) return longest
    return longest > LONG_PIECE_BYTES ? LONG_ROW_BYTES : ROW_BYTES
  }

  async #piece(): Promise<Uint8Array | undefined> {
    const { signal } = this.#options
    if (signal?.aborted) throw cancelled(signal.reason, { act: 'moving rows', signal })
    const rest = this.#rest
    this.#rest = undefined
    if (rest !== undefined) return rest
    while (!this.#stopped) {
      const { done, value } = await this.#pieces.next()
      if (done) return undefined
      if (value.length > 0) return value
    }
    return undefined
  }

  /** Where the file ends within `piece`; -1 when it goes on. */
  #cut(piece: Uint8Array, before: number, ends: RowEnds): number {
    const { maxBytes = MAX_BYTES, maxRows, wholeRows = false } = this.#options
    const full = before + piece.length >= maxBytes
    if (maxRows !== undefined) {
      const cut = ends.take(piece, maxRows - ends.rows)
      return cut < 0 && full && !ends.quoted && piece.at(-1) === 0x0a ? piece.length : cut
    }
    if (wholeRows) return full ? piece.length : -1
    if (full) return ends.take(piece, 1)
    ends.skip(piece)
    return -1
  }
}
