import type { Socket } from 'node:net'
import { deserialize, serialize } from 'node:v8'

const HEADER_BYTES = 4
const LARGEST_FRAME = 0x7fffffff
const GOODBYE_MS = 2000

/**
 * Messages over a socket: four bytes of length (little endian), then the message as V8 serialises it, which keeps
 * typed arrays, bigints, dates and maps. Both ends are the same user's Millrace, so the bytes are trusted.
 */
export class Frames<Out, In> {
  readonly #socket: Socket
  #parts: Buffer[] = []
  #length = 0
  #pending = 0
  readonly #closed: Promise<void>
  #over = false

  constructor(socket: Socket, onMessage: (message: In) => void, onClose: () => void) {
    this.#socket = socket
    socket.on('data', (part: Buffer) => {
      this.#parts.push(part)
      this.#length += part.length
      try {
        for (let frame = this.#take(); frame !== undefined; frame = this.#take()) onMessage(deserialize(frame) as In)
      } catch {
        // What cannot be read was not written by us: there is nothing left to talk about.
        socket.destroy()
      }
    })
    // Followed by 'close', which is what counts.
    socket.on('error', () => {})
    const close = () => {
      if (this.#over) return
      this.#over = true
      onClose()
    }
    socket.on('end', close)
    socket.on('close', close)
    this.#closed = new Promise((resolve) => socket.once('close', () => resolve()))
  }

  get over(): boolean {
    return this.#over
  }

  send(message: Out): void {
    if (this.#over || !this.#socket.writable) return
    const body = serialize(message)
    const header = Buffer.alloc(HEADER_BYTES)
    header.writeUInt32LE(body.length)
    this.#socket.cork()
    this.#socket.write(header)
    this.#socket.write(body)
    this.#socket.uncork()
  }

  /** Says goodbye: what was sent is delivered, and the other side has taken note (or is given up) when it resolves. */
  async end(): Promise<void> {
    this.hold()
    this.#socket.end()
    const patience = setTimeout(() => this.#socket.destroy(), GOODBYE_MS)
    await this.#closed
    clearTimeout(patience)
    this.release()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** The process stays alive while something is awaited, and not for the socket alone. */
  hold(): void {
    this.#pending += 1
    this.#socket.ref()
  }

  release(): void {
    this.#pending -= 1
    if (this.#pending === 0) this.#socket.unref()
  }

  #take(): Buffer | undefined {
    if (this.#length < HEADER_BYTES) return undefined
    const first = this.#parts[0]
    if (first === undefined || first.length < HEADER_BYTES) this.#parts = [Buffer.concat(this.#parts)]
    const size = this.#parts[0]?.readUInt32LE(0) ?? 0
    if (size > LARGEST_FRAME) throw new RangeError('frame too large')
    const end = HEADER_BYTES + size
    if (this.#length < end) return undefined
    const all = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts)
    this.#parts = all.length > end ? [all.subarray(end)] : []
    this.#length = all.length - end
    return all.subarray(HEADER_BYTES, end)
  }
}
