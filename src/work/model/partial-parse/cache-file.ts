import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Readings } from './kept-readings.ts'
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
  /** CRC-32 of the second line, the project. */
  readonly crc: number
  /** For which inputs the third line holds, the readings, and its CRC-32. */
  readonly readings: { readonly key: string; readonly crc: number }
}

const KIND = 'millrace partial parse 2'

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
    const [head, body] = parts(file)
    if (head.key !== key || !same(head)) return undefined
    return crc32(body) === head.crc ? (JSON.parse(body) as StoredProject) : undefined
  } catch {
    return undefined
  }
}

/** The readings that are kept in a file for a key; none where it has none. */
export function loadReadings(file: string, key: string): Readings {
  try {
    const [{ readings }, , last] = parts(file)
    return readings.key === key && crc32(last) === readings.crc ? (JSON.parse(last) as Readings) : []
  } catch {
    return []
  }
}

function parts(file: string): readonly [head: Head, project: string, readings: string] {
  const [first = '', project = '', readings = ''] = readFileSync(file, 'utf8').split('\n')
  const head = JSON.parse(first) as Head
  if (head.kind !== KIND) throw new Error('another kind of file')
  return [head, project, readings]
}

/**
 * Keeps what reading a project gave, whole or not at all; not when JSON cannot hold it. A file that cannot be written
 * is only missed: the project is read anew next time.
 */
export function saveProject(
  file: string,
  { key, reads }: { readonly key: string; readonly reads: OutsideReads },
  project: StoredProject,
  readings: { readonly key: string; readonly all: Readings },
): void {
  if (!isPlainJson(project)) return
  const body = JSON.stringify(project)
  const last = JSON.stringify(readings.all)
  const head: Head = { kind: KIND, key, crc: crc32(body), readings: { key: readings.key, crc: crc32(last) }, ...reads }
  const temporary = `${file}.${randomUUID()}.tmp`
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(temporary, `${JSON.stringify(head)}\n${body}\n${last}`)
    renameSync(temporary, file)
  } catch {
    rmSync(temporary, { force: true })
  }
}
