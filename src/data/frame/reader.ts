import { MillraceError, type Schema } from '../../base/kernel/index.ts'
import { Frame } from './frame.ts'
import { callPlace } from './place.ts'
import type { FileFormat, Plan, ReadOptions } from './plan.ts'
import type { AnyRow } from './row-types.ts'
import { schemaOf } from './schema-text.ts'
import { viewNamed } from './temp-views.ts'

/** Options of CSV. Names and defaults are Spark's, except that a quote in quotes is doubled (`escape` is `"`). */
export interface CsvReadOptions {
  /** The first line names the columns; false by default. */
  readonly header?: boolean
  readonly sep?: string
  readonly quote?: string
  readonly escape?: string
  /** Text that is null; the empty field by default. */
  readonly nullValue?: string
  /** Finds types by reading everything; otherwise, without a schema, columns are text. */
  readonly inferSchema?: boolean
  /** `PERMISSIVE` (default): bad values become null; `DROPMALFORMED`: bad rows are left out; `FAILFAST`: they fail the action. */
  readonly mode?: 'PERMISSIVE' | 'DROPMALFORMED' | 'FAILFAST'
  readonly encoding?: string
  readonly comment?: string
  readonly dateFormat?: string
  readonly timestampFormat?: string
  /** Quoted values may go over several lines; read by one thread in mode PERMISSIVE. */
  readonly multiLine?: boolean
  /** Columns: `'id bigint, day date'`. */
  readonly schema?: Schema | string
}

export interface JsonReadOptions {
  readonly mode?: 'PERMISSIVE' | 'DROPMALFORMED' | 'FAILFAST'
  /** Files may hold arrays of objects, or objects over many lines. */
  readonly multiLine?: boolean
  readonly schema?: Schema | string
}

export interface ParquetReadOptions {
  readonly schema?: Schema | string
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

interface Settings {
  readonly format?: FileFormat
  readonly options: ReadOptions
  readonly schema?: Schema
}

/** Builds frames that read. Immutable; nothing is read until an action runs. */
export class FrameReader {
  private readonly settings: Settings

  constructor(settings: Settings = { options: {} }) {
    this.settings = settings
  }

  format(format: FileFormat): FrameReader {
    return new FrameReader({ ...this.settings, format })
  }
  option(name: string, value: string | number | boolean): FrameReader {
    return this.options({ [name]: value })
  }
  options(options: ReadOptions): FrameReader {
    return new FrameReader({ ...this.settings, options: { ...this.settings.options, ...options } })
  }
  /** The columns: `read.schema('id bigint, name string').csv('…')`. @throws MillraceError TYPE_INVALID */
  schema(schema: Schema | string): FrameReader {
    return new FrameReader({ ...this.settings, schema: schemaOf(schema) })
  }

  /** Parquet files, folders or patterns; `date=…` folders become columns. */
  parquet<R = AnyRow>(path: string | readonly string[], options: ParquetReadOptions = {}): Frame<R> {
    return this.read('parquet', path, options)
  }
  csv<R = AnyRow>(path: string | readonly string[], options: CsvReadOptions = {}): Frame<R> {
    return this.read('csv', path, options)
  }
  json<R = AnyRow>(path: string | readonly string[], options: JsonReadOptions = {}): Frame<R> {
    return this.read('json', path, options)
  }
  /** A Delta table by its folder, at its newest version unless the options say another. */
  delta<R = AnyRow>(path: string, options: DeltaReadOptions = {}): Frame<R> {
    return this.read('delta', path, options)
  }
  /** A temporary view, a dataset of the project (`raw.orders`), or a table of the engine. */
  table<R = AnyRow>(name: string, { version }: { readonly version?: number } = {}): Frame<R> {
    const view = version === undefined ? viewNamed(name) : undefined
    if (view) return new Frame(view)
    return located({ op: 'table', name, ...(version === undefined ? {} : { version }) })
  }
  /** Reads by `format(…)`. */
  load<R = AnyRow>(path: string | readonly string[]): Frame<R> {
    const { format } = this.settings
    if (format) return this.read(format, path, {})
    throw new MillraceError('OPTION_MISSING', 'load() needs a format', { hint: 'read.format("parquet").load("…")' })
  }

  private read<R>(format: FileFormat, path: string | readonly string[], given: object): Frame<R> {
    const { schema: written, ...options } = given as { schema?: Schema | string } & Record<string, string>
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
