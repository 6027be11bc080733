import type { DataType, Row, Schema, Value } from '../../base/kernel/index.ts'
import type { Dialect, Sql } from '../../base/sql/index.ts'
import type { ParquetPort } from '../table/index.ts'

/** Typed arrays of fixed-width columns. */
export type FixedValues =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Float32Array
  | Float64Array

interface ColumnBase {
  readonly type: DataType
  readonly length: number
  /** Arrow's validity bitmap, least significant bit first, 1 = valid; absent when all are valid. What stands under a null is zero. */
  readonly validity?: Uint8Array
}

/** Booleans are one byte each; dates Int32 days; times and timestamps BigInt64 microseconds; decimals up to 18 digits BigInt64 unscaled. */
export interface FixedColumn extends ColumnBase {
  readonly layout: 'fixed'
  readonly values: FixedValues
}

/** Strings, binary and JSON; as text: uuid, hugeint, interval, and decimals beyond 18 digits. */
export interface BytesColumn extends ColumnBase {
  readonly layout: 'bytes'
  readonly offsets: Uint32Array
  readonly bytes: Uint8Array
}

/** Arrays; a map is a list of structs with `key` and `value`. */
export interface ListColumn extends ColumnBase {
  readonly layout: 'list'
  readonly offsets: Uint32Array
  readonly child: ColumnData
}

export interface StructColumn extends ColumnBase {
  readonly layout: 'struct'
  readonly children: readonly ColumnData[]
}

/** One column of a chunk, in Arrow's layout, as plain data that can be cloned and serialised. */
export type ColumnData = FixedColumn | BytesColumn | ListColumn | StructColumn

/** Some rows of a result, column by column. */
export interface Chunk {
  readonly rows: number
  readonly columns: readonly ColumnData[]
}

/** A result as it comes: one pass; leaving the loop early cancels the query. */
export interface ResultStream extends AsyncIterable<Chunk> {
  readonly schema: Schema
}

/** How far a statement is. `fraction` is between 0 and 1. */
export interface QueryProgress {
  readonly fraction?: number
  readonly rows?: number
}

/** How to run one statement. */
export interface QueryOptions {
  /** Interrupts the statement (and the stream of its rows): CANCELLED, or TIMEOUT when the signal's reason says so. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: QueryProgress) => void
  /** The user's file that the text came from, so that an error can name its line. */
  readonly file?: string
}

/** What an engine can do; a room that needs more refuses with ENGINE_UNSUPPORTED. */
export interface EngineCapabilities {
  /** DDL can be rolled back. */
  readonly transactionalDdl: boolean
  /** Reads and writes Parquet files by path. */
  readonly files: boolean
  /** Running statements can be interrupted. */
  readonly cancel: boolean
}

/**
 * One session of an engine. Statements of one connection run one after the other, in the order they were asked
 * for; work that shall run at the same time takes a connection each. While a stream of `query` is open, another
 * statement is refused with ENGINE_BUSY: read it to its end or leave the loop first.
 */
export interface EngineConnection extends AsyncDisposable {
  readonly engine: Engine
  /** Starts a query; rows come as chunks while it runs. @throws ENGINE_SQL, CANCELLED, ENGINE_CLOSED */
  query(statement: Sql, options?: QueryOptions): Promise<ResultStream>
  /** All rows of a small result. */
  rows<T extends object = Row>(statement: Sql, options?: QueryOptions): Promise<T[]>
  /** Runs one statement for its effect. */
  execute(statement: Sql, options?: QueryOptions): Promise<{ readonly rowsChanged: number }>
  /**
   * Runs the statements of a user's own SQL file, in order. `rowsChanged` counts the rows they wrote; those that a
   * DELETE removed are not in it, so that replacing ten rows is ten.
   */
  script(text: string, options?: QueryOptions): Promise<{ readonly rowsChanged: number }>
  /** The columns a query would have, without running it. */
  describe(statement: Sql): Promise<Schema>
  /** Runs `work` in one transaction: committed when it resolves, rolled back when it throws. Does not nest. */
  transaction<T>(work: () => Promise<T>): Promise<T>
  /** The result as an Arrow IPC stream. @throws DEPENDENCY_MISSING without apache-arrow */
  toArrow(statement: Sql, options?: QueryOptions): Promise<Uint8Array>
}

/** How to move many rows at once. */
export interface BulkOptions {
  readonly signal?: AbortSignal
}

/**
 * Rows in and out of an engine that reads no files, as one stream of bytes that nobody looks into: UTF-8, comma, no
 * header, LF; a null is nothing between commas, a value is quoted with `"` where it has to be (empty text always).
 */
export interface BulkPort {
  /**
   * The rows of a query in the form that `spooledRelation` reads. Every piece of `bytes` ends at the end of a row.
   * The connection is busy until `bytes` was read to its end or left.
   */
  unload(
    query: Sql,
    on: EngineConnection,
    options?: BulkOptions,
  ): Promise<{ readonly schema: Schema; readonly bytes: AsyncIterable<Uint8Array> }>
  /**
   * Adds rows to the columns of `schema` (by name) of a table that exists; values are in the engine's own text form.
   * Resolves with their number; none are added when `bytes` throws. @throws ENGINE_SQL, naming the column
   */
  load(
    table: Sql,
    schema: Schema,
    bytes: AsyncIterable<Uint8Array>,
    on: EngineConnection,
    options?: BulkOptions,
  ): Promise<number>
  /** What `load` reads: a query for the engine `from` whose columns are all text, of the rows of `query`. */
  loadable(query: Sql, schema: Schema, from: Dialect): Sql
}

/** A function of the program that statements can call. */
export interface ScalarFunction {
  /** Its name in SQL, which no other function has. */
  readonly name: string
  /** What `run` gives: a boolean, integer, long (`bigint`), double or string; all else goes as text. */
  readonly returns: DataType
  /** Gives another value each time it is called with the same arguments. */
  readonly volatile?: boolean
  /** One value for each row; arguments come column by column, as `Value`s, with as many rows as `rows` says. */
  run(columns: readonly (readonly Value[])[], rows: number): ArrayLike<unknown>
  /** Used in place of `run` when it is there: the columns as plain data, which costs no object a value. */
  runData?(columns: readonly ColumnData[], rows: number): ArrayLike<unknown>
}

/** A system that holds or computes data. */
export interface Engine extends AsyncDisposable {
  /** Such as `duckdb`. */
  readonly name: string
  readonly dialect: Dialect
  /** The database (catalog) that unqualified names belong to. */
  readonly database: string
  readonly capabilities: EngineCapabilities
  /** Reads and writes Parquet for the table formats, when the engine can. */
  readonly files?: ParquetPort<EngineConnection>
  /** How many rows get in and out, where it is not by files. */
  readonly bulk?: BulkPort
  /** Makes a function callable in statements of every connection; again for the same name does nothing. Engines of other processes have none. */
  register?(given: ScalarFunction): Promise<void>
  connect(options?: { readonly signal?: AbortSignal }): Promise<EngineConnection>
}
