import { failpoint, type Schema } from '../../../base/kernel/index.ts'
import type { Sql } from '../../../base/sql/index.ts'
import type { ParquetPort, WrittenFile } from '../parquet-port.ts'
import { requireConditionalPut } from './commit.ts'
import type { DeltaTable } from './delta-table.ts'
import { fileShape } from './maintain/file-shape.ts'
import type { SchemaMode } from './operation.ts'
import { completeRows } from './rules/complete-rows.ts'
import { guarded } from './rules/guard-rows.ts'
import { lastNumber } from './rules/high-water-mark.ts'
import { rowRules } from './rules/row-rules.ts'
import { fitTable } from './schema/fit-table.ts'
import type { Snapshot } from './snapshot.ts'
import { parquetOf, removeFiles, writeFiles } from './write-files.ts'

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
  /** The last numbers that were given to rows, of identity columns. */
  readonly highWaterMarks?: Readonly<Record<string, bigint>>
  readonly rows: number
  readonly bytes: number
}

/**
 * Writes the rows of a query as files of a table, without committing them: `commitFiles` does, or `discardFiles`
 * removes them. Columns that the rows lack are computed where the table says how. A crash in between leaves files that
 * no reader sees.
 * @throws MillraceError DELTA_SCHEMA_MISMATCH, DELTA_CONSTRAINT_VIOLATED, DELTA_EXPRESSION_UNSUPPORTED,
 *   ENGINE_UNSUPPORTED, and the engine's
 */
export async function stageFiles(table: DeltaTable, query: Sql, options: StageOptions): Promise<StagedFiles> {
  const { connection, schemaMode = 'fail', signal } = options
  parquetOf(connection)
  const base = options.base ?? (await table.refresh())
  const rowsSchema = options.rowsSchema ?? (await connection.describe(query))
  const schema = fitTable(rowsSchema, base, schemaMode)
  await requireConditionalPut(table.log)
  const complete = completeRows(query, rowsSchema, schema)
  const given = new Set(rowsSchema.fields.map(({ name }) => name.toLowerCase()))
  const brought = schema.fields.filter(({ name }) => given.has(name.toLowerCase())).map(({ name }) => name)
  const rules = rowRules(schema, base.properties, new Set(brought))
  const shape = fileShape(base, schema)
  const written = await writeFiles(table.log, guarded(complete.query, schema, rules), shape, {
    connection,
    ...(signal ? { signal } : {}),
  })
  failpoint('delta.data-written')
  const sum = (of: (file: WrittenFile) => number) => written.reduce((total, file) => total + of(file), 0)
  const rows = sum((file) => file.rows)
  const marks = complete.identities.map(({ column, identity }) => [column, lastNumber(identity, rows)] as const)
  return {
    written,
    schema,
    schemaMode,
    base,
    rows,
    bytes: sum(({ size }) => size),
    ...(marks.length > 0 && rows > 0 ? { highWaterMarks: Object.fromEntries(marks) } : {}),
  }
}

/** Removes files that were staged and will not be committed. */
export async function discardFiles(table: DeltaTable, staged: readonly StagedFiles[]): Promise<void> {
  await removeFiles(
    table.log,
    staged.flatMap(({ written }) => written),
  )
}
