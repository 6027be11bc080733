import { randomUUID } from 'node:crypto'
import { MillraceError } from '../../../base/kernel/index.ts'
import type { Sql } from '../../../base/sql/index.ts'
import type { ParquetPort, WrittenFile } from '../parquet-port.ts'
import type { FileShape } from './add-file.ts'
import type { DeltaLog } from './log/delta-log.ts'
import { violation } from './rules/guard-rows.ts'
import { writtenColumns } from './schema/column-mapping.ts'
import type { TableConnection } from './stage-files.ts'

/** How a query's rows become files. */
export interface WriteFilesOptions {
  readonly connection: TableConnection
  /** The folder inside the table's; that itself by default. */
  readonly folder?: string
  /** About as many bytes a file gets, when there are no partitions; one file when left out. */
  readonly fileBytes?: number
  /** Whether the rows may lie in the files in another order than the query gives them. */
  readonly inAnyOrder?: boolean
  readonly signal?: AbortSignal
}

/**
 * Writes the rows of a query, which has the columns of the shape, as files below the table's folder. No log names them:
 * a crash leaves files that no reader sees. Their columns are told of by their stored names.
 * @throws MillraceError DELTA_CONSTRAINT_VIOLATED, DELTA_SCHEMA_MISMATCH (null where none may be), ENGINE_UNSUPPORTED, and the engine's
 */
export async function writeFiles(
  log: DeltaLog,
  query: Sql,
  { schema, partitionBy, mode }: FileShape,
  { connection, folder = '', fileBytes, inAnyOrder = false, signal }: WriteFilesOptions,
): Promise<WrittenFile[]> {
  const port = parquetOf(connection)
  const stored = writtenColumns(schema, mode)
  const into = [log.path, folder].filter((part) => part !== '').join('/')
  await using stage = await log.store.stage(into)
  let written: WrittenFile[]
  try {
    written = await port.write(query, {
      dir: stage.dir,
      prefix: `part-${randomUUID()}`,
      partitionBy,
      schema,
      ...(stored ? { stored } : {}),
      on: connection,
      inAnyOrder,
      ...(fileBytes === undefined ? {} : { fileBytes }),
      ...(signal ? { signal } : {}),
    })
  } catch (thrown) {
    throw violation(thrown) ?? thrown
  }
  const inTable = written.map((file) => (folder === '' ? file : { ...file, path: `${folder}/${file.path}` }))
  try {
    await stage.publish(written.map(({ path }) => path))
  } catch (thrown) {
    await removeFiles(log, inTable).catch(() => undefined)
    throw thrown
  }
  return inTable
}

/** Removes files that will not be committed. */
export async function removeFiles(log: DeltaLog, written: readonly { readonly path: string }[]): Promise<void> {
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
