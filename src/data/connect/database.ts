import type { z } from 'zod'
import type { Schema } from '../../base/kernel/index.ts'
import type { Sql } from '../../base/sql/index.ts'
import type { EngineConnection } from '../engine/index.ts'

/** A kind of source that reads tables and queries of a database server. */
export interface DatabaseKind {
  /** The kind of connection that it reads over; a source file may write it as `format`. */
  readonly name: string
  /** One sentence for the reference. */
  readonly summary: string
  /** What a load of this source promises, as a sentence. */
  readonly guarantee: string
  readonly reads: 'rows'
  /** The keys of a connection of this kind in millrace.yml, beside `kind`, in snake case. */
  readonly options: z.ZodType
  /**
   * Connects. Everything that the reader gives is of one moment (a snapshot), and nothing is ever written.
   * @throws MillraceError CONNECTION_FAILED, CONNECTION_DENIED
   */
  open(options: never, context: DatabaseContext): Promise<DatabaseReader>
}

/** Gives `open` the type of its options. */
export function defineDatabase<S extends z.ZodType>(definition: {
  name: string
  summary: string
  guarantee: string
  reads: 'rows'
  options: S
  open(options: z.output<S>, context: DatabaseContext): Promise<DatabaseReader>
}): DatabaseKind {
  return definition
}

/** What connecting works with. */
export interface DatabaseContext {
  /** The connection's name, for messages. */
  readonly connection: string
  /** The project folder, which paths of certificates are relative to. */
  readonly dir: string
  /** For what the usual variables of a client may state (PGSSLMODE, PGPASSFILE). */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal?: AbortSignal
}

/** What rows are read from. */
export type RowOrigin = { readonly table: string } | { readonly query: string }

/** Rows of one origin in one moment. */
export interface DatabaseReader extends AsyncDisposable {
  /**
   * The columns with the types that their values have; `nullable` is false where the server vouches for it.
   * @throws MillraceError SOURCE_REFUSED when the server does not know or allow what is read; TYPE_UNSUPPORTED
   */
  columns(from: RowOrigin): Promise<Schema>
  /**
   * Rows as text in the BULK form (see the engine's `BulkPort`), the columns of `slice.columns` in their order.
   * @throws MillraceError CONNECTION_LOST, SOURCE_REFUSED
   */
  unload(slice: RowSlice): Promise<AsyncIterable<Uint8Array>>
  /** Lets an engine read the server by itself; undefined when it cannot. */
  through?(connection: EngineConnection): Promise<DatabaseScan | undefined>
}

/** A server as an engine reads it, until it is disposed of. */
export interface DatabaseScan extends AsyncDisposable {
  /**
   * All rows of an origin, as a table expression of the engine with these columns; undefined when the engine would
   * give one of them another type. Reading it fails where a value is none of a lake's (an infinite date).
   */
  rows(from: RowOrigin, columns: Schema): Promise<Sql | undefined>
}

/** Which rows are read, and in which order. */
export interface RowSlice {
  readonly from: RowOrigin
  /** The columns to read, as `columns` gave them. */
  readonly columns: Schema
  readonly cursor?: CursorRange
}

/** Rows by a column that grows. Bounds are text as the engine casts a value to varchar, in UTC. */
export interface CursorRange {
  readonly column: string
  /** `nulls` gives only rows without a value, the others only rows with one. */
  readonly rows:
    | { readonly kind: 'nulls' }
    /** Both inclusive, in any order; without `from` all up to `to`. */
    | { readonly kind: 'window'; readonly from?: string; readonly to: string }
    /** Beyond `after` (all without it); with `thenBy` ordered by the cursor and then by these columns. */
    | { readonly kind: 'after'; readonly after?: string; readonly thenBy?: readonly string[] }
}

/** `public.orders` as its parts; a part may be quoted: `"My Schema".orders`. */
export function tableParts(table: string): string[] {
  return [...table.matchAll(/"((?:[^"]|"")+)"|([^."]+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )
}

/** A user's query as it can stand in parentheses: without the semicolon at its end. */
export function queryText(query: string): string {
  return `${query.replace(/[;\s]+$/, '')}\n`
}

/** What is read, for messages: `shop_db: public.orders`, `shop_db: a query`. */
export function originName(connection: string, from: RowOrigin): string {
  return `${connection}: ${'table' in from ? from.table : 'a query'}`
}
