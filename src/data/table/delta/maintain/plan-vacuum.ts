import type { StoreEntry } from '../../../../base/store/index.ts'
import type { AddFile, RemoveFile } from '../actions.ts'
import { absolutePath } from '../file-path.ts'
import { mappingMode, physicalName } from '../schema/column-mapping.ts'
import type { Snapshot } from '../snapshot.ts'
import { vectorAddress } from '../vectors/deletion-vector.ts'

/** What a vacuum goes by. */
export interface VacuumRules {
  /** Files that changed after this moment, and files that were removed from the table after it, stay. */
  readonly before: number
  /** Files that left the table at some time. */
  readonly removed: readonly RemoveFile[]
  /** The address of a path below the table's folder. */
  readonly locate: (relative: string) => string
}

/**
 * The files below a table's folder that no version within the retention needs: those that the table has no more, and
 * those that it never had, such as what a write left that died. Pure.
 * @param entries what there is, by paths below the table's folder
 * @param snapshot a version that is not older than the entries
 */
export function planVacuum(
  entries: readonly StoreEntry[],
  snapshot: Snapshot,
  { before, removed, locate }: VacuumRules,
): StoreEntry[] {
  const needed = new Set<string>()
  const elsewhere = new Set<string>()
  const root = locate('')
  const keep = (address: string) => {
    const known = address.replace(/^s3a:/i, 's3:')
    needed.add(known)
    // The folder may be known by another name, such as through a link: then the names of files tell.
    if (!known.startsWith(`${root}/`)) elsewhere.add(nameOf(known))
  }
  const keepFile = (file: AddFile | RemoveFile) => {
    keep(absolutePath(file.path, locate))
    const vector = file.deletionVector
    if (vector && vector.storageType !== 'i') keep(vectorAddress(vector, file.path, locate))
  }
  for (const file of snapshot.files) keepFile(file)
  // Without a time nobody can say how long ago it was.
  for (const file of removed) if ((file.deletionTimestamp ?? 0) > before) keepFile(file)

  const isTables = belongingTo(snapshot)
  return entries.filter(
    ({ path, modified }) =>
      modified < before && isTables(path) && !needed.has(locate(path)) && !elsewhere.has(nameOf(path)),
  )
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Folders whose names start with an underscore though they hold what a vacuum looks after. */
const OWN_FOLDERS = new Set(['_change_data', '_delta_index'])

/**
 * Whether a path is one that a table keeps its files at: names that start with `_` or `.` belong to others, but for
 * folders of partitions by columns whose names do, and those of change files.
 */
function belongingTo({ schema, partitionBy, protocol, metadata }: Snapshot): (path: string) => boolean {
  const mode = mappingMode(protocol, metadata)
  const columns = schema.fields
    .filter(({ name }) => partitionBy.includes(name))
    .flatMap((field) => [field.name, physicalName(field, mode)])
    .map((name) => `${name}=`)
  return (path) =>
    path
      .split('/')
      .every(
        (name) => !/^[_.]/.test(name) || OWN_FOLDERS.has(name) || columns.some((column) => isFolderOf(name, column)),
      )
}

/** Some writers escape the names of columns. */
function isFolderOf(name: string, column: string): boolean {
  if (name.startsWith(column)) return true
  try {
    return decodeURIComponent(name).startsWith(column)
  } catch {
    return false
  }
}
