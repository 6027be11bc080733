import type { Schema } from '../../base/kernel/index.ts'
import type { Sql } from '../../base/sql/index.ts'
import type { Store } from '../../base/store/index.ts'
import type { Dataset, Published } from './contract.ts'

/** A dataset of a store at one state, as the lake's engine reads it. */
export interface Located {
  readonly dataset: Dataset
  /** A table expression of the engine that reads the files. */
  readonly sql: Sql
  /** Tells one state of the dataset from another. */
  readonly state: string
  readonly version?: number
  /** How many files of a Delta table `sql` reads, of how many it has. */
  readonly files?: { readonly read: number; readonly of: number }
  readonly describe: () => Promise<Schema>
  /** The addresses in `sql`, when they are of a store elsewhere or of copies of its files. */
  readonly shown?: { readonly store: Store; readonly paths: readonly string[] }
  /** The rows that came since an older state, if nothing else happened since; undefined when that cannot be told. */
  readonly since?: (state: string) => Promise<Sql | undefined>
}

/** Keeps datasets of a store under their names in an engine's database. */
export interface Publisher {
  /** Makes them show what they should; those that do are left alone. All or none are changed. */
  publish(datasets: readonly Located[], signal?: AbortSignal): Promise<void>
  /** What the database shows of a dataset. */
  published(dataset: Dataset): Promise<Published | undefined>
}

/** What a comment in the database says of a view or table that stands for a dataset, so that others know what it shows. */
export interface Note {
  readonly millrace: {
    readonly state: string
    readonly version?: number
    readonly location: string
    /** Tells the addresses that a view reads from others of the same files. */
    readonly at?: string
    /** Names and types, of a table that holds a copy of the rows. */
    readonly columns?: readonly (readonly [name: string, type: string])[]
    /** When a copy may be dropped, in milliseconds since 1970. */
    readonly until?: number
  }
}

/** The note in a comment; undefined when it is somebody else's. */
export function readComment(comment: string | null | undefined): Note | undefined {
  if (!comment) return undefined
  try {
    const note = JSON.parse(comment) as Partial<Note>
    return note.millrace ? { millrace: note.millrace } : undefined
  } catch {
    return undefined
  }
}

/** Whether a note says that what it stands at shows this state. */
export function shows(note: Note | undefined, { dataset, state }: Located): boolean {
  return note?.millrace.state === state && note.millrace.location === dataset.location
}
