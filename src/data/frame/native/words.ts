// Soundex (https://www.archives.gov/research/census/soundex), with what Spark makes of letters that are none of English.

const CODES = '01230127022455012623017202'

/** The sound of an English word: its first letter and three digits; a text that does not begin with a letter as it is. */
export function soundex(text: string): string {
  const bytes = Buffer.from(text, 'utf8')
  const code = (byte: number): string | undefined => CODES[(byte >= 97 && byte <= 122 ? byte - 32 : byte) - 65]
  const first = bytes[0]
  let before = first === undefined ? undefined : code(first)
  if (first === undefined || before === undefined) return text
  let sound = String.fromCharCode(first).toUpperCase()
  for (const byte of bytes.subarray(1)) {
    const one = code(byte)
    if (one === undefined) before = '0'
    // H and W do not part letters of one sound.
    else if (one !== '7') {
      if (one !== '0' && one !== before) sound += one
      if (sound.length === 4) break
      before = one
    }
  }
  return sound.padEnd(4, '0')
}

// A point ends a sentence unless a small letter follows; other ends always do.
const SENTENCE = /[^.!?。！？]*(?:[.!?。！？]+[)\]}"'»”’]*|$)/gu
const WORD = /[\p{L}\p{N}\p{M}_]+(?:[-.'’:·](?=[\p{L}\p{N}])[\p{L}\p{N}\p{M}_]+)*/gu

/** The words of each sentence of a text. */
export function sentences(text: string): string[][] {
  if (text === '') return []
  const parts: string[] = []
  let open = ''
  for (const [piece] of text.matchAll(SENTENCE)) {
    if (piece === '') continue
    open += piece
    const rest = text.slice(parts.join('').length + open.length)
    const ends = /[!?。！？][)\]}"'»”’]*$/u.test(piece) || /^\s+[^\p{Ll}\s]|^\s*$/u.test(rest)
    if (ends) {
      parts.push(open)
      open = ''
    }
  }
  if (open !== '') parts.push(open)
  return parts
    .filter((part, i) => i === 0 || part.trim() !== '')
    .map((part) => [...part.matchAll(WORD)].map(([word]) => word))
}
