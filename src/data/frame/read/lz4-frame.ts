/**
 * Unpacks LZ4 frames (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md), which Node does not. Checksums are
 * passed over.
 * @throws RangeError for bytes that are none
 */
export function unpackLz4(packed: Uint8Array): Uint8Array {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
  if (view.getUint32(0, true) !== 0x184d2204) throw new RangeError('it is no LZ4 frame')
  const flags = view.getUint8(4)
  // Magic number, flags, block size, and a checksum of the header; between them the size and a dictionary's number.
  let at = 7 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0)
  /** The most bytes that a block unpacks to. */
  const most = 1 << (8 + 2 * ((view.getUint8(5) >> 4) & 7))
  let out = new Uint8Array(most)
  let length = 0
  for (;;) {
    const head = view.getUint32(at, true)
    at += 4
    if (head === 0) break
    if (length + most > out.length) out = grown(out, length, length * 2 + most)
    const isPlain = head >>> 31 === 1
    const block = packed.subarray(at, at + (head & 0x7fffffff))
    if (isPlain) out.set(block, length)
    length = isPlain ? length + block.length : unpackBlock(block, out, length)
    at += block.length + (flags & 16 ? 4 : 0)
  }
  return out.slice(0, length)
}

function grown(from: Uint8Array, length: number, size: number): Uint8Array<ArrayBuffer> {
  const to = new Uint8Array(size)
  to.set(from.subarray(0, length))
  return to
}

/** Returns where the output ends then. */
function unpackBlock(block: Uint8Array, out: Uint8Array, start: number): number {
  let at = 0
  let end = start
  const more = (nibble: number) => {
    let total = nibble
    if (nibble < 15) return total
    for (;;) {
      const byte = block[at++]
      if (byte === undefined) throw new RangeError('an LZ4 block is cut off')
      total += byte
      if (byte < 255) return total
    }
  }
  while (at < block.length) {
    const token = block[at++] as number
    const literals = more(token >> 4)
    if (at + literals > block.length) throw new RangeError('an LZ4 block is cut off')
    out.set(block.subarray(at, at + literals), end)
    at += literals
    end += literals
    // The last sequence is literals only.
    if (at >= block.length) break
    const back = (block[at] as number) | ((block[at + 1] ?? 0) << 8)
    at += 2
    const count = more(token & 15) + 4
    if (back === 0 || back > end || end + count > out.length) throw new RangeError('an LZ4 block points outside')
    // What is copied may overlap what is being written.
    for (let i = 0; i < count; i += 1) out[end + i] = out[end + i - back] as number
    end += count
  }
  return end
}
