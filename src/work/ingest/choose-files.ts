import { MillraceError } from '../../base/kernel/index.ts'
import { type FileTable, fingerprint, type SourceFile } from '../../data/connect/index.ts'
import type { LoadedFile } from './ledger.ts'

/** The files to read now, with what to remember of them, and why others are left out. */
export interface ChosenFiles {
  readonly files: readonly SourceFile[]
  readonly remembered: readonly LoadedFile[]
  /** Sentences. */
  readonly skipped: readonly string[]
}

/**
 * New files, and changed ones when the table has a cursor (or says to load them). A file is known by its path, and
 * unchanged when its size and time, or else its content, are.
 * @throws MillraceError INGEST_FILE_CHANGED
 */
export async function chooseFiles(
  files: readonly SourceFile[],
  known: ReadonlyMap<string, LoadedFile>,
  table: FileTable,
): Promise<ChosenFiles> {
  const chosen: SourceFile[] = []
  const remembered: LoadedFile[] = []
  let loaded = 0
  let ignored = 0
  for (const file of files) {
    const before = known.get(file.path)
    if (before && before.size === file.size && before.modified === file.modified) {
      loaded += 1
      continue
    }
    const hash = await fingerprint(file)
    if (before?.hash === hash) {
      loaded += 1
      continue
    }
    if (before && table.cursor === undefined) {
      if (table.onFileChanged === 'fail') throw changed(file, table)
      if (table.onFileChanged === 'skip') {
        ignored += 1
        continue
      }
    }
    chosen.push(file)
    remembered.push({ path: file.path, size: file.size, modified: file.modified, hash })
  }
  const skipped: string[] = []
  if (loaded > 0) skipped.push(`${count(loaded, 'file')} already loaded`)
  if (ignored > 0) skipped.push(`${count(ignored, 'changed file')} left alone (on_file_changed: skip)`)
  return { files: chosen, remembered, skipped }
}

/** `4,200 rows`, `1 file`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`
}

function changed(file: SourceFile, table: FileTable): MillraceError {
  return new MillraceError(
    'INGEST_FILE_CHANGED',
    `loading ${table.name}: ${file.path} was changed after it was loaded`,
    {
      at: { file: file.path },
      hint: 'Name a `cursor` so that only its new rows are loaded, or say `on_file_changed: load` (all its rows, again) or `skip`.',
    },
  )
}
