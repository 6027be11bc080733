const JUNK = ['null', '{}', '[]', '""', '-1', '1e400', 'true', '"x"', '{"a":[{"b":null}]}', '9007199254740993']

/** Numbers from 0 to 1 that a seed leads to, always the same (mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/**
 * The bytes of a file of a log, damaged: a byte is another, its end or a piece is missing, a line is gone or there twice,
 * or a value is junk.
 */
export function mutate(bytes: Buffer, random: () => number): Buffer {
  const at = (length: number) => Math.floor(random() * length)
  switch (at(5)) {
    case 0: {
      const copy = Buffer.from(bytes)
      if (copy.length > 0) copy[at(copy.length)] = at(256)
      return copy
    }
    case 1:
      return bytes.subarray(0, at(bytes.length))
    case 2: {
      const start = at(bytes.length)
      return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + 1 + at(40))])
    }
    case 3: {
      const lines = bytes.toString().split('\n')
      const [line, times] = [at(lines.length), 2 * at(2)]
      return Buffer.from(lines.flatMap((text, n) => (n === line ? Array<string>(times).fill(text) : [text])).join('\n'))
    }
    default: {
      const text = bytes.toString()
      const values = [...text.matchAll(/":("(?:[^"\\]|\\.)*"|-?\d+|true|false|\{\}|\[\])/g)]
      const value = values[at(values.length)]
      if (!value) return bytes
      const start = value.index + 2
      const junk = JUNK[at(JUNK.length)] ?? ''
      return Buffer.from(`${text.slice(0, start)}${junk}${text.slice(start + (value[1]?.length ?? 0))}`)
    }
  }
}
