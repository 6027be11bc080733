import { randomUUID } from 'node:crypto'
import { failpoint, MillraceError, type Schema, unknownName, type Value } from '../../../base/kernel/index.ts'
import { id, join, type Sql, sql, value } from '../../../base/sql/index.ts'
import type { ParquetPort } from '../parquet-port.ts'
import type { AddFile, Txn } from './actions.ts'
import { addFile } from './add-file.ts'
import type { DeltaTable } from './delta-table.ts'
import { fitSchema } from './fit-schema.ts'
import type { Operation, PartitionFilter, SchemaMode } from './operation.ts'
import { partitionText } from './partition-value.ts'
import { planCommit } from './plan-commit.ts'

/** What a write needs of a connection; an engine's connection is one. */
export interface TableConnection {
  readonly engine: { readonly name: string; readonly files?: ParquetPort<never> }
  describe(query: Sql): Promise<Schema>
}

/** How rows are appended. */
export interface AppendOptions {
  /** Runs the query; sees its temporary tables. */
  readonly connection: TableConnection
  /** Exactly once: a version that the table already holds of this application is not written again. */
  readonly txn?: Pick<Txn, 'appId' | 'version'>
  /** `merge` adds columns that only the rows have; `fail` (the default) refuses them. */
  readonly schemaMode?: 'fail' | 'merge'
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

/** What a write did. */
export interface WriteResult {
  /** False when the `txn` was there already, or when there was nothing to write or remove. */
  readonly committed: boolean
  /** The table's version after the write. */
  readonly version: number
  readonly rows: number
  readonly bytes: number
  readonly files: number
  readonly warnings: readonly string[]
}

/**
 * Appends the rows of a query. Appends of several writers do not disturb one another.
 * @throws MillraceError DELTA_SCHEMA_MISMATCH, DELTA_COMMIT_CONFLICT (the table's rules changed), and the engine's
 */
export async function appendTo(table: DeltaTable, query: Sql, options: AppendOptions): Promise<WriteResult> {
  return write(table, query, options, (files) => ({ kind: 'append', ...files }))
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
  return write(table, query, options, (files) => {
    if (where === undefined) return { kind: 'overwrite', ...files }
    const filter = where === 'dynamic' ? where : partitionFilter(table, where)
    return { kind: 'overwrite-partitions', where: filter, ...files }
  })
}

function partitionFilter(table: DeltaTable, where: Readonly<Record<string, Value>>): PartitionFilter {
  const { partitionBy, schema } = table.snapshot
  if (Object.keys(where).length === 0) {
    throw new MillraceError('OPTION_INVALID', 'overwriting partitions without saying which', {
      hint: `Name values of ${partitionBy.join(', ') || 'partition columns (the table has none)'}, or leave out where.`,
    })
  }
  const filter: Record<string, string | null> = {}
  for (const [column, of] of Object.entries(where)) {
    const field = partitionBy.includes(column) ? schema.fields.find(({ name }) => name === column) : undefined
    if (!field) throw unknownName('COLUMN_UNKNOWN', 'partition column', column, partitionBy)
    filter[column] = partitionText(of, field.type, column)
  }
  return filter
}

type Files = Pick<Operation & { kind: 'append' }, 'files' | 'schema' | 'schemaMode' | 'txn' | 'rows'>

async function write(
  table: DeltaTable,
  query: Sql,
  options: AppendOptions | OverwriteOptions,
  operation: (files: Files) => Operation,
): Promise<WriteResult> {
  const { connection, txn, signal, schemaMode = 'fail' } = options
  const port = connection.engine.files as ParquetPort<TableConnection> | undefined
  if (!port) {
    throw new MillraceError('ENGINE_UNSUPPORTED', `writing a Delta table with the engine ${connection.engine.name}`, {
      hint: 'Use an engine that writes Parquet files, such as duckdb.',
    })
  }
  const base = await table.refresh()
  if (txn && (base.txns.get(txn.appId) ?? -1) >= txn.version) {
    return { committed: false, version: base.version, rows: 0, bytes: 0, files: 0, warnings: [] }
  }
  const rowsSchema = await connection.describe(query)
  const schema = fitSchema(rowsSchema, base.schema, schemaMode)
  // Refuses what the commit would refuse anyway (options, rules of the table) before any row is written.
  const empty = { files: [], schema, schemaMode, ...(txn ? { txn } : {}) }
  planCommit(base, operation(empty), 0)

  const written = await port.write(projected(query, rowsSchema, schema), {
    dir: table.log.store.locate(table.log.path),
    prefix: `part-${randomUUID()}`,
    partitionBy: base.partitionBy,
    schema,
    on: connection,
    ...(signal ? { signal } : {}),
  })
  failpoint('delta.data-written')
  const now = Date.now()
  const rows = written.reduce((sum, file) => sum + file.rows, 0)
  let files: AddFile[] = []
  try {
    files = written.map((file) => addFile(file, schema, base.partitionBy, now))
    const { committed, snapshot, warnings } = await table.commit(operation({ ...empty, files, rows }), {
      base,
      ...(signal ? { signal } : {}),
    })
    if (!committed) await discard(table, written)
    const bytes = written.reduce((sum, file) => sum + file.size, 0)
    return committed
      ? { committed, version: snapshot.version, rows, bytes, files: files.length, warnings }
      : { committed, version: snapshot.version, rows: 0, bytes: 0, files: 0, warnings }
  } catch (thrown) {
    if (thrown instanceof MillraceError && REFUSED.has(thrown.code)) await discard(table, written)
    throw thrown
  }
}

/** Errors after which the commit certainly is not in the log, so that its files can be removed at once. */
const REFUSED: ReadonlySet<string> = new Set([
  'DELTA_PARTITION_OUTSIDE',
  'DELTA_SCHEMA_MISMATCH',
  'DELTA_COMMIT_CONFLICT',
  'DELTA_APPEND_ONLY',
  'DELTA_FEATURE_UNSUPPORTED',
])

/** The rows with the columns of the table in its order and spelling; columns that they lack are null. */
function projected(query: Sql, rows: Schema, table: Schema): Sql {
  const given = new Map(rows.fields.map(({ name }) => [name.toLowerCase(), name]))
  const columns = table.fields.map(({ name, type }) => {
    const column = given.get(name.toLowerCase())
    return sql`${column === undefined ? value(null, type) : id('millrace_rows', column)} as ${id(name)}`
  })
  return sql`select ${join(columns)} from (${query}) as millrace_rows`
}

async function discard(table: DeltaTable, written: readonly { readonly path: string }[]): Promise<void> {
  const prefix = table.log.path === '' ? '' : `${table.log.path}/`
  for (const { path } of written) await table.log.store.delete(`${prefix}${path}`)
}
