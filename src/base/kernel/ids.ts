import { randomBytes } from 'node:crypto'

let lastMs = 0
let counter = 0

/**
 * A new id, unique everywhere and sortable by its time of making: a UUID version 7 (RFC 9562, section 5.7).
 * Ids of one process are strictly ascending as text, even within a millisecond and when the clock steps back.
 */
export function newId(now: number = Date.now()): string {
  const random = randomBytes(10)
  if (now > lastMs) {
    lastMs = now
    // The counter starts in the lower half of its 12 bits, so that it has room to grow (RFC 9562, 6.2, method 1).
    counter = random.readUInt16BE(0) & 0x7ff
  } else if (counter < 0xfff) {
    counter += 1
  } else {
    lastMs += 1
    counter = 0
  }
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(lastMs, 0, 6)
  bytes.writeUInt16BE(0x7000 | counter, 6)
  random.copy(bytes, 8, 2)
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8)
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** When an id of `newId` was made: milliseconds since the epoch. */
export function idTime(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
}
