import { createReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'

/** How a delimited text is written. */
export interface CsvDialect {
  readonly delimiter: string
  readonly quote: string
  readonly escape: string
}

/** The fields of the first record of a file (RFC 4180), which may be compressed (.gz, .zst); empty for an empty file. */
export async function firstRecord(location: string, dialect: CsvDialect): Promise<string[]> {
  const decoder = new TextDecoder('utf-8')
  let text = ''
  const stream = contentsOf(location)
  try {
    for await (const piece of stream) {
      text += decoder.decode(piece as Buffer, { stream: true })
      const fields = parseRecord(text, dialect)
      if (fields) return fields
    }
  } finally {
    stream.destroy()
  }
  return text === '' ? [] : (parseRecord(`${text}\n`, dialect) ?? [])
}

/** The content of a file, decompressed as its name says. */
export function contentsOf(location: string): Readable {
  const stream = createReadStream(location)
  const unpack = location.endsWith('.gz')
    ? createGunzip()
    : location.endsWith('.zst')
      ? createZstdDecompress()
      : undefined
  if (!unpack) return stream
  // An error of either stream destroys `unpack`, whose reader then throws it.
  return pipeline(stream, unpack, () => {})
}

/** The fields of the first record; undefined when the text ends within it. */
function parseRecord(text: string, { delimiter, quote, escape: escaping }: CsvDialect): string[] | undefined {
  const fields: string[] = []
  let field = ''
  let quoted = false
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index] ?? ''
    if (quoted) {
      if (char === escaping && text[index + 1] === quote) {
        field += quote
        index += 1
      } else if (char === quote) quoted = false
      else field += char
    } else if (quote !== '' && char === quote && field === '') quoted = true
    else if (text.startsWith(delimiter, index)) {
      fields.push(field)
      field = ''
      index += delimiter.length - 1
    } else if (char === '\n' || char === '\r') return [...fields, field]
    else field += char
  }
  return undefined
}
