const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#'
const DIGITS = new Map([...ALPHABET].map((character, digit) => [character.charCodeAt(0), digit]))

/**
 * The bytes that a text of Z85 stands for (ZeroMQ RFC 32): five characters for four bytes. A last block may begin with a
 * `#` for each byte that it lacks, as the Rust crate `z85` writes it, and delta-kernel-rs by it; no block of four bytes
 * begins so.
 * @throws RangeError for a text that is none
 */
export function decodeZ85(text: string): Uint8Array {
  if (text.length % 5 !== 0) throw new RangeError(`a Z85 text of ${text.length} characters`)
  const bytes = new Uint8Array((text.length / 5) * 4)
  const view = new DataView(bytes.buffer)
  const padding = /^#{1,3}/.exec(text.slice(-5))?.[0].length ?? 0
  for (let block = 0; block * 5 < text.length; block += 1) {
    const end = block * 5 + 5
    const isPadded = padding > 0 && end === text.length
    let word = 0
    for (let at = end - 5 + (isPadded ? padding : 0); at < end; at += 1) {
      const digit = DIGITS.get(text.charCodeAt(at))
      if (digit === undefined) throw new RangeError(`a Z85 text with "${text[at]}"`)
      word = word * 85 + digit
    }
    const shifted = isPadded ? word * 256 ** padding : word
    if (shifted > 0xffff_ffff) throw new RangeError('a Z85 text beyond four bytes')
    view.setUint32(block * 4, shifted)
  }
  return bytes.subarray(0, bytes.length - padding)
}

/** The Z85 text of bytes, as many as divide by four. */
export function encodeZ85(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let text = ''
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    let word = view.getUint32(at)
    let block = ''
    for (let digit = 0; digit < 5; digit += 1) {
      block = `${ALPHABET[word % 85]}${block}`
      word = Math.floor(word / 85)
    }
    text += block
  }
  return text
}
