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

/** What a file keeps. */
export interface KeptProject {
  /** The project, for a key, where `same` agrees that what was read outside is the same; else undefined. */
  readonly project: (key: string, same: (reads: OutsideReads) => boolean) => StoredProject | undefined
  /** The readings, for a key; none for another. */
  readonly readings: (key: string) => Readings
}

/** Reads a file once. No file, one of another kind and one that is damaged keep nothing. */
export function readKept(file: string): KeptProject {
  const [head, project = '', last = ''] = orNothing(() => partsOf(file)) ?? []
  return {
    project: (key, same) =>
      orNothing(() => (head?.key === key && same(head) ? parsed<StoredProject>(project, head.crc) : undefined)),
    readings: (key) =>
      orNothing(() => (head?.readings.key === key ? parsed<Readings>(last, head.readings.crc) : undefined)) ?? [],
  }
}

function partsOf(file: string): readonly [head: Head, ...texts: string[]] | undefined {
  const [first = '', ...rest] = readFileSync(file, 'utf8').split('\n')
  const head = JSON.parse(first) as Head
  return head.kind === KIND ? [head, ...rest] : undefined
}

function parsed<T>(text: string, crc: number): T | undefined {
  return crc32(text) === crc ? (JSON.parse(text) as T) : undefined
}

function orNothing<T>(read: () => T | undefined): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
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
