import type { Schema } from '../../base/kernel/index.ts'
import type { Sql } from '../../base/sql/index.ts'
import type { Store } from '../../base/store/index.ts'
import type { Engine } from '../engine/index.ts'
import type { DeltaTable, RowCondition } from '../table/index.ts'
import type { StorageFormat } from './config.ts'

/** A dataset by name (`raw.orders`, `shop.raw.orders`, or a path), perhaps at a version of it. */
export interface DatasetRef {
  readonly dataset: string
  readonly version?: number
  /** The moment at which it is read, instead of a version. */
  readonly timestamp?: Date
}

/** Where a dataset lies, whether or not it exists yet. */
export interface Dataset {
  /** `database.schema.table`, or the path for one without a name. */
  readonly name: string
  readonly database: string
  readonly schema: string
  readonly table: string
  readonly format: StorageFormat
  /** The address of its files; absent for tables of the engine. */
  readonly location?: string
  /** Partition columns, as far as they are known without reading data. */
  readonly partitionBy: readonly string[]
}

/** A place in a store. */
export interface StorePlace {
  readonly store: Store
  /** Relative to the store; empty for the store itself. */
  readonly path: string
}

/** What a dataset is to the engine at one version. */
export interface Relation {
  /**
   * A table expression that goes on reading the same files, whatever is committed meanwhile. In an engine that reads
   * no files it is a table with the rows of the version; pin it for as long as it must not move on.
   */
  readonly sql: Sql
  readonly schema: Schema
  /** The version of a versioned table. */
  readonly version?: number
  /** How many files of a Delta table are read, of how many it has. */
  readonly files?: { readonly read: number; readonly of: number }
}

/** Which rows of a relation are needed. */
export interface RelationOptions {
  /**
   * What rows must meet: who asks filters by it. Files that hold no such row may be left out of what is read, so that
   * a statement about a day does not grow with the days that there are.
   */
  readonly asked?: RowCondition
}

/** A dataset as the engine sees it that reads its files, or that it is a table of. */
export interface RelationAtRest extends Relation {
  readonly engine: Engine
}

/** A dataset of a pin. */
export interface PinnedDataset {
  readonly name: string
  /** The quoted name of its view, or of the engine's table. */
  readonly relation: Sql
  readonly version?: number
}

/**
 * Views that stay at one version of their datasets until the pin is released (`await using`). Whoever wants to
 * move one of them to another version waits until then.
 */
export interface Pin extends AsyncDisposable {
  readonly datasets: readonly PinnedDataset[]
  /** Lets the views go; they stay where they are until somebody moves them. */
  release(): void
}

/** How long to wait for others. */
export interface PinOptions {
  readonly signal?: AbortSignal
  /** Milliseconds to wait for pins on other versions; ten minutes by default. Then TIMEOUT. */
  readonly waitMs?: number
  /** Takes a dataset that others hold at another version as they have it, rather than wait for them. */
  readonly orHeld?: boolean
}

/** A version of a dataset that the engine's database shows. */
export interface Published {
  readonly version?: number
  readonly location: string
}

/** From dataset names to storage, and from storage to what an engine can query. */
export interface Catalog {
  /** @throws MillraceError DATASET_NAME_INVALID; DATASET_UNKNOWN for a path that does not exist */
  resolve(name: string): Promise<Dataset>
  /** Every dataset: the tables of zones, single datasets, and the engine's own tables and views. */
  list(): Promise<Dataset[]>
  /**
   * Makes views `"database"."schema"."table"` over the named datasets' newest version (or the one given), before
   * an engine runs SQL that names them. All views of one call are taken together or waited for together, also by
   * other processes that share the metadata database. In an engine that reads no files they are tables.
   * @throws MillraceError DATASET_UNKNOWN, TIMEOUT, CANCELLED
   */
  pin(names: readonly (string | DatasetRef)[], options?: PinOptions): Promise<Pin>
  /** Moves the views to the newest version and lets go of them, so that others who open the database see it. */
  publish(names: readonly string[], options?: PinOptions): Promise<void>
  /**
   * Until it is disposed of, `publish` may wait up to some seconds for more of the kind: for work that writes the
   * same datasets over and over. What waits is published at the end. `pin`, `relation` and `atRest` give the newest
   * version at any time; whoever runs SQL that names views by itself calls `settle` before. A process that is killed
   * meanwhile leaves the views a few seconds behind, until the next pin or publish. Disposing throws what `publish` does.
   */
  gather(options?: Pick<PinOptions, 'signal'>): AsyncDisposable
  /** Publishes what `gather` holds back. */
  settle(): Promise<void>
  /**
   * Gives the engine that reads files access to the storages elsewhere, as far as it can use it, so that views made
   * by others over their files can be read. Never fails: whoever reads such a view is told what is missing.
   */
  reach(): Promise<void>
  /** What the view of a dataset shows; undefined when it has none. */
  published(name: string): Promise<Published | undefined>
  /** A table expression over one version, without a view. @throws MillraceError DATASET_UNKNOWN */
  relation(ref: DatasetRef, options?: RelationOptions): Promise<Relation>
  /** The same where the dataset lies: no rows are moved into the engine for it. */
  atRest(ref: DatasetRef): Promise<RelationAtRest>
  /** The Delta table of a dataset, at its newest version, as an object of its own. @throws MillraceError TABLE_NOT_FOUND */
  deltaTable(name: string): Promise<DeltaTable>
  /** The same, created when it is not there. @throws MillraceError OPTION_INVALID when the dataset is not Delta */
  ensureDeltaTable(name: string, options: EnsureOptions): Promise<DeltaTable>
  /** Where an address (`lake://raw/orders`, a path, a `file:` URL) leads. @throws MillraceError STORE_UNSUPPORTED */
  place(address: string): StorePlace
}

/** What a Delta table that does not exist yet shall be. */
export interface EnsureOptions {
  readonly schema: Schema
  readonly partitionBy?: readonly string[]
  readonly properties?: Readonly<Record<string, string>>
}
