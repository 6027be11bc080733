import type { Schema } from '../../../base/kernel/index.ts'
import type { RowCondition } from '../row-condition.ts'
import type { AddFile, CdcFile, DomainMetadata, Metadata, Protocol, Txn } from './actions.ts'
import type { DataFile } from './snapshot.ts'

/** How rows whose columns differ from the table's are taken: refused, added as columns, or (overwrite only) as the new schema. */
export type SchemaMode = 'fail' | 'merge' | 'overwrite'

/**
 * Partitions by the values of partition columns, which are called as in the files' partition values, in the log's text
 * form; a file matches when all of them do.
 */
export type PartitionFilter = Readonly<Record<string, string | null>>

interface Write {
  readonly files: readonly AddFile[]
  /** The columns and types that the files were written with. */
  readonly schema: Schema
  readonly schemaMode: SchemaMode
  /** Makes the commit happen once: a version that the table already holds of this application is not committed again. */
  readonly txn?: Txn
  /** Rows written, for the table's history. */
  readonly rows?: number
  /** The last numbers that were given to rows, of identity columns. */
  readonly highWaterMarks?: Readonly<Record<string, bigint>>
}

/** How a commit is told in the table's history, in Spark's words. */
export interface Provenance {
  /** Such as `DELETE` or `OPTIMIZE`. */
  readonly name: string
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly metrics?: Readonly<Record<string, string>>
}

/** What a change has read of the version it was decided on: what other writers must not have changed since. */
export type ReadSet =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'table' }
  /** The rows that meet a condition, so far as files can be told by it. */
  | { readonly kind: 'rows'; readonly where: RowCondition }
  | { readonly kind: 'files'; readonly files: readonly DataFile[] }

/**
 * Delta's isolation levels: with `Serializable` rows that another writer appended meanwhile stand against what has read
 * the place they came to; with `WriteSerializable` only those of commits that had read the table themselves do.
 */
export type Isolation = 'Serializable' | 'WriteSerializable'

/** Removes files, adds others, and changes what the table is, in one commit. */
export interface Change extends Provenance {
  readonly kind: 'change'
  /** False when the table has the same rows after it, as when files are compacted; true by default. */
  readonly dataChange?: boolean
  /** Files as they stand in the version that the change was decided on, with their deletion vectors. */
  readonly remove?: readonly DataFile[]
  /** A file that is removed, too, stays with the deletion vector that it has here. */
  readonly add?: readonly AddFile[]
  /** Files of changed rows, of a table whose change feed is on. */
  readonly changeFiles?: readonly CdcFile[]
  /** The table's identity, schema and properties from this version on. */
  readonly metadata?: Metadata
  readonly protocol?: Protocol
  readonly domains?: readonly DomainMetadata[]
  readonly txn?: Txn
  readonly read: ReadSet
  /** The table's `delta.isolationLevel` by default, else `WriteSerializable`, as in Spark. */
  readonly isolation?: Isolation
}

/** Makes version 0 of a table. */
export interface Create {
  readonly kind: 'create'
  readonly id: string
  readonly schema: Schema
  readonly partitionBy: readonly string[]
  readonly properties: Readonly<Record<string, string>>
  /** Worked out of schema and properties by default. */
  readonly protocol?: Protocol
  /** Files that are there already, which the table begins with. */
  readonly files?: readonly AddFile[]
  /** An empty table that was created, by default. */
  readonly provenance?: Provenance
}

/** What a commit is to do to a table, independent of the version it is done to. Plain data. */
export type Operation =
  | Create
  | ({ readonly kind: 'append' } & Write)
  | ({ readonly kind: 'overwrite' } & Write)
  /** Replaces the partitions that match `where`, or those that the files lie in. */
  | ({ readonly kind: 'overwrite-partitions'; readonly where: PartitionFilter | 'dynamic' } & Write)
  | Change

/** Whether a file lies in the partitions of a filter. */
export function inPartition(file: { readonly partitionValues: PartitionFilter }, filter: PartitionFilter): boolean {
  return Object.entries(filter).every(([column, value]) => (file.partitionValues[column] ?? null) === value)
}

/** A text that is the same for files of the same partition and no others. */
export function partitionKey(file: { readonly partitionValues: PartitionFilter }, by: readonly string[]): string {
  return JSON.stringify(by.map((column) => file.partitionValues[column] ?? null))
}

/** Which files of the table a write replaces. @param by the partition columns, called as in the files' partition values */
export function replaces(
  operation: Exclude<Operation, Create | Change>,
  by: readonly string[],
): (file: AddFile) => boolean {
  switch (operation.kind) {
    case 'append':
      return () => false
    case 'overwrite':
      return () => true
    case 'overwrite-partitions': {
      const { where } = operation
      if (where !== 'dynamic') return (file) => inPartition(file, where)
      const keys = new Set(operation.files.map((file) => partitionKey(file, by)))
      return (file) => keys.has(partitionKey(file, by))
    }
  }
}
