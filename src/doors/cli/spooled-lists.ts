import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { TakeRows } from '../../work/quality/index.ts'
import { toJson } from './terminal.ts'

/** Lists of any length that wait in files, as JSON, until a document that holds them is printed. */
export interface SpooledLists extends AsyncDisposable {
  /** Puts rows into a file; what it answers stands for them in the document. */
  readonly take: TakeRows
  /** The document as JSON, piece by piece, with the lists in their places. */
  pieces(document: unknown): AsyncIterable<string>
}

/** Opens a folder of the system's for lists; it is removed with them. */
export async function spooledLists(): Promise<SpooledLists> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-lists-'))
  // Nothing else in a document is this text.
  const mark = randomUUID()
  let lists = 0
  async function* items(rows: AsyncIterable<readonly unknown[]>): AsyncIterable<string> {
    let between = ''
    for await (const some of rows) {
      if (some.length === 0) continue
      yield between + some.map((one) => toJson(one)).join(',')
      between = ','
    }
  }
  return {
    async take(rows) {
      const number = lists++
      await pipeline(items(rows), createWriteStream(join(folder, `${number}.json`)))
      return [`${mark}/${number}/`]
    },
    async *pieces(document) {
      for (const [index, part] of toJson(document).split(`"${mark}/`).entries()) {
        if (index === 0) {
          yield part
          continue
        }
        const end = part.indexOf('/"')
        yield* createReadStream(join(folder, `${part.slice(0, end)}.json`), 'utf8') as AsyncIterable<string>
        yield part.slice(end + 2)
      }
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true })
    },
  }
}
