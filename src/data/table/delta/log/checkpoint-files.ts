import type { MemberRows, WantedMember } from '../../parquet-port.ts'
import { type AddFile, actionOf, type RemoveFile } from '../actions.ts'
import { corrupt } from './corrupt-log.ts'

/** What is read of the files in a checkpoint, in the order of the columns. */
const SHARED = [
  { name: 'path', as: 'text' },
  { name: 'size', as: 'number' },
  { name: 'dataChange', as: 'number' },
  { name: 'partitionValues', as: 'json' },
] as const satisfies readonly WantedMember[]
/** What files have of features that most tables do not use. */
const RARE = ['tags', 'deletionVector', 'baseRowId', 'defaultRowCommitVersion']

export const ADD_MEMBERS: readonly WantedMember[] = [
  ...SHARED,
  { names: [...RARE, 'clusteringProvider'], as: 'object' },
  { name: 'modificationTime', as: 'number' },
  { name: 'stats', as: 'text', isLong: true },
]
export const REMOVE_MEMBERS: readonly WantedMember[] = [
  ...SHARED,
  { names: RARE, as: 'object' },
  { name: 'deletionTimestamp', as: 'number' },
  { name: 'extendedFileMetadata', as: 'number' },
]

/** A file as far as it is needed to find it and to tell it from others. */
export type FilePlace = Pick<AddFile, 'path' | 'partitionValues' | 'deletionVector'>

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

  /** Where the files lie and what tells them apart, without an object that stays for each. @throws MillraceError DELTA_LOG_CORRUPT */
  *places(): Generator<FilePlace> {
    if (this.#files) return yield* this.#files
    const parse = parser(this.#where)
    for (const { rows, columns } of this.#adds) {
      for (let row = 0; row < rows; row += 1) yield placeOf(columns, row, parse)
    }
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
    /** What few files have, of which each has its own. */
    rare: (kind: 'add' | 'remove', json: string): Partial<AddFile> => {
      const {
        kind: _,
        path,
        size,
        partitionValues,
        ...rare
      } = parsed(kind, JSON.parse(json) as object) as AddFile & { kind: string }
      return rare
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
  const rare = (columns[4]?.(row) ?? null) as string | null
  const modificationTime = (columns[5]?.(row) ?? 0) as number
  const stats = (columns[6]?.(row) ?? null) as string | null
  const file: AddFile =
    stats === null
      ? { path, partitionValues, size, modificationTime, dataChange }
      : { path, partitionValues, size, modificationTime, dataChange, stats }
  return rare === null ? file : { ...file, ...parse.rare('add', rare) }
}

function placeOf(columns: Columns, row: number, parse: Parse): FilePlace {
  const path = parse.required(columns[0]?.(row), 'add', 'path') as string
  parse.required(columns[1]?.(row), 'add', 'size')
  const partitionValues = parse.partition((columns[3]?.(row) ?? null) as string | null)
  const rare = (columns[4]?.(row) ?? null) as string | null
  const { deletionVector } = rare === null ? {} : parse.rare('add', rare)
  return deletionVector === undefined ? { path, partitionValues } : { path, partitionValues, deletionVector }
}

function removeOf(columns: Columns, row: number, parse: Parse): RemoveFile {
  const at = (column: number) => columns[column]?.(row) ?? null
  const optional = <T>(name: string, value: T | null) => (value === null ? {} : { [name]: value })
  const json = at(3) as string | null
  const rare = at(4) as string | null
  const extended = at(6)
  return {
    path: parse.required(at(0), 'remove', 'path') as string,
    dataChange: at(2) === 1,
    ...(json === null ? {} : { partitionValues: parse.partition(json) }),
    ...optional('size', at(1)),
    ...optional('deletionTimestamp', at(5)),
    ...(extended === null ? {} : { extendedFileMetadata: extended === 1 }),
    ...(rare === null ? {} : parse.rare('remove', rare)),
  }
}
