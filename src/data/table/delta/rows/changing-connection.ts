import type { Row } from '../../../../base/kernel/index.ts'
import type { Sql } from '../../../../base/sql/index.ts'
import type { TableConnection } from '../stage-files.ts'

/** What changing rows needs of a connection; an engine's connection is one. It holds temporary tables meanwhile. */
export interface ChangingConnection extends TableConnection {
  rows<T extends object = Row>(statement: Sql, options?: { readonly signal?: AbortSignal }): Promise<T[]>
  execute(statement: Sql, options?: { readonly signal?: AbortSignal }): Promise<unknown>
}

/** How rows are changed. */
export interface ChangeOptions {
  /** Runs the queries; sees its temporary tables. */
  readonly connection: ChangingConnection
  readonly signal?: AbortSignal
}

/** What a change of rows did. */
export interface ChangeResult {
  /** False when no row was to be changed. */
  readonly committed: boolean
  /** The table's version after it. */
  readonly version: number
  /** By Spark's names, as the table's history has them: `numDeletedRows`, `numTargetRowsInserted` … */
  readonly metrics: Readonly<Record<string, number>>
  readonly warnings: readonly string[]
}
