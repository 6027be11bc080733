import type { Field, Schema } from '../../../base/kernel/index.ts'
import { MillraceError } from '../../../base/kernel/index.ts'
import type { Sql } from '../../../base/sql/index.ts'
import type { Store } from '../../../base/store/index.ts'
import type { ParquetFile, ParquetPort } from '../parquet-port.ts'
import type { CommitInfo } from './actions.ts'
import type { ColumnChange } from './alter/alter-schema.ts'
import type { ColumnPath } from './alter/change-field.ts'
import { withConstraint, withoutConstraint } from './alter/constraints.ts'
import { planTable } from './alter/new-table.ts'
import { changedColumn } from './alter/required-column.ts'
import {
  addColumnsChange,
  addFeatureChange,
  dropColumnChange,
  renameColumnChange,
  setPropertiesChange,
} from './alter/table-changes.ts'
import { type Changes, type ChangesOptions, readChanges } from './changes.ts'
import { type Committed, commit } from './commit.ts'
import type { Given } from './expression/table-expression.ts'
import { type DeltaLog, listLog, loadSnapshot, logPath, readCommit, refreshSnapshot } from './log/delta-log.ts'
import { commitName } from './log/log-files.ts'
import { versionAt } from './log/version-at.ts'
import { type ConvertOptions, convertFolder } from './maintain/convert.ts'
import type { Change, Operation } from './operation.ts'
import { locateFiles, reachedFiles, readFiles } from './read-files.ts'
import type { ChangeOptions, ChangeResult } from './rows/changing-connection.ts'
import { deleteRows } from './rows/delete-rows.ts'
import { MergeBuilder, type MergeOptions } from './rows/merge-builder.ts'
import { type UpdateOptions, updateRows } from './rows/update-rows.ts'
import type { DataFile, Snapshot } from './snapshot.ts'
import { estimatedRows } from './stats.ts'
import { checkVariants } from './variant-files.ts'
import { DeletionVectors } from './vectors/deletion-vector.ts'

/** How a table is opened. */
export interface OpenOptions {
  /** The version to read; the newest by default. A table opened at a version stays at it until `refresh`. */
  readonly version?: number
  /** The moment to read at, instead of `version`: see `versionAt`. */
  readonly timestamp?: Date
  /** Reads and writes checkpoints: `engine.files`. Without it the commits from version 0 must all be there. */
  readonly parquet?: ParquetPort<never>
}

/** What a new table is. */
export interface CreateOptions {
  /** The table's folder inside the store; the store itself by default. */
  readonly path?: string
  /** Types that Delta lacks are replaced as `deltaSchema` says. */
  readonly schema: Schema
  readonly partitionBy?: readonly string[]
  /** Table properties, such as `{ 'delta.appendOnly': 'true' }`. */
  readonly properties?: Readonly<Record<string, string>>
  readonly parquet?: ParquetPort<never>
}

/** Which files of a snapshot are made readable. */
export interface ReadableOptions {
  /** Some of the snapshot's files; all by default. */
  readonly files?: readonly DataFile[]
  readonly signal?: AbortSignal
}

/** A version of a table as its history tells it. */
export interface HistoryEntry extends CommitInfo {
  readonly version: number
}

/**
 * A Delta table over a store: the newest snapshot that is known, and the ways to a newer one. Rows are written by
 * `appendTo` and `overwrite` and read by giving `readable` to an engine's `ParquetPort.read`.
 */
export class DeltaTable {
  readonly log: DeltaLog
  #snapshot: Snapshot

  private constructor(log: DeltaLog, snapshot: Snapshot) {
    this.log = log
    this.#snapshot = snapshot
  }

  /**
   * @param path the table's folder inside the store; the store itself by default
   * @throws MillraceError TABLE_NOT_FOUND, DELTA_VERSION_NOT_FOUND, DELTA_LOG_CORRUPT, DELTA_FEATURE_UNSUPPORTED,
   *   OPTION_INVALID for a version and a timestamp at once
   */
  static async open(store: Store, path = '', options: OpenOptions = {}): Promise<DeltaTable> {
    const log = logOf(store, path, options.parquet)
    const { version, timestamp } = options
    if (timestamp === undefined) return new DeltaTable(log, await loadSnapshot(log, version))
    if (version !== undefined || Number.isNaN(timestamp.getTime())) {
      throw new MillraceError(
        'OPTION_INVALID',
        `opening a Delta table at ${version ?? 'no'} version and ${timestamp}`,
        {
          hint: 'Give a version or a valid timestamp.',
        },
      )
    }
    return new DeltaTable(log, await loadSnapshot(log, await versionAt(log, timestamp.getTime())))
  }

  /** @throws MillraceError TABLE_EXISTS, TYPE_UNSUPPORTED, COLUMN_UNKNOWN (of `partitionBy`), OPTION_INVALID */
  static async create(store: Store, options: CreateOptions): Promise<DeltaTable> {
    const log = logOf(store, options.path ?? '', options.parquet)
    // Version 0 may be gone from a log that was cleaned up, so that creating it anew would not conflict.
    if ((await listLog(log)).length > 0) {
      throw new MillraceError('TABLE_EXISTS', `creating a Delta table at ${store.locate(log.path)}`, {
        hint: 'Open it, or choose another folder.',
      })
    }
    const { snapshot } = await commit(log, undefined, planTable(options))
    return new DeltaTable(log, snapshot)
  }

  /**
   * Makes a table of a folder of Parquet files, which stay where they are: see `convertFolder`.
   * @throws MillraceError TABLE_EXISTS, STORE_NOT_FOUND, DELTA_SCHEMA_MISMATCH, OPTION_INVALID
   */
  static async convert(store: Store, options: ConvertOptions): Promise<DeltaTable> {
    const log = logOf(store, options.path ?? '', options.parquet)
    return new DeltaTable(log, await convertFolder(log, options))
  }

  /** The table, created when there is none; of several processes that do this at once one creates it. */
  static async openOrCreate(store: Store, options: CreateOptions): Promise<DeltaTable> {
    const opening = options.parquet ? { parquet: options.parquet } : {}
    for (const code of ['TABLE_NOT_FOUND', 'TABLE_EXISTS']) {
      try {
        if (code === 'TABLE_EXISTS') return await DeltaTable.create(store, options)
        return await DeltaTable.open(store, options.path ?? '', opening)
      } catch (thrown) {
        if (!(thrown instanceof MillraceError && thrown.code === code)) throw thrown
      }
    }
    return DeltaTable.open(store, options.path ?? '', opening)
  }

  /** The version that reads and writes of this object are based on. */
  get snapshot(): Snapshot {
    return this.#snapshot
  }

  /** Moves to the newest version by reading the commits since; returns its snapshot. */
  async refresh(): Promise<Snapshot> {
    const newest = await refreshSnapshot(this.log, this.#snapshot)
    if (newest.version > this.#snapshot.version) this.#snapshot = newest
    return newest
  }

  /** Whether the log still holds the commit of this version: not when the table was removed or cleaned up meanwhile. */
  async isPresent(): Promise<boolean> {
    return (await this.log.store.head(logPath(this.log, commitName(this.#snapshot.version)))) !== undefined
  }

  /** The newest `limit` versions that the log still holds, newest first. */
  async history(limit = Number.POSITIVE_INFINITY): Promise<HistoryEntry[]> {
    const commits = (await listLog(this.log)).filter(({ kind }) => kind === 'commit')
    const wanted = commits.sort((a, b) => b.version - a.version).slice(0, limit)
    const entries: HistoryEntry[] = []
    const AT_ONCE = 16
    for (let start = 0; start < wanted.length; start += AT_ONCE) {
      const batch = wanted.slice(start, start + AT_ONCE).map(async ({ version, modified }): Promise<HistoryEntry> => {
        const entry = await readCommit(this.log, version)
        const found = entry?.actions.find((action) => action.kind === 'commitInfo')
        const { kind: _, ...info } = found ?? { kind: 'commitInfo' }
        const timestamp = info.inCommitTimestamp ?? info.timestamp ?? Math.floor(modified)
        return { ...info, timestamp, version }
      })
      entries.push(...(await Promise.all(batch)))
    }
    return entries
  }

  /** The rows that versions changed: see `readChanges`. */
  async changes(options: ChangesOptions): Promise<Changes> {
    return readChanges(this.log, options)
  }

  /**
   * The files of a snapshot (the table's own by default) at addresses that the engine of `parquet` reads: fetched
   * first where it does not reach the store by itself.
   */
  async readable(snapshot: Snapshot = this.#snapshot, options: ReadableOptions = {}): Promise<readonly ParquetFile[]> {
    const files = await this.#withoutDeleted(options.files ?? snapshot.files, this.scan(snapshot, options.files))
    const reached = await reachedFiles(this.log, files, options)
    await checkVariants(this.log, snapshot, reached)
    return reached
  }

  /** The files of a snapshot (the table's own by default) where they lie; `readable` is what an engine is given. */
  scan(snapshot: Snapshot = this.#snapshot, files?: readonly DataFile[]): ParquetFile[] {
    return locateFiles(this.log, snapshot, files ?? snapshot.layers.places())
  }

  async #withoutDeleted(files: readonly DataFile[], scanned: readonly ParquetFile[]): Promise<ParquetFile[]> {
    const vectors = new DeletionVectors(this.log.store, this.log.path)
    return Promise.all(
      scanned.map(async (file, at) => {
        const vector = files[at]?.deletionVector
        return vector ? { ...file, without: await vectors.read(vector, file.url) } : file
      }),
    )
  }

  /**
   * A table expression over a snapshot (the table's own by default) for the engine whose port the table was opened
   * with, with the columns of `shownSchema`.
   * @throws MillraceError OPTION_MISSING without a port, and what `readable` throws
   */
  async relation(snapshot: Snapshot = this.#snapshot, options: ReadableOptions = {}): Promise<Sql> {
    const rows = estimatedRows(options.files ?? snapshot.files)
    return readFiles(this.log, snapshot, await this.readable(snapshot, options), { rows })
  }

  /**
   * Commits a planned operation and moves to the version it made.
   * @param options.base the snapshot that the operation was decided on, when this object may have moved on since
   * @throws MillraceError DELTA_COMMIT_CONFLICT, and what `planCommit` throws
   */
  async commit(
    operation: Operation,
    options: { readonly base?: Snapshot; readonly signal?: AbortSignal } = {},
  ): Promise<Committed> {
    const done = await commit(this.log, options.base ?? this.#snapshot, operation, options)
    if (done.snapshot.version > this.#snapshot.version) this.#snapshot = done.snapshot
    return done
  }

  /**
   * Deletes the rows that meet a condition, all without one. A condition is text in Spark's SQL, or SQL of the engine
   * over the rows as `target`, by which no file can be left out.
   * @throws MillraceError see `deleteRows`
   */
  async delete(condition: Given | undefined, options: ChangeOptions): Promise<ChangeResult> {
    return deleteRows(this, condition, options)
  }

  /** Gives rows new values: `update({ condition: 'id = 3', set: { price: 'price * 2' }, connection })`. @throws MillraceError see `updateRows` */
  async update(options: UpdateOptions): Promise<ChangeResult> {
    return updateRows(this, options)
  }

  /**
   * Merges the rows of a query, matched by a condition, into the table: add clauses and `execute()`.
   * @param on over both sides' rows, such as `target.id = source.id`
   */
  merge(source: Sql, on: Given, options: MergeOptions): MergeBuilder {
    return new MergeBuilder(this, source, on, options)
  }

  /** Adds columns, which are null in the rows that are there; inside a struct with `within`. @throws MillraceError OPTION_INVALID, DELTA_COMMIT_CONFLICT */
  async addColumns(columns: readonly Field[], options: { readonly within?: ColumnPath } = {}): Promise<Committed> {
    return this.#alter((base) => addColumnsChange(base, columns, options.within))
  }

  /** Calls a column otherwise, of a table that maps its columns. @throws MillraceError COLUMN_UNKNOWN, OPTION_INVALID, DELTA_FEATURE_UNSUPPORTED, DELTA_COMMIT_CONFLICT */
  async renameColumn(from: ColumnPath, to: string): Promise<Committed> {
    return this.#alter((base) => renameColumnChange(base, from, to))
  }

  /** Drops a column, of a table that maps its columns. @throws MillraceError COLUMN_UNKNOWN, OPTION_INVALID, DELTA_FEATURE_UNSUPPORTED, DELTA_COMMIT_CONFLICT */
  async dropColumn(column: ColumnPath): Promise<Committed> {
    return this.#alter((base) => dropColumnChange(base, column))
  }

  /**
   * Gives a column a wider type, lets it be null or (with a connection, to look at the rows) forbids it, or gives it a
   * default or a comment.
   * @throws MillraceError COLUMN_UNKNOWN, COLUMN_TYPE, DELTA_FEATURE_UNSUPPORTED, DELTA_COMMIT_CONFLICT,
   *   DELTA_SCHEMA_MISMATCH when a row has null where none may be
   */
  async changeColumn(
    column: ColumnPath,
    becomes: ColumnChange,
    options: Partial<ChangeOptions> = {},
  ): Promise<Committed> {
    return this.#alter((base) => changedColumn(this, base, column, becomes, options))
  }

  /** Sets properties, with the features that they ask for; null takes one away. @throws MillraceError OPTION_INVALID, DELTA_FEATURE_UNSUPPORTED, DELTA_COMMIT_CONFLICT */
  async setProperties(properties: Readonly<Record<string, string | null>>): Promise<Committed> {
    return this.#alter((base) => setPropertiesChange(base, properties))
  }

  /** Adds a feature to the table's protocol. @throws MillraceError DELTA_FEATURE_UNSUPPORTED, DELTA_COMMIT_CONFLICT */
  async addFeatureSupport(feature: string): Promise<Committed> {
    return this.#alter((base) => addFeatureChange(base, feature))
  }

  /** Adds a CHECK constraint, in Spark's SQL, which the rows that are there keep. @throws MillraceError DELTA_CONSTRAINT_VIOLATED, OPTION_INVALID, DELTA_EXPRESSION_UNSUPPORTED, DELTA_COMMIT_CONFLICT */
  async addConstraint(name: string, expression: string, options: ChangeOptions): Promise<Committed> {
    return this.#alter((base) => withConstraint(this, base, name, expression, options))
  }

  /** Drops a CHECK constraint. @throws MillraceError OPTION_INVALID when there is none of the name, DELTA_COMMIT_CONFLICT */
  async dropConstraint(name: string, options: { readonly ifExists?: boolean } = {}): Promise<Committed> {
    return this.#alter((base) => withoutConstraint(base, name, options))
  }

  async #alter(plan: (base: Snapshot) => Change | undefined | Promise<Change | undefined>): Promise<Committed> {
    const base = await this.refresh()
    const change = await plan(base)
    return change ? this.commit(change, { base }) : { committed: false, snapshot: base, warnings: [] }
  }

  /** The same table as an object of its own, which moves to newer versions independently of this one. */
  fork(): DeltaTable {
    return new DeltaTable(this.log, this.#snapshot)
  }
}

function logOf(store: Store, path: string, parquet: ParquetPort<never> | undefined): DeltaLog {
  return { store, path: path.replace(/\/+$/, ''), ...(parquet ? { parquet } : {}) }
}
