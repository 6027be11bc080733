import { type FileHandle, open } from 'node:fs/promises'
import { MillraceError } from '../../../base/kernel/index.ts'

const WRITE_BYTES = 2 * 1024 * 1024
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/** A file that is written in large pieces, one of them while the next is gathered. Only this user may read it. */
export class SpoolFile {
  readonly path: string
  /** Bytes added so far. */
  bytes = 0
  readonly #handle: FileHandle
  #gathered: Uint8Array[] = []
  #size = 0
  #begun = false
  #writing: Promise<void> = Promise.resolve()

  private constructor(path: string, handle: FileHandle) {
    this.path = path
    this.#handle = handle
  }

  /** @throws MillraceError STORE_DENIED, STORE_FULL, STORE_FAILED */
  static async create(path: string): Promise<SpoolFile> {
    try {
      return new SpoolFile(path, await open(path, 'wx', 0o600))
    } catch (thrown) {
      throw diskError(thrown, path)
    }
  }

  /** Adds bytes, which must stay as they are; waits while the write before goes on. */
  async add(piece: Uint8Array): Promise<void> {
    this.bytes += piece.length
    this.#gathered.push(piece)
    this.#size += piece.length
    if (this.#size >= WRITE_BYTES) await this.#flush()
  }

  /** Writes what is left and closes the file. */
  async close(): Promise<void> {
    try {
      await this.#flush()
      await this.#writing
    } finally {
      await this.#handle.close()
    }
  }

  async #flush(): Promise<void> {
    await this.#writing
    const [pieces, size] = [this.#gathered, this.#size]
    this.#gathered = []
    this.#size = 0
    if (size === 0) return
    const first = !this.#begun
    this.#begun = true
    // DuckDB takes a mark at the start of a file for none of the text: of two it leaves one.
    const marked = first && BYTE_ORDER_MARK.equals(Buffer.concat(pieces.slice(0, 3)).subarray(0, 3))
    this.#writing = marked
      ? this.#write([BYTE_ORDER_MARK, ...pieces], size + BYTE_ORDER_MARK.length)
      : this.#write(pieces, size)
    this.#writing.catch(() => undefined)
  }

  async #write(pieces: readonly Uint8Array[], size: number): Promise<void> {
    try {
      const { bytesWritten } = await this.#handle.writev(pieces)
      // A disk that fills up takes a part.
      if (bytesWritten < size) await this.#handle.write(Buffer.concat(pieces), bytesWritten)
    } catch (thrown) {
      throw diskError(thrown, this.path)
    }
  }
}

function diskError(thrown: unknown, path: string): MillraceError {
  const { code = '', message } = thrown as NodeJS.ErrnoException
  const act = `writing rows to the temporary file ${path}: ${message}`
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return new MillraceError('STORE_FULL', act, {
      cause: thrown,
      retry: 'again',
      hint: 'Make room on the disk, or point temp_directory at a larger one.',
    })
  }
  return new MillraceError(code === 'EACCES' || code === 'EPERM' ? 'STORE_DENIED' : 'STORE_FAILED', act, {
    cause: thrown,
  })
}
