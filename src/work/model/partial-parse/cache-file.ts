import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import type { LoggedLine, OutsideReads } from './outside-reads.ts'
import { isPlainJson } from './plain-json.ts'
import type { StoredManifest } from './stored-manifest.ts'

/** The file in the target folder. */
export const PARTIAL_PARSE_FILE = 'partial_parse.json'

/** What reading a project gave. */
export interface StoredProject {
  readonly manifest: StoredManifest
  readonly warnings: readonly string[]
  readonly logged: readonly LoggedLine[]
}

/** The first line of the file: what it is, and for which inputs it holds. */
interface Head extends OutsideReads {
  readonly kind: typeof KIND
  readonly key: string
  /** CRC-32 of the second line. */
  readonly crc: number
}

const KIND = 'millrace partial parse 1'

/**
 * What is kept in a file for a key, where `same` agrees that what was read outside is the same; undefined for no file,
 * one that is cut off or changed, and one of other inputs.
 */
export function loadProject(
  file: string,
  key: string,
  same: (reads: OutsideReads) => boolean,
): StoredProject | undefined {
  try {
    const text = readFileSync(file, 'utf8')
    const end = text.indexOf('\n')
    const head = JSON.parse(text.slice(0, end)) as Head
    if (head.kind !== KIND || head.key !== key || !same(head)) return undefined
    const body = text.slice(end + 1)
    return crc32(body) === head.crc ? (JSON.parse(body) as StoredProject) : undefined
  } catch {
    return undefined
  }
}

/**
 * Keeps what reading a project gave, whole or not at all; not when JSON cannot hold it. A file that cannot be written
 * is only missed: the project is read anew next time.
 */
export function saveProject(file: string, key: string, reads: OutsideReads, project: StoredProject): void {
  if (!isPlainJson(project)) return
  const body = JSON.stringify(project)
  const head: Head = { kind: KIND, key, crc: crc32(body), ...reads }
  const temporary = `${file}.${randomUUID()}.tmp`
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(temporary, `${JSON.stringify(head)}\n${body}`)
    renameSync(temporary, file)
  } catch {
    rmSync(temporary, { force: true })
  }
}
