import type { Schema } from '../../../base/kernel/index.ts'
import type { AddFile, DomainMetadata, Metadata, Protocol, RemoveFile } from './actions.ts'
import type { FileLayers } from './log/file-layers.ts'

/** A data file of a snapshot. */
export type DataFile = AddFile

/** One version of a Delta table, complete and immutable. */
export class Snapshot {
  readonly version: number
  readonly protocol: Protocol
  readonly metadata: Metadata
  /** With what the table keeps of its columns (`delta.…`); `shownSchema` leaves that out. */
  readonly schema: Schema
  /** For each application the last version of its own that it committed. */
  readonly txns: ReadonlyMap<string, number>
  readonly domains: ReadonlyMap<string, DomainMetadata>
  /** What the files and the removed files are taken from. */
  readonly layers: FileLayers
  /** The time that the version tells of itself, when it does and its commit was read. */
  readonly time?: number

  constructor(of: Omit<Snapshot, 'partitionBy' | 'properties' | 'files' | 'tombstones'>) {
    if (of.time !== undefined) this.time = of.time
    this.version = of.version
    this.protocol = of.protocol
    this.metadata = of.metadata
    this.schema = of.schema
    this.txns = of.txns
    this.domains = of.domains
    this.layers = of.layers
  }

  get partitionBy(): readonly string[] {
    return this.metadata.partitionColumns
  }

  /** The table's properties, such as `delta.checkpointInterval`. */
  get properties(): Readonly<Record<string, string>> {
    return this.metadata.configuration
  }

  /** In the order in which they were added. */
  get files(): readonly DataFile[] {
    return this.layers.files
  }

  /** Removed files that a checkpoint must go on naming. */
  get tombstones(): readonly RemoveFile[] {
    return this.layers.tombstones
  }
}
