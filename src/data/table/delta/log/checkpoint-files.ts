import type { MemberRows, WantedMember } from '../../parquet-port.ts'
import { type AddFile, actionOf, type RemoveFile } from '../actions.ts'
import { corrupt } from './corrupt-log.ts'

/** What is read of the files in a checkpoint, in the order of the columns. */
const SHARED = [
  { name: 'path', as: 'text' },
  { name: 'size', as: 'number' },
  { name: 'dataChange', as: 'number' },
  { name: 'partitionValues', as: 'json' },
  { name: 'tags', as: 'json' },
  { name: 'deletionVector', as: 'json' },
  { name: 'baseRowId', as: 'number' },
  { name: 'defaultRowCommitVersion', as: 'number' },
] as const satisfies readonly WantedMember[]

export const ADD_MEMBERS: readonly WantedMember[] = [
  ...SHARED,
  { name: 'modificationTime', as: 'number' },
  { name: 'stats', as: 'text' },
  { name: 'clusteringProvider', as: 'text' },
]
export const REMOVE_MEMBERS: readonly WantedMember[] = [
  ...SHARED,
  { name: 'deletionTimestamp', as: 'number' },
  { name: 'extendedFileMetadata', as: 'number' },
]

/**
 * The files of a checkpoint, kept in columns as they were read until somebody looks at them: only then an object is made
 * for each.
 */
export class CheckpointFiles {
  #adds: readonly MemberRows[]
  #removes: readonly MemberRows[]
  readonly #where: string
  #files: readonly AddFile[] | undefined
  #tombstones: readonly RemoveFile[] | undefined

  /** @param where the checkpoint's name, for messages */
  constructor(adds: readonly MemberRows[], removes: readonly MemberRows[], where: string) {
    this.#adds = adds
    this.#removes = removes
    this.#where = where
  }

  /** @throws MillraceError DELTA_LOG_CORRUPT */
  get files(): readonly AddFile[] {
    if (!this.#files) {
      this.#files = this.#read(this.#adds, addOf)
      this.#adds = []
    }
    return this.#files
  }

  /** @throws MillraceError DELTA_LOG_CORRUPT */
  get tombstones(): readonly RemoveFile[] {
    if (!this.#tombstones) {
      this.#tombstones = this.#read(this.#removes, removeOf)
      this.#removes = []
    }
    return this.#tombstones
  }

  #read<T>(batches: readonly MemberRows[], make: (columns: Columns, row: number, parse: Parse) => T): readonly T[] {
    const parse = parser(this.#where)
    const made: T[] = []
    for (const { rows, columns } of batches) {
      for (let row = 0; row < rows; row += 1) made.push(make(columns, row, parse))
    }
    return made
  }
}

type Columns = MemberRows['columns']
type Parse = ReturnType<typeof parser>

/** Checks what a file cannot do without, and reads JSON; texts that are the same become one object. */
function parser(where: string) {
  const values = new Map<string, AddFile['partitionValues']>()
  const parsed = (kind: 'add' | 'remove', members: object): AddFile => {
    const action = actionOf(kind, { path: '', size: 0, ...members }, { file: where })
    return action as unknown as AddFile
  }
  return {
    /** Tags and deletion vectors, of which each file has its own. */
    rare: (kind: 'add' | 'remove', name: 'tags' | 'deletionVector', json: string): Partial<AddFile> => {
      const { [name]: value } = parsed(kind, { [name]: json === '' ? null : JSON.parse(json) })
      return value === undefined ? {} : { [name]: value }
    },
    partition: (json: string | null): AddFile['partitionValues'] => {
      if (json === null) return {}
      let known = values.get(json)
      if (!known) {
        known = parsed('add', { partitionValues: JSON.parse(json) }).partitionValues
        values.set(json, known)
      }
      return known
    },
    required: <T>(value: T | null | undefined, kind: string, name: string): T => {
      if (value !== null && value !== undefined && !Number.isNaN(value)) return value
      throw corrupt(`checkpoint ${where}: "${kind}" has no valid "${name}"`)
    },
  }
}

/** As few objects as can be: this is done for each file of the largest tables. */
function addOf(columns: Columns, row: number, parse: Parse): AddFile {
  const path = parse.required(columns[0]?.(row), 'add', 'path') as string
  const size = parse.required(columns[1]?.(row), 'add', 'size') as number
  const dataChange = columns[2]?.(row) === 1
  const partitionValues = parse.partition((columns[3]?.(row) ?? null) as string | null)
  const modificationTime = (columns[8]?.(row) ?? 0) as number
  const stats = (columns[9]?.(row) ?? null) as string | null
  const file: AddFile =
    stats === null
      ? { path, partitionValues, size, modificationTime, dataChange }
      : { path, partitionValues, size, modificationTime, dataChange, stats }
  const provider = (columns[10]?.(row) ?? null) as string | null
  const rare = rareOf('add', columns, row, parse)
  if (provider === null && rare === undefined) return file
  return { ...file, ...rare, ...(provider === null ? {} : { clusteringProvider: provider }) }
}

function removeOf(columns: Columns, row: number, parse: Parse): RemoveFile {
  const at = (column: number) => columns[column]?.(row) ?? null
  const optional = <T>(name: string, value: T | null) => (value === null ? {} : { [name]: value })
  const json = at(3) as string | null
  const extended = at(9)
  return {
    path: parse.required(at(0), 'remove', 'path') as string,
    dataChange: at(2) === 1,
    ...(json === null ? {} : { partitionValues: parse.partition(json) }),
    ...optional('size', at(1)),
    ...optional('deletionTimestamp', at(8)),
    ...(extended === null ? {} : { extendedFileMetadata: extended === 1 }),
    ...rareOf('remove', columns, row, parse),
  }
}

/** What files have of features that most tables do not use. */
function rareOf(kind: 'add' | 'remove', columns: Columns, row: number, parse: Parse): Partial<AddFile> | undefined {
  if (!(columns[4] || columns[5] || columns[6] || columns[7])) return undefined
  const [tags, vector, base, version] = [4, 5, 6, 7].map((column) => columns[column]?.(row) ?? null)
  return {
    ...(tags === null ? {} : parse.rare(kind, 'tags', tags as string)),
    ...(vector === null ? {} : parse.rare(kind, 'deletionVector', vector as string)),
    ...(base === null ? {} : { baseRowId: base as number }),
    ...(version === null ? {} : { defaultRowCommitVersion: version as number }),
  }
}
