import { randomUUID } from 'node:crypto'
import { failpoint, MillraceError, type Schema } from '../../../base/kernel/index.ts'
import { id, join, type Sql, sql, value } from '../../../base/sql/index.ts'
import type { ParquetPort, WrittenFile } from '../parquet-port.ts'
import { requireConditionalPut } from './commit.ts'
import type { DeltaTable } from './delta-table.ts'
import { fitSchema } from './fit-schema.ts'
import type { SchemaMode } from './operation.ts'
import type { Snapshot } from './snapshot.ts'

/** What a write needs of a connection; an engine's connection is one. */
export interface TableConnection {
  readonly engine: { readonly name: string; readonly files?: ParquetPort<never> }
  describe(query: Sql): Promise<Schema>
}

/** How files are written. */
export interface StageOptions {
  /** Runs the query; sees its temporary tables. */
  readonly connection: TableConnection
  /** The snapshot that the rows must fit; the newest by default. */
  readonly base?: Snapshot
  /** `merge` adds columns that only the rows have; `fail` (the default) refuses them. */
  readonly schemaMode?: SchemaMode
  /** The columns of the query, when they are known: saves asking. */
  readonly rowsSchema?: Schema
  readonly signal?: AbortSignal
}

/** Files in a table's folder that no version of it names yet. */
export interface StagedFiles {
  readonly written: readonly WrittenFile[]
  /** The columns and types that the files have. */
  readonly schema: Schema
  readonly schemaMode: SchemaMode
  readonly base: Snapshot
  readonly rows: number
  readonly bytes: number
}

/**
 * Writes the rows of a query as files of a table, without committing them: `commitFiles` does, or `discardFiles`
 * removes them. A crash in between leaves files that no reader sees.
 * @throws MillraceError DELTA_SCHEMA_MISMATCH, ENGINE_UNSUPPORTED, and the engine's
 */
export async function stageFiles(table: DeltaTable, query: Sql, options: StageOptions): Promise<StagedFiles> {
  const { connection, schemaMode = 'fail', signal } = options
  const port = parquetOf(connection)
  const base = options.base ?? (await table.refresh())
  const rowsSchema = options.rowsSchema ?? (await connection.describe(query))
  const schema = fitSchema(rowsSchema, base.schema, schemaMode)
  await requireConditionalPut(table.log)
  await using stage = await table.log.store.stage(table.log.path)
  const written = await port.write(projected(query, rowsSchema, schema), {
    dir: stage.dir,
    prefix: `part-${randomUUID()}`,
    partitionBy: base.partitionBy,
    schema,
    on: connection,
    ...(signal ? { signal } : {}),
  })
  try {
    await stage.publish(written.map(({ path }) => path))
  } catch (thrown) {
    await removeFiles(table, written).catch(() => undefined)
    throw thrown
  }
  failpoint('delta.data-written')
  const sum = (of: (file: WrittenFile) => number) => written.reduce((total, file) => total + of(file), 0)
  return { written, schema, schemaMode, base, rows: sum(({ rows }) => rows), bytes: sum(({ size }) => size) }
}

/** Removes files that were staged and will not be committed. */
export async function discardFiles(table: DeltaTable, staged: readonly StagedFiles[]): Promise<void> {
  await removeFiles(
    table,
    staged.flatMap(({ written }) => written),
  )
}

async function removeFiles({ log }: DeltaTable, written: readonly WrittenFile[]): Promise<void> {
  const prefix = log.path === '' ? '' : `${log.path}/`
  for (const { path } of written) await log.store.delete(`${prefix}${path}`)
}

/** What writes the files. @throws MillraceError ENGINE_UNSUPPORTED */
export function parquetOf(connection: TableConnection): ParquetPort<TableConnection> {
  const port = connection.engine.files as ParquetPort<TableConnection> | undefined
  if (port) return port
  throw new MillraceError('ENGINE_UNSUPPORTED', `writing a Delta table with the engine ${connection.engine.name}`, {
    hint: 'Use an engine that writes Parquet files, such as duckdb.',
  })
}

/** The rows with the columns of the table in its order and spelling; columns that they lack are null. */
function projected(query: Sql, rows: Schema, table: Schema): Sql {
  const given = new Map(rows.fields.map(({ name }) => [name.toLowerCase(), name]))
  const columns = table.fields.map(({ name, type }) => {
    const column = given.get(name.toLowerCase())
    return sql`${column === undefined ? value(null, type) : id('millrace_rows', column)} as ${id(name)}`
  })
  return sql`select ${join(columns)} from (${query}) as millrace_rows`
}
