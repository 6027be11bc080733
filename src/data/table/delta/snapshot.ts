import type { Schema } from '../../../base/kernel/index.ts'
import type { AddFile, DomainMetadata, Metadata, Protocol, RemoveFile } from './actions.ts'

/** A data file of a snapshot. */
export type DataFile = AddFile

/** One version of a Delta table, complete and immutable. */
export interface Snapshot {
  readonly version: number
  readonly protocol: Protocol
  readonly metadata: Metadata
  readonly schema: Schema
  readonly partitionBy: readonly string[]
  /** In the order in which they were added. */
  readonly files: readonly DataFile[]
  /** For each application the last version of its own that it committed. */
  readonly txns: ReadonlyMap<string, number>
  /** The table's properties, such as `delta.checkpointInterval`. */
  readonly properties: Readonly<Record<string, string>>
  readonly domains: ReadonlyMap<string, DomainMetadata>
  /** Removed files that a checkpoint must go on naming, by file key. */
  readonly tombstones: ReadonlyMap<string, RemoveFile>
}
