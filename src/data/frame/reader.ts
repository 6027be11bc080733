import { MillraceError, type Schema } from '../../base/kernel/index.ts'
import type { Datasets } from './datasets.ts'
import { Frame } from './frame.ts'
import { type GivenSchema, type RowOfGiven, schemaOf } from './given-schema.ts'
import { callPlace } from './place.ts'
import type { Plan, ReadFormat, ReadOptions } from './plan.ts'
import type { AnyRow } from './row-types.ts'
import { viewNamed } from './temp-views.ts'

/** Options that choose files, of every format, by Spark's names. */
export interface FileReadOptions {
  /** The folder that partitions begin in, when less than all of it is read. */
  readonly basePath?: string
  /** What names of files must match: `*.csv`. */
  readonly pathGlobFilter?: string
  /** Reads all files below, and takes no folder for a partition. */
  readonly recursiveFileLookup?: boolean
  /** Files changed before, or after, a time such as `2024-01-31T12:00:00` (UTC). */
  readonly modifiedBefore?: string
  readonly modifiedAfter?: string
  /** A path without files is no rows (with a schema), and no error. */
  readonly ignoreMissingFiles?: boolean
  /** Columns: `'id bigint, day date'`. */
  readonly schema?: GivenSchema
}

/** Options of formats whose rows may not fit. */
export interface ParsedReadOptions extends FileReadOptions {
  /**
   * `PERMISSIVE` (default): what does not fit becomes null, and the row's text goes to the column `_corrupt_record` if the
   * schema has it; `DROPMALFORMED`: such rows are left out; `FAILFAST`: they fail the action.
   */
  readonly mode?: 'PERMISSIVE' | 'DROPMALFORMED' | 'FAILFAST'
  readonly columnNameOfCorruptRecord?: string
  /** `UTF-8` (default), `US-ASCII`, `ISO-8859-1` or `UTF-16`. */
  readonly encoding?: string
  /** What ends a line; `\n`, `\r\n` and `\r` unless said. */
  readonly lineSep?: string
  readonly dateFormat?: string
  readonly timestampFormat?: string
  readonly timestampNTZFormat?: string
  /** The part of the rows that types are found from, up to 1. */
  readonly samplingRatio?: number
}

/** Options of CSV. Names and defaults are Spark's. */
export interface CsvReadOptions extends ParsedReadOptions {
  /** The first line names the columns; false by default. Columns of a schema are taken by their place. */
  readonly header?: boolean
  /** With false a header must have the names of the schema; true by default. */
  readonly enforceSchema?: boolean
  /** A comma by default; may be several characters. */
  readonly sep?: string
  readonly delimiter?: string
  /** `"` by default; empty for none. */
  readonly quote?: string
  /** What stands before a quote in quotes: a backslash by default. */
  readonly escape?: string
  readonly charToEscapeQuoteEscaping?: string
  /** Text that is null; the empty field by default. */
  readonly nullValue?: string
  /** What an empty text in quotes is. */
  readonly emptyValue?: string
  readonly nanValue?: string
  readonly positiveInf?: string
  readonly negativeInf?: string
  /** Finds types by reading everything; otherwise, without a schema, columns are text. */
  readonly inferSchema?: boolean
  /** Whether inference knows dates beside timestamps; true by default. */
  readonly preferDate?: boolean
  readonly comment?: string
  readonly ignoreLeadingWhiteSpace?: boolean
  readonly ignoreTrailingWhiteSpace?: boolean
  /** Quoted values may go over several lines; each file is then held in memory. */
  readonly multiLine?: boolean
}

export interface JsonReadOptions extends ParsedReadOptions {
  /** A file is one object or one array of objects, and is held in memory; otherwise each line is. */
  readonly multiLine?: boolean
  /** Numbers and booleans are text when columns are found. */
  readonly primitivesAsString?: boolean
  /** Leaves out columns that are null in all rows when columns are found. */
  readonly dropFieldIfAllNull?: boolean
  readonly allowComments?: boolean
  /** True by default. */
  readonly allowSingleQuotes?: boolean
  readonly allowUnquotedFieldNames?: boolean
  readonly allowNumericLeadingZeros?: boolean
}

export interface ParquetReadOptions extends FileReadOptions {
  /** Columns of all files; otherwise those of the first file in the order of paths. */
  readonly mergeSchema?: boolean
}

export interface TextReadOptions extends FileReadOptions {
  /** A row a file. */
  readonly wholetext?: boolean
  readonly lineSep?: string
}

/** Options of Delta's reader, named as in Spark. Times are in UTC unless they name a zone. */
export interface DeltaReadOptions {
  /** The table as it was at this version. */
  readonly versionAsOf?: number
  /** The table as it was at this time: `2024-01-31` or `2024-01-31 08:00:00`. */
  readonly timestampAsOf?: string
  /** The rows that versions changed, with `_change_type`, `_commit_version` and `_commit_timestamp`. */
  readonly readChangeFeed?: boolean
  /** The first version of `readChangeFeed`; that, or `startingTimestamp`, is needed. */
  readonly startingVersion?: number
  readonly startingTimestamp?: string
  /** The last version of `readChangeFeed`; the newest by default. */
  readonly endingVersion?: number
  readonly endingTimestamp?: string
}

/** Options of `table`. */
export interface TableReadOptions {
  /** The version of a Delta table. */
  readonly version?: number
}

interface Settings {
  readonly format?: ReadFormat
  readonly options: ReadOptions
  readonly schema?: Schema
}

/** Builds frames that read. Immutable; nothing is read until an action runs. */
export class FrameReader<Row = AnyRow> {
  private readonly settings: Settings

  constructor(settings: Settings = { options: {} }) {
    this.settings = settings
  }

  format(format: ReadFormat): FrameReader<Row> {
    return new FrameReader({ ...this.settings, format })
  }
  option(name: string, value: string | number | boolean): FrameReader<Row> {
    return this.options({ [name]: value })
  }
  options(options: ReadOptions): FrameReader<Row> {
    return new FrameReader({ ...this.settings, options: { ...this.settings.options, ...options } })
  }
  /**
   * The columns, which also are the row type: `read.schema('id bigint, name string').csv('…')`, or a schema of zod or Arrow.
   * @throws MillraceError TYPE_INVALID, TYPE_UNSUPPORTED
   */
  schema<const S extends GivenSchema>(schema: S): FrameReader<RowOfGiven<S>> {
    return new FrameReader({ ...this.settings, schema: schemaOf(schema) })
  }

  /** Parquet files, folders or patterns; `date=…` folders become columns. */
  parquet<R = Row>(path: string | readonly string[], options: ParquetReadOptions = {}): Frame<R> {
    return this.read('parquet', path, options)
  }
  csv<R = Row>(path: string | readonly string[], options: CsvReadOptions = {}): Frame<R> {
    return this.read('csv', path, options)
  }
  json<R = Row>(path: string | readonly string[], options: JsonReadOptions = {}): Frame<R> {
    return this.read('json', path, options)
  }
  /** Text files, also packed as .gz or .zst, as one column `value`: a row a line, or a file with `wholetext`. */
  text(path: string | readonly string[], options: TextReadOptions = {}): Frame<{ value: string | null }> {
    return this.read('text', path, options)
  }
  /**
   * Files of Arrow's IPC formats, the stream and the file (Feather 2), as pyarrow and Polars write them too.
   * An action throws DEPENDENCY_MISSING without the package apache-arrow, and SOURCE_MALFORMED for other bytes.
   */
  arrow<R = Row>(path: string | readonly string[], options: FileReadOptions = {}): Frame<R> {
    return this.read('arrow', path, options)
  }
  /** A Delta table by its folder, at its newest version unless the options say another. */
  delta<R = AnyRow>(path: string, options: DeltaReadOptions = {}): Frame<R> {
    return this.read('delta', path, options)
  }
  /** A temporary view, a dataset of the project (`raw.orders`), or a table of the engine. */
  table<const N extends keyof Datasets & string>(name: N, options?: TableReadOptions): Frame<Datasets[N]>
  table<R = AnyRow>(name: string, options?: TableReadOptions): Frame<R>
  table<R>(name: string, { version }: TableReadOptions = {}): Frame<R> {
    const view = version === undefined ? viewNamed(name) : undefined
    if (view) return new Frame(view)
    return located({ op: 'table', name, ...(version === undefined ? {} : { version }) })
  }
  /** Reads by `format(…)`. */
  load<R = Row>(path: string | readonly string[]): Frame<R> {
    const { format } = this.settings
    if (format) return this.read(format, path, {})
    throw new MillraceError('OPTION_MISSING', 'load() needs a format', { hint: 'read.format("parquet").load("…")' })
  }

  private read<R>(format: ReadFormat, path: string | readonly string[], given: object): Frame<R> {
    const { schema: written, ...options } = given as { schema?: GivenSchema } & Record<string, string>
    const schema = written === undefined ? this.settings.schema : schemaOf(written)
    const paths = typeof path === 'string' ? [path] : path
    const all = { ...this.settings.options, ...options }
    return located({ op: 'read', format, paths, options: all, ...(schema ? { schema } : {}) })
  }
}

function located<R>(plan: Plan): Frame<R> {
  const at = callPlace()
  return new Frame(at ? { ...plan, at } : plan)
}

/** Starts a read: `read.parquet('lake://events/')`, `read.csv('orders.csv', { header: true })`, `read.table('raw.orders')`. */
export const read = new FrameReader()

/** The input of a pipeline task, as a frame that `bind` fills later. */
export function inputFrame<R = AnyRow>(name: string): Frame<R> {
  return new Frame({ op: 'input', name })
}
