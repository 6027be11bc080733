import { MillraceError, type Schema } from '../../../base/kernel/index.ts'
import type { Chunk } from '../contract.ts'
import { columnBuilder } from './build-column.ts'

/** The first bytes of a binary COPY (PostgreSQL, COPY, "Binary Format"); then come four of flags and the size of an extension. */
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
const HEADER_BYTES = SIGNATURE.length + 8

export const CHUNK_ROWS = 4096

/** The rows of a binary COPY as chunks of columns. No value becomes an object on the way. */
export async function* copiedRows(bytes: AsyncIterable<Uint8Array>, schema: Schema): AsyncGenerator<Chunk> {
  const builders = schema.fields.map(({ type }) => columnBuilder(type, CHUNK_ROWS))
  let rest: Buffer | undefined
  let rows = 0
  let begun = false
  const chunk = (): Chunk => {
    const columns = builders.map((builder) => builder.finish())
    const done = { rows, columns }
    rows = 0
    return done
  }
  for await (const piece of bytes) {
    const here = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    const data: Buffer = rest === undefined ? here : Buffer.concat([rest, here])
    let at = 0
    if (!begun) {
      if (data.length < HEADER_BYTES) {
        rest = data
        continue
      }
      at = HEADER_BYTES + data.readInt32BE(HEADER_BYTES - 4)
      begun = true
    }
    for (;;) {
      const end = endOfRow(data, at)
      if (end < 0) break
      if (end === at + 2 && data.readInt16BE(at) === -1) {
        at = end
        break
      }
      at += 2
      for (const builder of builders) {
        const length = data.readInt32BE(at)
        builder.add(data, at + 4, length)
        at += 4 + Math.max(length, 0)
      }
      at = end
      rows += 1
      if (rows === CHUNK_ROWS) yield chunk()
    }
    rest = at < data.length ? data.subarray(at) : undefined
  }
  if (rest !== undefined) throw new MillraceError('INTERNAL', 'a binary COPY ended within a row')
  if (rows > 0) yield chunk()
}

/** The index behind the row at `at`; -1 when it is not whole. */
function endOfRow(data: Buffer, at: number): number {
  if (at + 2 > data.length) return -1
  let end = at + 2
  for (let fields = data.readInt16BE(at); fields > 0; fields -= 1) {
    if (end + 4 > data.length) return -1
    end += 4 + Math.max(data.readInt32BE(end), 0)
  }
  return end > data.length ? -1 : end
}
