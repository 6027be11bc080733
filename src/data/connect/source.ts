import type { z } from 'zod'
import type { DataType, Schema } from '../../base/kernel/index.ts'
import type { Sql } from '../../base/sql/index.ts'
import type { EngineConnection } from '../engine/index.ts'
import type { DatabaseKind } from './database.ts'

/** A kind of source: one file in `sources/` exports one by default, and `scripts/registry.ts` finds it there. */
export type SourceKind = FileKind | DatabaseKind

/** A kind of source that reads files. Rows stay in the engine: it says which SQL reads them. */
export interface FileKind {
  /** What a source file writes as `format`. */
  readonly name: string
  /** One sentence for the reference. */
  readonly summary: string
  /** What a load of this source promises, as a sentence. */
  readonly guarantee: string
  /** How what is new is told from what was loaded: by files, or by rows. */
  readonly reads: 'files'
  /** The keys of `options`, in snake case. */
  readonly options: z.ZodType
  open(options: never, context: SourceContext): SourceReader
}

/** Gives `open` the type of its options. */
export function defineSource<S extends z.ZodType>(definition: {
  name: string
  summary: string
  guarantee: string
  reads: 'files'
  options: S
  open(options: z.output<S>, context: SourceContext): SourceReader
}): FileKind {
  return definition
}

/** What a reader works with. Staged rows live in the connection's temporary tables. */
export interface SourceContext {
  readonly connection: EngineConnection
  /** Columns whose types the source file states. */
  readonly stated: Schema
  readonly signal?: AbortSignal
}

/** A file of a source. */
export interface SourceFile {
  /** Relative to the project, with `/`; its identity. */
  readonly path: string
  /** The absolute path. */
  readonly location: string
  /** Bytes. */
  readonly size: number
  /** Milliseconds since the epoch. */
  readonly modified: number
}

/** A column as a file has it; a format without types leaves the type out. */
export interface FileColumn {
  readonly name: string
  readonly type?: DataType
}

/** The columns of one file. */
export interface FileColumns {
  readonly file: SourceFile
  readonly columns: readonly FileColumn[]
  /** False when a column may be absent because it is null throughout, as in JSON. */
  readonly complete: boolean
}

/** Reads files of one table. All methods may be called again with other files. */
export interface SourceReader {
  /** The columns of each file. Throws SOURCE_MALFORMED. */
  columns(files: readonly SourceFile[]): Promise<readonly FileColumns[]>
  /** Types for all columns of these files, from their values where the format has no types. */
  infer(files: readonly SourceFile[]): Promise<Schema>
  /**
   * Makes rows ready in the given columns; a column that a file lacks is null. Rows that do not fit are rejected, and
   * no row is neither in `relation` nor in `rejects`. Throws SOURCE_MALFORMED when a whole file cannot be read.
   */
  stage(files: readonly SourceFile[], schema: Schema): Promise<Staged>
}

/** Rows ready to be loaded, until disposed. */
export interface Staged extends AsyncDisposable {
  /** A table expression: the columns of the schema, then `FILE_COLUMN`. */
  readonly relation: Sql
  /** A table expression of REJECT_COLUMNS, one row for each rejected row; absent when there is none. */
  readonly rejects?: Sql
  readonly rejected: number
}

/** The column of a staged relation that holds the absolute path of the row's file. */
export const FILE_COLUMN = 'millrace_file'

/** file (absolute path), line (from 1; null where the format has none), column, reason, raw (the text of the row). */
export const REJECT_COLUMNS = ['file', 'line', 'column', 'reason', 'raw'] as const
