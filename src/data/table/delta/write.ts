import { MillraceError, type Schema, unknownName, type Value } from '../../../base/kernel/index.ts'
import type { Sql } from '../../../base/sql/index.ts'
import type { Txn } from './actions.ts'
import { type CommitKind, commitFiles, type WriteResult } from './commit-files.ts'
import type { DeltaTable } from './delta-table.ts'
import type { PartitionFilter, SchemaMode } from './operation.ts'
import { partitionText } from './partition-value.ts'
import { planCommit } from './plan-commit.ts'
import { computedColumn } from './rules/column-rules.ts'
import { storedPartitions } from './schema/column-mapping.ts'
import { fitTable } from './schema/fit-table.ts'
import { stageFiles, type TableConnection } from './stage-files.ts'
import { parquetOf } from './write-files.ts'

/** How rows are appended. */
export interface AppendOptions {
  /** Runs the query; sees its temporary tables. */
  readonly connection: TableConnection
  /** Exactly once: a version that the table already holds of this application is not written again. */
  readonly txn?: Pick<Txn, 'appId' | 'version'>
  /** `merge` adds columns that only the rows have; `fail` (the default) refuses them. */
  readonly schemaMode?: 'fail' | 'merge'
  /** The columns of the query as the connection describes it, when they are known: saves asking. */
  readonly rowsSchema?: Schema
  readonly signal?: AbortSignal
}

/** How rows replace others. */
export interface OverwriteOptions extends Omit<AppendOptions, 'schemaMode'> {
  /**
   * What is replaced: the partitions with these values of partition columns (rows of others are refused), or,
   * with `dynamic`, the partitions that the rows lie in. Everything by default.
   */
  readonly where?: Readonly<Record<string, Value>> | 'dynamic'
  /** As for an append; `overwrite`, without `where`, gives the table the schema of the rows. */
  readonly schemaMode?: SchemaMode
}

/**
 * Appends the rows of a query. Appends of several writers do not disturb one another.
 * @throws MillraceError DELTA_SCHEMA_MISMATCH, DELTA_COMMIT_CONFLICT (the table's rules changed), and the engine's
 */
export async function appendTo(table: DeltaTable, query: Sql, options: AppendOptions): Promise<WriteResult> {
  return write(table, query, options, { kind: 'append' })
}

/**
 * Replaces the table's rows, or those of some partitions, by the rows of a query, in one commit.
 * @throws MillraceError DELTA_PARTITION_OUTSIDE, DELTA_SCHEMA_MISMATCH, DELTA_APPEND_ONLY, DELTA_COMMIT_CONFLICT when
 *   another writer changed what is replaced, and the engine's
 */
export async function overwrite(table: DeltaTable, query: Sql, options: OverwriteOptions): Promise<WriteResult> {
  const { where } = options
  if (where !== undefined && options.schemaMode === 'overwrite') {
    throw new MillraceError('OPTION_INVALID', 'overwriting some partitions with schemaMode "overwrite"', {
      hint: 'Only an overwrite of the whole table can replace its schema; use "merge" to add columns.',
    })
  }
  if (where === undefined) return write(table, query, options, { kind: 'overwrite' })
  const filter = where === 'dynamic' ? where : partitionFilter(table, where)
  return write(table, query, options, { kind: 'overwrite-partitions', where: filter })
}

function partitionFilter(table: DeltaTable, where: Readonly<Record<string, Value>>): PartitionFilter {
  const { partitionBy, schema } = table.snapshot
  const stored = storedPartitions(table.snapshot)
  if (Object.keys(where).length === 0) {
    throw new MillraceError('OPTION_INVALID', 'overwriting partitions without saying which', {
      hint: `Name values of ${partitionBy.join(', ') || 'partition columns (the table has none)'}, or leave out where.`,
    })
  }
  const filter: Record<string, string | null> = {}
  for (const [column, of] of Object.entries(where)) {
    const field = partitionBy.includes(column) ? schema.fields.find(({ name }) => name === column) : undefined
    if (!field) throw unknownName('COLUMN_UNKNOWN', 'partition column', column, partitionBy)
    filter[stored[partitionBy.indexOf(column)] ?? column] = partitionText(of, field.type, column)
  }
  return filter
}

/** So often rows are numbered anew when others took the numbers. */
const TRIES = 20

async function write(
  table: DeltaTable,
  query: Sql,
  options: AppendOptions | OverwriteOptions,
  operation: CommitKind,
): Promise<WriteResult> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await writeOnce(table, query, options, operation)
    } catch (thrown) {
      const isConflict = thrown instanceof MillraceError && thrown.code === 'DELTA_COMMIT_CONFLICT'
      const isNumbered = table.snapshot.schema.fields.some((field) => computedColumn(field)?.kind === 'identity')
      if (!isConflict || !isNumbered || operation.kind !== 'append' || tries === TRIES) throw thrown
    }
  }
}

async function writeOnce(
  table: DeltaTable,
  query: Sql,
  options: AppendOptions | OverwriteOptions,
  operation: CommitKind,
): Promise<WriteResult> {
  const { connection, txn, signal, schemaMode = 'fail' } = options
  parquetOf(connection)
  const base = await table.refresh()
  if (txn && (base.txns.get(txn.appId) ?? -1) >= txn.version) {
    return { committed: false, version: base.version, rows: 0, bytes: 0, files: 0, warnings: [] }
  }
  const rowsSchema = options.rowsSchema ?? (await connection.describe(query))
  const schema = fitTable(rowsSchema, base, schemaMode)
  // Refuses what the commit would refuse anyway (options, rules of the table) before any row is written.
  planCommit(base, { ...operation, files: [], schema, schemaMode, ...(txn ? { txn } : {}) }, 0)
  const stopping = signal ? { signal } : {}
  const staged = await stageFiles(table, query, { connection, base, schemaMode, rowsSchema, ...stopping })
  return commitFiles(table, [staged], { operation, base, ...(txn ? { txn } : {}), ...stopping })
}
