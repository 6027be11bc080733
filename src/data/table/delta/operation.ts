import type { Schema } from '../../../base/kernel/index.ts'
import type { AddFile, Txn } from './actions.ts'

/** How rows whose columns differ from the table's are taken: refused, added as columns, or (overwrite only) as the new schema. */
export type SchemaMode = 'fail' | 'merge' | 'overwrite'

/** Partitions by the values of partition columns, in the log's text form; a file matches when all of them do. */
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
}

/** What a commit is to do to a table, independent of the version it is done to. Plain data. */
export type Operation =
  | {
      readonly kind: 'create'
      readonly id: string
      readonly schema: Schema
      readonly partitionBy: readonly string[]
      readonly properties: Readonly<Record<string, string>>
    }
  | ({ readonly kind: 'append' } & Write)
  | ({ readonly kind: 'overwrite' } & Write)
  /** Replaces the partitions that match `where`, or those that the files lie in. */
  | ({ readonly kind: 'overwrite-partitions'; readonly where: PartitionFilter | 'dynamic' } & Write)

/** Whether a file lies in the partitions of a filter. */
export function inPartition(file: { readonly partitionValues: PartitionFilter }, filter: PartitionFilter): boolean {
  return Object.entries(filter).every(([column, value]) => (file.partitionValues[column] ?? null) === value)
}

/** A text that is the same for files of the same partition and no others. */
export function partitionKey(file: { readonly partitionValues: PartitionFilter }, by: readonly string[]): string {
  return JSON.stringify(by.map((column) => file.partitionValues[column] ?? null))
}

/** Which files of the table an operation replaces. */
export function replaces(operation: Operation, by: readonly string[]): (file: AddFile) => boolean {
  switch (operation.kind) {
    case 'create':
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
