import { MillraceError } from '../../../base/kernel/index.ts'
import { literal, sql } from '../../../base/sql/index.ts'
import { contentsOf } from '../../connect/index.ts'
import type { EngineConnection } from '../../engine/index.ts'
import type { CsvDialect } from './csv-dialect.ts'
import { recordsOf, tokensOf } from './csv-tokens.ts'
import { textsOf } from './lines.ts'
import { unreadable } from './packed-files.ts'
import type { SourceFile } from './source-files.ts'

/** What the first lines of files tell. */
export interface CsvHeads {
  /** Files that hold anything, by the number of lines up to the end of their header. */
  readonly groups: readonly { readonly files: readonly SourceFile[]; readonly skip: number }[]
  /** The names of the columns; undefined when no file holds anything. */
  readonly names?: readonly string[]
  /** The names in each different header, where files have one. */
  readonly headers: readonly { readonly file: string; readonly names: readonly string[] }[]
}

/** The first line of a file that holds values, and how many lines end with it. */
interface FirstLine {
  readonly file: SourceFile
  readonly text: string
  readonly lines: number
}

/**
 * Reads the beginning of files. @param asOne columns are taken from the header, so that all must have the same
 * @throws MillraceError SOURCE_MALFORMED when headers differ
 */
export async function csvHeads(
  files: readonly SourceFile[],
  dialect: CsvDialect,
  connection: EngineConnection,
  asOne: boolean,
): Promise<CsvHeads> {
  const firsts = dialect.multiLine ? await firstRecords(files, dialect, connection) : await firstLines(files, dialect)
  const skip = (first: FirstLine) => (dialect.header && !dialect.multiLine ? first.lines : 0)
  const groups = [...Map.groupBy(firsts, skip)].map(([lines, of]) => ({
    files: of.map(({ file }) => file),
    skip: lines,
  }))
  const texts = dialect.header
    ? [...new Set(firsts.map(({ text }) => text))]
    : firsts.slice(0, 1).map(({ text }) => text)
  const headers = []
  for (const text of texts) {
    const file = firsts.find((one) => one.text === text)?.file.url ?? ''
    headers.push({ file, names: await namesOf(text, dialect, connection) })
  }
  const [first, ...others] = headers
  const other = asOne ? others.find(({ names }) => names.join('\0') !== first?.names.join('\0')) : undefined
  if (first && other) {
    throw new MillraceError(
      'SOURCE_MALFORMED',
      `reading CSV: the header is ${other.names.join(', ')}, and ${first.names.join(', ')} in ${first.file}`,
      {
        at: { file: other.file, line: 1 },
        hint: 'Read the files apart and put them together with unionByName, or give a schema, whose columns are taken by their place.',
      },
    )
  }
  return { groups, headers: dialect.header ? headers : [], ...(first ? { names: first.names } : {}) }
}

/** The names of columns as Spark makes them of a first line: safe, and each different from the others. */
async function namesOf(text: string, dialect: CsvDialect, connection: EngineConnection): Promise<string[]> {
  const [row] = await connection.rows<{ tokens: readonly (string | null)[] }>(
    sql`select ${tokensOf(sql`line`, dialect)} as tokens from (select ${literal(text)} as line)`,
  )
  const tokens = row?.tokens ?? []
  if (!dialect.header) return tokens.map((_token, at) => `_c${at}`)
  const times = Map.groupBy(tokens, (token) => token?.toLowerCase() ?? '')
  return tokens.map((token, at) => {
    if (token === null || token === '' || token === dialect.nullValue) return `_c${at}`
    return (times.get(token.toLowerCase())?.length ?? 0) > 1 ? `${token}${at}` : token
  })
}

/** Files that are looked at together. */
const AT_ONCE = 16

async function firstLines(files: readonly SourceFile[], dialect: CsvDialect): Promise<FirstLine[]> {
  const found: FirstLine[] = []
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const some = await Promise.all(files.slice(at, at + AT_ONCE).map((file) => firstLine(file, dialect)))
    found.push(...some.filter((one) => one !== undefined))
  }
  return found
}

async function firstLine(file: SourceFile, dialect: CsvDialect): Promise<FirstLine | undefined> {
  const { encoding, comment, lineSep } = dialect
  const decoder = new TextDecoder(encoding === 'latin-1' ? 'latin1' : encoding === 'utf-16' ? 'utf-16le' : 'utf-8')
  const ends = lineSep === undefined ? /\r\n|\n|\r(?!$)/g : undefined
  const isValue = (line: string) => [...line].some((one) => one > ' ') && !(comment !== '' && line.startsWith(comment))
  let text = ''
  let lines = 0
  const look = (): FirstLine | undefined => {
    const parts = text.split(ends ?? (lineSep as string))
    text = parts.pop() ?? ''
    for (const line of parts) {
      lines += 1
      if (isValue(line)) return { file, text: line, lines }
    }
    return undefined
  }
  const stream = contentsOf(file.url)
  try {
    for await (const piece of stream) {
      text += decoder.decode(piece as Buffer, { stream: true })
      const found = look()
      if (found) return found
    }
  } catch (thrown) {
    throw unreadable(thrown, file.url)
  } finally {
    stream.destroy()
  }
  text = text.replace(/\r$/, '')
  return isValue(text) ? { file, text, lines: lines + 1 } : undefined
}

async function firstRecords(
  files: readonly SourceFile[],
  dialect: CsvDialect,
  connection: EngineConnection,
): Promise<FirstLine[]> {
  const rows = await connection.rows<{ place: bigint; text: string | null }>(
    sql`select file_index as place, ${recordsOf(sql`content`, dialect)}[1] as text from ${textsOf(files)} order by place`,
  )
  return rows.flatMap(({ place, text }) => {
    const file = files[Number(place)]
    return text === null || !file ? [] : [{ file, text, lines: 1 }]
  })
}
