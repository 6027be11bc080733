import type { Row, Schema, Value } from '../../base/kernel/index.ts'
import type { Sql } from '../../base/sql/index.ts'
import type { Store } from '../../base/store/index.ts'
import type { RowSet } from './row-set.ts'

/** A Parquet file that was written, with what a table's log says of it. */
export interface WrittenFile {
  /** Relative to the folder that was written to, with `/`; not URL-escaped (a log that wants it escaped does so). */
  readonly path: string
  /** Bytes. */
  readonly size: number
  readonly rows: number
  /** Partition values as text in the form of the Delta protocol ("Partition Value Serialization"), null for null. */
  readonly partition: Record<string, string | null>
  /**
   * Per column that has them, and per member of a struct (by its `memberPath`); one without a bound (all null, a list, a
   * map) is left out of `min` and `max`.
   */
  readonly stats?: {
    readonly min: Record<string, Value>
    readonly max: Record<string, Value>
    readonly nulls: Record<string, number>
  }
}

/** Field ids of columns and of what is in them, by the names they are stored under (`element`, `key` and `value` inside). */
export type FieldIds = { readonly [name: string]: { readonly id?: number; readonly within?: FieldIds } }

/** Columns that are called otherwise in the files. */
export interface WrittenColumns {
  readonly schema: Schema
  readonly ids?: FieldIds
}

/** A column, or a member of a struct, by the names that lead to it: what statistics and conditions call it. */
export function memberPath(names: readonly string[]): string {
  return names.join('\0')
}

/** What to write, and how. */
export interface ParquetWrite<On> {
  /** Absolute path of a folder of the engine's, created if needed. */
  readonly dir: string
  /** Start of every file name; no other write ever uses it again. */
  readonly prefix: string
  readonly partitionBy: readonly string[]
  /** The columns that the files (and their partition values) have, in order; rows are cast to it, and a cast that fails fails the write. */
  readonly schema: Schema
  /** What the columns are called in the files, of the same shape as `schema`; `WrittenFile` tells of them by these names. */
  readonly stored?: WrittenColumns
  readonly compression?: 'zstd' | 'snappy' | 'gzip' | 'uncompressed' | 'lz4' | 'lz4_raw' | 'brotli'
  /** About as many bytes a file gets, when there are no partitions. One file when left out. */
  readonly fileBytes?: number
  /** Whether rows may lie in the files in another order than the query gives them: none is then held back for one before it. */
  readonly inAnyOrder?: boolean
  /** The connection that runs `q`, so that its temporary tables and its transaction are seen. */
  readonly on: On
  readonly signal?: AbortSignal
}

/** A file to read, by its address and partition values (as in `WrittenFile`). */
export interface ParquetFile {
  readonly url: string
  readonly partition?: Readonly<Record<string, string | null>>
  /** Rows of the file that are left out. */
  readonly without?: RowSet
  /** The only rows of the file that are read. */
  readonly only?: RowSet
}

/** A struct of a file as JSON text, which costs a fraction of its values one by one. */
export interface StructText {
  readonly column: string
  readonly json: string
}

/**
 * A member of a struct as it is wanted: a text, a number (of a boolean 0 or 1), or anything else as JSON text. Several that
 * rows seldom have, as the JSON text of an object with them, null in a row that has none.
 */
export type WantedMember =
  | { readonly name: string; readonly as: 'number' | 'json' }
  /** `isLong`: long and seldom looked at, so that it is worth keeping it compressed until then. */
  | { readonly name: string; readonly as: 'text'; readonly isLong?: boolean }
  | { readonly names: readonly string[]; readonly as: 'object' }

/** Some rows, column by column; a value is made when it is asked for, null where there is none. */
export interface MemberRows {
  readonly rows: number
  /** One for each wanted member, in their order; undefined for one that none of the rows has. */
  readonly columns: readonly (((row: number) => string | number | null) | undefined)[]
}

/** What columns are called in the files, where that is not what the schema calls them. */
export interface StoredColumns {
  /** Of the same shape as the schema, field by field, down to the members of structs. */
  readonly schema: Schema
  /** The files' field ids of the columns, which find them whatever they are called. */
  readonly ids?: readonly number[]
}

/** The columns that say where a row lies, when a scan is asked for them. */
export const ROW_PLACE = {
  /** The number that was given to the file. */
  file: 'millrace_file',
  /** The row in the file, from 0. */
  row: 'millrace_row',
} as const

/** How files are read. */
export interface ParquetRead {
  /** A number for each of the files: adds the columns of `ROW_PLACE` behind those of the schema. */
  readonly numbers?: readonly number[]
  /** About how many rows the files hold together, where that is known: the engine orders joins by it. */
  readonly rows?: number | undefined
}

/** Parquet files as their footers tell of them. */
export interface InspectedFiles {
  readonly schema: Schema
  readonly files: readonly Pick<WrittenFile, 'rows' | 'stats'>[]
}

/**
 * What a table format needs of an engine: it decides which files there are, the engine writes and reads them.
 * The table room states it and an engine fills it (`Engine.files`).
 */
export interface ParquetPort<On = unknown> {
  /** Writes the rows of `q`. A crash leaves files that no log names. No rows, no file. */
  write(q: Sql, options: ParquetWrite<On>): Promise<WrittenFile[]>
  /**
   * A table expression, `(select …)`, over exactly these files, with the columns of `schema` in its order: a column
   * that a file lacks is null in its rows, partition columns come from the given values. No file: no rows, same columns.
   * @param stored `alike` when every file is known to hold all the columns by these names and types
   */
  read(
    files: readonly ParquetFile[],
    schema: Schema,
    partitionBy: readonly string[],
    stored?: StoredColumns | 'alike',
    options?: ParquetRead,
  ): Sql
  /**
   * Whether the engine reads files of a store by their own addresses (`Store.locate`), to which it is given access
   * by this. Absent: it reads what is on this machine's disk.
   */
  reaches?(store: Store): Promise<boolean>
  /**
   * The values of one file, such as a checkpoint, of the columns of `schema`, which are structs: one for each column of
   * each row that is not null there. Columns and members that the file lacks are null.
   */
  structs(url: string, schema: Schema): Promise<readonly StructText[]>
  /**
   * Members of a struct column of one file, such as of the files in a checkpoint, of the rows in which it is not null:
   * for many rows of which most are never looked at.
   * @param schema has the column with the members, which are null where the file lacks them
   */
  members(url: string, schema: Schema, column: string, members: readonly WantedMember[]): AsyncIterable<MemberRows>
  /**
   * What files are, by their footers: the columns of all of them together, and of each, in the order of `urls`, its
   * rows and statistics.
   * @throws MillraceError DELTA_SCHEMA_MISMATCH when columns of one name have types that do not fit together
   */
  inspect(urls: readonly string[]): Promise<InspectedFiles>
  /** Writes one small file with nested columns, such as a checkpoint, and says its size in bytes. */
  writeRows(url: string, schema: Schema, rows: readonly Row[]): Promise<number>
}
